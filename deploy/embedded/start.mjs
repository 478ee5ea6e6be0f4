// `npm start`, and with --parts `npm run parts`: PostgreSQL and Kafka without the hub. Runs on Node 20 without any
// dependency; with --prepare it only sets up (no build, no start).
import { isAbsolute, join, relative } from 'node:path';
import { kafkaJarsFolder } from './jars.mjs';
import { launch } from './launch.mjs';
import { build, checkTools, endSteps, fetchKafka, installPackages, node24, root, SetupProblem } from './setup.mjs';
import { onStopRequest } from './watch-parent.mjs';

const say = (line) => console.log(line);
let stopping = false;
let step = 0;

/** One line per step; a step that takes long says first what it does. */
async function take(name, action) {
  step += 1;
  const began = Date.now();
  const result = await action((doing) => say(`[${step}/4] ${name}: ${doing} ...`));
  if (stopping) process.exit(130);
  const seconds = ((Date.now() - began) / 1000).toFixed(1);
  say(`[${step}/4] ${name}: ${typeof result === 'string' ? result : result ? `done (${seconds} s)` : 'in place'}`);
}

async function prepare() {
  const needsKafka = !process.env.BRYGGAN_KAFKA_BROKERS;
  await take('Java', () => (needsKafka ? `version ${checkTools()}` : 'not needed'));
  await take('Packages', installPackages);
  await take('Kafka', async (tell) =>
    needsKafka ? `jars in ${relative(root, await fetchKafka(tell))}` : "the operator's",
  );
}

async function start() {
  await prepare();
  if (process.argv.includes('--prepare')) return 0;
  await take('Build', build);
  // As the configuration reads it: blanks at the ends of a path belong to it, blanks alone are nothing.
  const state = process.env.BRYGGAN_DATA?.trim() ? process.env.BRYGGAN_DATA : '.bryggan';
  const what = process.argv.includes('--parts') ? 'parts-main.js' : 'main.js';
  return launch({
    node: node24,
    args: [`dist/deploy/embedded/${what}`, kafkaJarsFolder()],
    cwd: root,
    stateDir: isAbsolute(state) ? state : join(root, state),
  });
}

onStopRequest(() => {
  stopping = true;
  endSteps();
});
try {
  process.exit(await start());
} catch (error) {
  if (!(error instanceof SetupProblem)) throw error;
  if (!stopping) console.error(error.message);
  process.exit(stopping ? 130 : 1);
}
