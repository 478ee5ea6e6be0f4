import { randomUUID } from 'node:crypto';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { PoolClient } from 'pg';
import { memoryUse, serve, told } from './child.ts';
import type { RawLineTold } from './hub-line.ts';
import { consumeStateful, consumeStateless, type LanedBatch, type RawBatch } from './raw/raw-consumer.ts';
import { appendRaw, rawPool, upsertState, type OutboxRecord } from './raw/raw-database.ts';
import { headersOf, inboundHeaders, rawKafka, RawGroupCommit } from './raw/raw-kafka.ts';
import { RawRelay } from './raw/raw-relay.ts';

/*
 * The hub's line without its domain, in one process: the same topics, the same consumers, the same transactions, records of
 * the same number and size.
 *
 *   front -> inbound -> translator -> events -> router -> deliveries.<party> -> dispatcher -> receipts, receipts.<sender>
 *   router -> stays; watcher: events, receipts; portal: stays and receipts (hub's view), deliveries (party's view)
 */
const { brokers, databaseUrl, prefix, shape, topics } = told() as RawLineTold;
const kafka = rawKafka(brokers);
const [front, translator, router, dispatcher] = [0, 1, 2, 3].map(() => new RawGroupCommit(kafka)) as [
  RawGroupCommit,
  RawGroupCommit,
  RawGroupCommit,
  RawGroupCommit,
];
await Promise.all([front, translator, router, dispatcher].map((producer) => producer.connect()));
const [routerPool, dispatcherPool, watcherPool, partyPool, hubPool] = await Promise.all([
  rawPool(databaseUrl, 'router'),
  rawPool(databaseUrl, 'dispatcher'),
  rawPool(databaseUrl, 'watcher'),
  rawPool(databaseUrl, 'portal_party'),
  rawPool(databaseUrl, 'portal_hub'),
]);
const routerRelay = new RawRelay(routerPool, 'router', router);
const dispatcherRelay = new RawRelay(dispatcherPool, 'dispatcher', dispatcher);
const deliveries = [...topics.deliveries];

const ANSWER = '\x0bMSH|^~\\&|BRYGGAN|BRYGGAN|JOURNAL|KS|20260101120000+0000||ACK|1|P|2.5.1\rMSA|AA|12345678\r\x1c\r';

interface Content {
  readonly id: string;
  readonly stay: string;
  readonly segments: string[][];
  readonly padding: string;
}

const counts = { inbound: 0, routed: 0, told: 0, said: 0, dispatched: 0, party: 0, watched: 0, hub: 0 };
/** Records owed so far: so many per message, the fraction carried on. */
const owed = { notices: 0, stays: 0 };
/** Text to fill records with, longer than any; without what JSON would escape, so that its length is its bytes. */
const filling = shape.text.replaceAll(/["\\]/g, ' ').repeat(Math.ceil(16_384 / shape.text.length));

const padded = (content: Omit<Content, 'padding'>, bytes: number): string => {
  const bare = JSON.stringify({ ...content, padding: '' });
  return JSON.stringify({ ...content, padding: filling.slice(0, Math.max(0, bytes - bare.length)) });
};
const contentOf = ({ value }: { value: Buffer | null }): Content => JSON.parse(value?.toString() ?? '{}') as Content;
const contentsOf = (batches: readonly LanedBatch[]): (Content & { lane: number })[] =>
  batches.flatMap(({ lane, messages }) => messages.map((message) => ({ ...contentOf(message), lane })));
const keep = (tx: PoolClient, contents: readonly Content[]): Promise<void> =>
  upsertState(tx, new Map(contents.map((content) => [content.stay, JSON.stringify(content.segments)])));

async function store(body: Buffer): Promise<void> {
  counts.inbound++;
  const key = body.toString('latin1', body.indexOf('\rPV1|')).split('|', 20)[19] ?? '';
  await front.send([{ topic: topics.inbound, key, value: body, headers: inboundHeaders(randomUUID()) }]);
}

async function translate({ messages }: RawBatch): Promise<void> {
  const records = messages.map(({ key, value }) => {
    const id = randomUUID();
    const segments = (value?.toString() ?? '').split('\r').map((line) => line.split('|'));
    const event = padded({ id, stay: key?.toString() ?? '', segments }, shape.eventBytes);
    return { topic: topics.events, key: key?.toString() ?? '', value: event, headers: headersOf(id, 'event') };
  });
  await translator.send(records);
}

async function route(tx: PoolClient, batches: readonly LanedBatch[]): Promise<void> {
  const events = contentsOf(batches);
  await keep(tx, events);
  const records: (OutboxRecord & { lane: number })[] = [];
  for (const { stay, segments, lane } of events) {
    const put = (topic: string, kind: string, bytes: number): void => {
      const id = randomUUID();
      records.push({ id, lane, topic, key: stay, kind, value: padded({ id, stay, segments }, bytes) });
    };
    owed.notices += shape.deliveriesPerMessage;
    for (; owed.notices >= 1; owed.notices--) {
      put(deliveries[counts.told++ % deliveries.length] ?? '', 'notice', shape.deliveryBytes);
    }
    owed.stays += shape.staysPerMessage;
    for (; owed.stays >= 1; owed.stays--, counts.said++) put(topics.stays, 'stay', shape.stayBytes);
  }
  await appendRaw(tx, records);
}

async function dispatch(tx: PoolClient, batches: readonly LanedBatch[]): Promise<void> {
  const notices = contentsOf(batches);
  await keep(tx, notices);
  const receipts = notices.flatMap(({ stay, segments, lane }) => {
    const id = randomUUID();
    const value = padded({ id, stay, segments: segments.slice(0, 2) }, shape.receiptBytes);
    return [topics.receipts, topics.receiptsOfSender].map((topic) => ({
      id,
      lane,
      topic,
      key: stay,
      kind: 'receipt',
      value,
    }));
  });
  await appendRaw(tx, receipts);
}

async function view(tx: PoolClient, batches: readonly LanedBatch[]): Promise<void> {
  await keep(tx, contentsOf(batches));
}

const stateful = (name: string, pool: typeof routerPool, read: string[], gatherMs?: number) => ({
  ...{ kafka, pool, topics: read },
  group: `${prefix}${name}`,
  ...(gatherMs === undefined ? {} : { gatherMs }),
  apart: read.length === 2,
});
const sizeOf = (batches: readonly LanedBatch[]): number =>
  batches.reduce((sum, { messages }) => sum + messages.length, 0);
const lanesOf = (batches: readonly LanedBatch[]): number[] => batches.map(({ lane }) => lane);
const consumers = await Promise.all([
  consumeStateless(kafka, [topics.inbound], `${prefix}translator`, translate),
  consumeStateful(stateful('router', routerPool, [topics.events]), route, (batches) => {
    counts.routed += sizeOf(batches);
    routerRelay.kick(lanesOf(batches));
  }),
  consumeStateful(stateful('dispatcher', dispatcherPool, deliveries, 100), dispatch, (batches) => {
    counts.dispatched += sizeOf(batches);
    dispatcherRelay.kick(lanesOf(batches));
  }),
  consumeStateful(stateful('watcher', watcherPool, [topics.events, topics.receipts], 100), view, (batches) => {
    counts.watched += sizeOf(batches);
  }),
  consumeStateful(stateful('party', partyPool, deliveries, 150), view, (batches) => {
    counts.party += sizeOf(batches);
  }),
  consumeStateful(stateful('hub', hubPool, [topics.stays, topics.receipts], 150), view, (batches) => {
    counts.hub += sizeOf(batches);
  }),
]);
const { server, port } = await rawFront(store);

/** Nothing waits anywhere: what came in was told, and what was told was received and seen. */
function isDrained(): boolean {
  const { inbound, routed, told: notices, said, dispatched, party, watched, hub } = counts;
  const received = dispatched === notices && party === notices;
  return routed === inbound && received && watched === inbound + notices && hub === said + notices;
}

serve({
  ready: { mllp: `127.0.0.1:${port}` },
  answers: {
    memory: memoryUse,
    async drained() {
      while (!isDrained()) await new Promise((resolve) => setTimeout(resolve, 5));
    },
  },
  async stop() {
    server.close();
    await Promise.all(consumers.map((consumer) => consumer.stop()));
    await Promise.all([front, translator, router, dispatcher].map((producer) => producer.stop()));
  },
});

/** MLLP without its cares: frames in, `store` each, then AA; answers in order. Resolves with the server on a free port. */
function rawFront(store: (body: Buffer) => Promise<void>): Promise<{ server: Server; port: number }> {
  const server = createServer((socket) => receive(socket, store));
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve({ server, port: (server.address() as AddressInfo).port }));
  });
}

function receive(socket: Socket, store: (body: Buffer) => Promise<void>): void {
  socket.setNoDelay(true);
  socket.on('error', () => undefined);
  let rest: Buffer = Buffer.alloc(0);
  let last = Promise.resolve();
  socket.on('data', (chunk: Buffer) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    for (let end = rest.indexOf(0x1c); end >= 0 && end + 1 < rest.length; end = rest.indexOf(0x1c)) {
      const body = rest.subarray(1, end);
      rest = rest.subarray(end + 2);
      const stored = store(body);
      last = last.then(() => stored).then(() => void socket.write(ANSWER));
    }
  });
}
