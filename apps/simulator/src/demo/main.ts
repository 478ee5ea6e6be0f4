import { processConfiguration } from '#libs/platform';
import { demonstrate } from './demonstration.ts';

/** `npm run demo`: against the hub that `npm start` runs, found by the same settings. */
const { callersFile, http, mllp } = processConfiguration({ embedded: true });

try {
  await demonstrate(
    { http: `http://${http.host}:${http.port}`, mllp, callersFile },
    Date.now(),
    (line) => void process.stdout.write(`${line}\n`),
  );
} catch (error) {
  const reason = error instanceof Error ? error.message : 'okänt fel';
  process.stderr.write(`${reason}\nGår Bryggan? Starta den med npm start i ett annat fönster.\n`);
  process.exitCode = 1;
}
