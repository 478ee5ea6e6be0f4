import { theCounty, type World } from './bench-world.ts';
import { measureApplying } from './measure-applying.ts';
import { measureIngress } from './measure-ingress.ts';
import { measureLatency } from './measure-latency.ts';
import { measureLine, measureMemory, measureNobody } from './measure-line.ts';
import { measureMessages } from './measure-messages.ts';
import { measureParsing } from './measure-parsing.ts';
import { measureRouting } from './measure-routing.ts';
import { measureWatching } from './measure-watching.ts';
import { readOptions } from './options.ts';
import { OwnServices } from './own-services.ts';
import { report, type Results } from './report.ts';

/*
 * `npm run bench`: how fast Bryggan is beside the same work done by raw parts, in one run, on a PostgreSQL and a Kafka of its
 * own. Ratios, because a machine is shared; the two sides take turns and the median counts. Writes nothing that stays.
 */
const options = readOptions(process.argv.slice(2));
const say = (line: string): void => void process.stderr.write(`${line}\n`);
say('starting PostgreSQL and Kafka ...');
const services = await OwnServices.start();

/** The parts are ended whatever happens; a second wish to stop does not wait for them. */
const stop = (code: number): void => {
  void services.stop().finally(() => process.exit(code));
};
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop(130));

async function measure(): Promise<Results> {
  const world: World = { services, county: theCounty(), options, say };
  const { sections } = options;
  return {
    ...(sections.has('ingress') && { ingress: await measureIngress(world) }),
    ...(sections.has('line') && { line: await measureLine(world) }),
    ...(sections.has('nobody') && { nobody: await measureNobody(world) }),
    ...(sections.has('latency') && { latency: await measureLatency(world) }),
    ...(sections.has('memory') && { memory: await measureMemory(world) }),
    ...(sections.has('messages') && { messages: await measureMessages(world) }),
    ...(sections.has('parsing') && { parsing: measureParsing(world) }),
    ...(sections.has('applying') && { applying: await measureApplying(world) }),
    ...(sections.has('watching') && { watching: await measureWatching(world) }),
    ...(sections.has('routing') && { routing: await measureRouting(options) }),
  };
}

try {
  process.stdout.write(`${report(await measure())}\n`);
  stop(0);
} catch (error) {
  say(error instanceof Error ? (error.stack ?? error.message) : 'failed');
  stop(1);
}
