import { Agent, request } from 'node:http';
import { observation, wardMessage } from '../../libs/fhir/definitions/incoming-message.ts';
import { makeTopics, sourcesFor, type World } from './bench-world.ts';
import { Child } from './child.ts';
import { portOf } from './hub-line.ts';
import { sendAll } from './mllp-load.ts';
import { compare, measurePass, shown, type Comparison, type Pass } from './pass.ts';

const CONNECTIONS = 32;
const IN_FLIGHT = 4;
const TOKEN = 'token-of-the-measured-sender';

/**
 * `POST /fhir/$process-message` beside MLLP, at the same ingress and with as many messages in flight (128): what the register
 * costs that gives the same message the same answer for ever. `raw` of the comparison is MLLP.
 */
export async function measureMessages(world: World): Promise<Comparison> {
  const { options, say, services, county } = world;
  await makeTopics(world, 'messages-');
  const told = {
    ...{ brokers: services.brokers, stateDir: services.folder('messages'), token: TOKEN },
    databaseUrl: await services.database('messages'),
  };
  const environment = { BRYGGAN_TOPIC_PREFIX: 'messages-', BRYGGAN_MLLP_PORT: '0', BRYGGAN_LOG_LEVEL: 'warn' };
  const { profileDir } = options;
  const profile = profileDir === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileDir}`];
  const child = await Child.start('messages-child.js', told, environment, profile);
  const { mllp, http } = child.ready as { readonly mllp: string; readonly http: string };
  const load = { port: portOf(mllp), sources: sourcesFor(county, CONNECTIONS), inFlight: IN_FLIGHT };
  const byMllp = (messages: number) => sendAll({ ...load, messages });
  const messages = options.ingressMessages;
  const passOf = (work: (messages: number) => Promise<readonly number[]>): Promise<Pass> =>
    measurePass({
      ...{ pids: { line: child.pid, ...services.pids }, messages, counts: () => Promise.resolve({}) },
      work: () => work(messages),
    });
  await byMllp(options.warmUpMessages);
  await postAll(http, options.warmUpMessages);
  const [ours, raw]: [Pass[], Pass[]] = [[], []];
  for (let round = 0; round < options.rounds; round++) {
    ours.push(await passOf((count) => postAll(http, count)));
    raw.push(await passOf(byMllp));
    say(`messages, round ${round + 1}: ${shown(ours.at(-1))}\n  MLLP: ${shown(raw.at(-1))}`);
  }
  await child.stop();
  return compare(ours, raw);
}

let sent = 0;

/** @returns ms from each request to its answer @throws when one is not taken */
async function postAll(base: string, messages: number): Promise<number[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS * IN_FLIGHT });
  const answered: number[] = [];
  let left = messages;
  const one = async (): Promise<void> => {
    while (left-- > 0) {
      const body = messageOf(++sent);
      const begun = performance.now();
      await post(base, body, agent);
      answered.push(performance.now() - begun);
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS * IN_FLIGHT }, one));
  agent.destroy();
  return answered;
}

const messageOf = (n: number): string =>
  JSON.stringify(
    wardMessage({
      ...{ id: `bench-${n}`, code: 'NEED', sender: 'KS', visitId: `B-${n % 5000}` },
      facts: [observation('NEED', ['SOC', 'ROV'])],
    }),
  );

function post(base: string, body: string, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/fhir+json' };
    const asking = request(`${base}/fhir/$process-message`, { method: 'POST', agent, headers }, (response) => {
      response.resume();
      response.on('end', () =>
        response.statusCode === 200 ? resolve() : reject(new Error(`answered ${response.statusCode ?? 0}`)),
      );
    });
    asking.on('error', reject);
    asking.end(body);
  });
}
