import { observation, wardMessage } from '../../libs/fhir/definitions/incoming-message.ts';
import { makeTopics, sourcesFor, type World } from './bench-world.ts';
import { Child } from './child.ts';
import { postAll, type Requests } from './http-load.ts';
import { portOf } from './hub-line.ts';
import { sendAll } from './mllp-load.ts';
import { compare, measurePass, middle, shown, type Comparison, type Pass } from './pass.ts';

/** Each with one message that is not answered yet: of a connection HTTP has no more, and a sender of HL7 v2 mostly neither. */
const CONNECTIONS = 128;
const TOKEN = 'token-of-the-measured-sender';

/** `raw` of both comparisons is MLLP. */
export interface MessagesResult {
  readonly fhir: Comparison;
  /** What MLLP does, asked for over HTTP. */
  readonly hl7v2: Comparison;
  /** HTTP itself: the same FHIR bodies, read, parsed and answered by a bare server of Node's. */
  readonly bare: Pass;
}

/**
 * `POST /fhir/$process-message` beside MLLP, at the same ingress, over as many connections and with as many messages in flight.
 * They do not do the same work: of an HL7 v2 message the header is read before the answer, of a FHIR message all of it, and the
 * register is written that gives the same message the same answer for ever. Two more sides tell how much of the difference is HTTP's:
 * `POST /hl7v2`, which does what MLLP does, and a bare server of Node's that does nothing.
 */
export async function measureMessages(world: World): Promise<MessagesResult> {
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
  const bare = await Child.start('raw-http-child.js', {});
  const { mllp, http } = child.ready as { readonly mllp: string; readonly http: string };
  const { http: bareHttp } = bare.ready as { readonly http: string };
  const [fhir, hl7v2] = [fhirRequests(), hl7v2Requests(world)];
  const load = { port: portOf(mllp), sources: sourcesFor(county, CONNECTIONS), inFlight: 1 };
  const post = (base: string, requests: Requests) => (count: number) => postAll(base, requests, CONNECTIONS, count);
  const sides = {
    fhir: { pid: child.pid, work: post(http, fhir) },
    hl7v2: { pid: child.pid, work: post(http, hl7v2) },
    mllp: { pid: child.pid, work: (messages: number) => sendAll({ ...load, messages }) },
    bare: { pid: bare.pid, work: post(bareHttp, fhir) },
  };
  const messages = options.ingressMessages;
  const passes = { fhir: [] as Pass[], hl7v2: [] as Pass[], mllp: [] as Pass[], bare: [] as Pass[] };
  for (const { work } of Object.values(sides)) await work(options.warmUpMessages);
  for (let round = 0; round < options.rounds; round++) {
    for (const name of ['fhir', 'hl7v2', 'mllp', 'bare'] as const) {
      const { pid, work } = sides[name];
      const pids = { line: pid, ...services.pids };
      const pass = await measurePass({
        ...{ pids, messages, counts: () => Promise.resolve({}), work: () => work(messages) },
      });
      passes[name].push(pass);
      say(`messages, round ${round + 1}, ${name}: ${shown(pass)}`);
    }
  }
  await Promise.all([child.stop(), bare.stop()]);
  return {
    fhir: compare(passes.fhir, passes.mllp),
    hl7v2: compare(passes.hl7v2, passes.mllp),
    bare: middle(passes.bare),
  };
}

const MESSAGE = JSON.stringify(
  wardMessage({
    ...{ id: 'THE-ID', code: 'NEED', sender: 'KS', visitId: 'THE-VISIT' },
    facts: [observation('NEED', ['SOC', 'ROV'])],
  }),
);

function fhirRequests(): Requests {
  let sent = 0;
  const next = (): Buffer => {
    sent += 1;
    return Buffer.from(MESSAGE.replaceAll('THE-ID', `bench-${sent}`).replaceAll('THE-VISIT', `B-${sent % 5000}`));
  };
  return { path: '/fhir/$process-message', contentType: 'application/fhir+json', token: TOKEN, next };
}

function hl7v2Requests({ county }: World): Requests {
  const [source] = sourcesFor(county, 1);
  const next = (): Buffer => source?.next() ?? Buffer.alloc(0);
  return { path: '/hl7v2', contentType: 'x-application/hl7-v2+er7', token: TOKEN, next };
}
