import { readFilesAt } from '#libs/hl7v2';
import { ERRORS, processConfiguration } from '#libs/platform';
import { messagesOf, sendFiles } from './send-messages.ts';

/**
 * `npm run send -- FILE|FOLDER...`: to the hub that `npm start` runs, found by the same settings. Exit code 0: the hub took every
 * message; 1: it did not, or could not be asked; 2: called wrongly.
 */
const names = process.argv.slice(2);
const { callersFile, http, mllp } = processConfiguration({ embedded: true });
const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function main(): Promise<boolean> {
  const files = [];
  const unread = [];
  for (const file of readFilesAt(names)) {
    if (file.lacks === undefined) files.push({ name: file.path, messages: messagesOf(file.bytes) });
    else unread.push(file);
  }
  for (const { path, lacks } of unread) {
    const { code, text, remedy } = ERRORS[lacks];
    say(`\n${path}\n  ${code}. ${text} ${remedy}`);
  }
  const address = { http: `http://${http.host}:${http.port}`, mllp, callersFile };
  return (files.length === 0 || (await sendFiles(files, address, say))) && unread.length === 0;
}

if (names.length === 0) {
  process.stderr.write(
    'npm run send -- FIL|MAPP...\nSänder HL7 v2- och FHIR-meddelanden ur filer och visar vad som blev av dem.\n',
  );
  process.exitCode = 2;
} else {
  try {
    process.exitCode = (await main()) ? 0 : 1;
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'okänt fel';
    process.stderr.write(`${reason}\nGår Bryggan? Starta den med npm start i ett annat fönster.\n`);
    process.exitCode = 1;
  }
}
