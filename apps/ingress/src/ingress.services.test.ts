import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  connectKafka,
  ensureTopics,
  GroupCommitProducer,
  OffsetReader,
  topicDefinitions,
  topicNames,
  type InRecord,
  type KafkaPort,
} from '#libs/messaging';
import { loadCounty, type County, type SenderNames } from '#libs/county';
import { IdMaker, Metrics, rootTrace, silentLog, type Clock, type MllpSettings } from '#libs/platform';
import { frame } from '#libs/hl7v2';
import { breachesOf, headerBreaches } from '../../../test/conformance/contracts.ts';
import { startSpareKafka, type SpareKafka } from '../../../test/services/spare.ts';
import { testServices, topicPrefix } from '../../../test/services/services.ts';
import { admission } from '../test/message.ts';
import { readTopic } from '../../../test/services/read-topic.ts';
import { Sender } from '../test/sender.ts';
import { Ingress } from './ingress.ts';

const ids = new IdMaker(Buffer.alloc(32, 7));
const county = loadCounty(join(import.meta.dirname, '../../../deploy/county'));
const mllp = {
  ...{
    host: '127.0.0.1',
    port: 0,
    isPlainOpen: true,
    maxFrameBytes: 1_000_000,
    idleMillis: 0,
    endWaitMillis: 300,
    drainMillis: 30_000,
  },
  ...{ maxInFlight: 64, maxConnections: 100, maxConnectionsPerAddress: 100, maxGatheredBytes: 64 * 1024 * 1024 },
};

class StandingClock implements Clock {
  readonly driven = true;
  at = Date.parse('2026-05-10T12:00:00Z');
  now = () => this.at;
}

const cleanUp: (() => unknown)[] = [];
const clock = new StandingClock();
let topics = topicNames('');

async function ingressAt(
  brokers: string[],
  prefix = topicPrefix('ingress'),
): Promise<{ ingress: Ingress; kafka: KafkaPort }> {
  topics = topicNames(prefix);
  const kafka = connectKafka({ brokers, clientId: 'ingress-test', log: silentLog });
  const wanted = [topics.inbound, topics.uptime, topics.answers];
  const definitions = topicDefinitions(topics, { parties: [], senders: [], embedded: true });
  await ensureTopics(
    kafka,
    definitions.filter(({ name }) => wanted.includes(name)),
  );
  const configuration = { mllp, replica: 'test' };
  const ingress = new Ingress({
    configuration,
    clock,
    county,
    ids,
    kafka,
    log: silentLog,
    metrics: new Metrics(),
    topics,
  });
  await ingress.start();
  cleanUp.push(
    () => kafka.close(),
    () => ingress.stop(),
  );
  return { ingress, kafka };
}

function senderTo(ingress: Ingress): Sender {
  const sender = new Sender(ingress.address.port);
  cleanUp.push(() => sender.socket.destroy());
  return sender;
}

afterEach(async () => {
  for (const undo of cleanUp.splice(0).reverse()) await undo();
});

const numbered = (count: number, prefix = 'C') => Array.from({ length: count }, (_, i) => admission(`${prefix}-${i}`));

describe('on real Kafka', () => {
  let ingress: Ingress;
  let kafka: KafkaPort;

  beforeEach(async () => {
    ({ ingress, kafka } = await ingressAt(testServices().brokers));
  });

  it('senders that do not wait get their answers in order, and everything acknowledged is there byte for byte', async () => {
    const senders = ['A', 'B', 'C', 'D'].map((name) => ({ sender: senderTo(ingress), bodies: numbered(200, name) }));
    for (const { sender, bodies } of senders) sender.send(...bodies);
    for (const { sender, bodies } of senders) {
      await sender.answered(bodies.length);
      expect(sender.told).toEqual(
        bodies.map((_, i) => `AA of ${sender.answers[0]?.text('MSA', 2)?.charAt(0) ?? ''}-${i}`),
      );
    }
    const records = await readTopic(kafka, topics.inbound, 800);
    expect(records.flatMap(({ headers }) => headerBreaches(headers))).toEqual([]);
    const stored = new Map(records.map((record) => [record.id, record]));
    for (const body of senders.flatMap(({ bodies }) => bodies)) {
      const record = stored.get(ids.inbound('KS', body));
      expect(record?.value.equals(body)).toBe(true);
      expect(record?.headers).toMatchObject({ sender: 'KS', intake: '2026-05-10T12:00:00.000Z', kind: 'hl7v2' });
    }
  });

  it('one visit keeps its order', async () => {
    const sender = senderTo(ingress);
    const bodies = Array.from({ length: 100 }, (_, i) => admission(`C-${i}`, {}, { 19: 'V-1' }));
    sender.send(...bodies);
    await sender.answered(100);
    const records = await readTopic(kafka, topics.inbound, 100);
    expect(new Set(records.map(({ partition }) => partition)).size).toBe(1);
    expect(records.map(({ value }) => value.toString())).toEqual(bodies.map((body) => body.toString()));
  });

  it('one large frame fails none beside it', async () => {
    const [large, sender] = [senderTo(ingress), senderTo(ingress)];
    const zzz = (length: number) => Buffer.concat([admission('LARGE'), Buffer.from(`ZZZ|${'x'.repeat(length)}\r`)]);
    large.send(zzz(900_000), zzz(1_100_000), admission('AFTER'));
    sender.send(...numbered(50));
    await Promise.all([large.answered(3), sender.answered(50)]);
    expect(large.told).toEqual(['AA of LARGE', 'AR of LARGE', 'AA of AFTER']);
    expect(sender.told.every((told) => told.startsWith('AA'))).toBe(true);
  });

  it('a frame in many small pieces is one message', async () => {
    const sender = senderTo(ingress);
    const bytes = frame(admission('C-1'));
    for (let at = 0; at < bytes.length; at += 7) {
      sender.socket.write(bytes.subarray(at, at + 7));
      await new Promise(setImmediate);
    }
    await sender.answered(1);
    expect(sender.told).toEqual(['AA of C-1']);
  });

  it('held: nothing is stored, connections stay open, new ones wait; released: all goes on', async () => {
    const sender = senderTo(ingress);
    sender.send(admission('C-1'));
    await sender.answered(1);
    await ingress.hold();
    sender.send(admission('C-2'));
    const newcomer = senderTo(ingress);
    newcomer.send(admission('C-3'));
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect([...sender.told, ...newcomer.told]).toEqual(['AA of C-1']);
    clock.at += 3_600_000;
    ingress.release();
    await Promise.all([sender.answered(2), newcomer.answered(1)]);
    const records = await readTopic(kafka, topics.inbound, 3);
    const intakes = new Map(records.map(({ id, headers }) => [id, headers['intake']]));
    expect(intakes.get(ids.inbound('KS', admission('C-2')))).toBe(new Date(clock.at).toISOString());
  });

  it('strangers with large control ids that never read stop neither a sender nor the hold of the clock', async () => {
    const stranger = admission('X'.repeat(500_000), { 4: 'NOBODY' });
    const strangers = [1, 2, 3].map(() => senderTo(ingress));
    for (const { socket } of strangers) {
      socket.pause();
      for (let i = 0; i < 110; i++) socket.write(frame(stranger));
    }
    const sender = senderTo(ingress);
    for (let i = 1; i <= 20; i++) {
      sender.send(admission(`C-${i}`));
      await sender.answered(i);
    }
    await ingress.hold();
    ingress.release();
    sender.send(admission('C-21'));
    await sender.answered(21);
    expect(sender.told).toEqual(Array.from({ length: 21 }, (_, i) => `AA of C-${i + 1}`));
  });

  it("beats every second with the hub's time, and once more when told that the clock was moved", async () => {
    const before = clock.at;
    await readTopic(kafka, topics.uptime, 3);
    await ingress.hold();
    clock.at += 60_000;
    expect(await ingress.beat(before)).toBe(true);
    const records = await readTopic(kafka, topics.uptime, 4);
    const beats = records.map(({ key, value }) => ({
      key,
      ...(JSON.parse(value.toString()) as Record<string, unknown>),
    }));
    expect(
      records.flatMap(({ value, headers }) => [
        ...breachesOf('uptime', JSON.parse(value.toString())),
        ...headerBreaches(headers),
      ]),
    ).toEqual([]);
    expect(beats.map((beat) => beat['seq' as keyof typeof beat])).toEqual(beats.map((_, i) => i + 1));
    expect(new Set(beats.map(({ key }) => key)).size).toBe(1);
    expect(beats.at(-1)).toMatchObject({
      at: new Date(clock.at).toISOString(),
      steppedFrom: new Date(before).toISOString(),
    });
    expect(beats[0]).toMatchObject({ at: new Date(before).toISOString() });
    expect(beats[0]).not.toHaveProperty('steppedFrom');
  });

  it('stops and starts again on the same port, in any order of calls', async () => {
    const { port } = ingress.address;
    const sender = senderTo(ingress);
    sender.send(...numbered(20));
    await sender.answered(20);
    await Promise.all([ingress.stop(), ingress.stop(), ingress.start(), ingress.start()]);
    await sender.closed();
    expect(ingress.address.port).toBe(port);
    const again = senderTo(ingress);
    again.send(admission('C-1'));
    await again.answered(1);
    await ingress.stop();
    expect(await ingress.beat()).toBe(false);
  });
});

describe('a sender that wants CA and AA (MSH-15, MSH-16)', () => {
  const prefix = topicPrefix('answers');
  const wants = (controlId: string) => admission(controlId, { 15: 'AL', 16: 'AL' });
  let ingress: Ingress;
  let kafka: KafkaPort;
  let producer: GroupCommitProducer;

  beforeEach(async () => {
    ({ ingress, kafka } = await ingressAt(testServices().brokers, prefix));
    producer = new GroupCommitProducer({ kafka, log: silentLog });
    cleanUp.push(() => producer.stop());
  });

  /** What the translator says when it has read a message, of the latest record that holds it. */
  async function translated(controlId: string, said: object = {}): Promise<void> {
    const own = (await allOf(topics.inbound)).findLast(({ value }) => value.equals(wants(controlId)))!;
    const { id: inbound, headers, partition, offset } = own;
    expect(headerBreaches(headers)).toEqual([]);
    const [sender, life] = [headers['sender'], headers['answer']];
    const id = ids.other('answer', topics.inbound, `${partition}`, `${offset}`);
    const header = wants(controlId).subarray(0, wants(controlId).indexOf('\r')).toString('base64');
    const value = { inbound, sender, life, header, ...said };
    expect(breachesOf('answers', value)).toEqual([]);
    const traceparent = rootTrace(id);
    const kind = 'answer-due';
    const record = { topic: topics.answers, key: id, id, kind, schemaVersion: 1, traceparent };
    await producer.send({ ...record, value: JSON.stringify(value) });
  }

  async function allOf(topic: string): Promise<InRecord[]> {
    const ends = (await new OffsetReader(kafka).endOffsets([topic])).get(topic) ?? [];
    return readTopic(
      kafka,
      topic,
      ends.reduce((sum, { low, high }) => sum + Number(high - low), 0),
    );
  }

  it('has AA when the message has been read, on the connection it came by, under a control id of its own', async () => {
    const [other, sender] = [senderTo(ingress), senderTo(ingress)];
    other.send(admission('A-0'));
    await other.answered(1);
    sender.send(wants('A-1'), admission('A-2'));
    await sender.answered(2);
    expect(sender.told).toEqual(['CA of A-1', 'AA of A-2']);
    await translated('A-1');
    await sender.answered(3);
    expect(sender.told[2]).toBe('AA of A-1');
    expect(sender.answers[2]?.text('ERR', 3)).toBeUndefined();
    expect(new Set(sender.answers.map((answer) => answer.text('MSH', 10))).size).toBe(3);
    const records = await readTopic(kafka, topics.answers, 2);
    expect(new Set(records.map(({ id }) => id)).size).toBe(1);
    expect(records.map(({ kind }) => kind)).toEqual(['answer-due', 'answer-given']);
    const told = records.flatMap(({ value, headers }) => [
      ...breachesOf('answers', JSON.parse(value.toString())),
      ...headerBreaches(headers),
    ]);
    expect(told).toEqual([]);
    // The translator reads again what it had not noted: no other connection hears of what it never sent.
    await translated('A-1');
    sender.send(wants('A-3'));
    await sender.answered(4);
    await translated('A-3');
    await sender.answered(5);
    expect(sender.told.slice(3)).toEqual(['CA of A-3', 'AA of A-3']);
    expect(other.told).toEqual(['AA of A-0']);
  });

  it('has AA with a warning when the message was set aside: it is kept, and people mend it', async () => {
    const sender = senderTo(ingress);
    sender.send(wants('B-1'));
    await sender.answered(1);
    await translated('B-1', { fault: 'no-visit-id', place: 'PV1-19' });
    await sender.answered(2);
    expect(sender.told).toEqual(['CA of B-1', 'AA of B-1']);
    const [, answer] = sender.answers;
    expect([2, 3, 4, 5].map((field) => answer?.text('ERR', field))).toEqual(['PV1', '101', 'W', 'BRY-2003']);
  });

  it('has AA on its next connection when the first has closed, and again for what it sends again', async () => {
    const first = senderTo(ingress);
    first.send(wants('C-1'));
    await first.answered(1);
    first.socket.destroy();
    await translated('C-1');
    const second = senderTo(ingress);
    second.send(admission('C-2'));
    await second.answered(2);
    expect(second.told).toEqual(['AA of C-2', 'AA of C-1']);
    second.send(wants('C-1'));
    await second.answered(3);
    await translated('C-1');
    await second.answered(4);
    expect(second.told.slice(2)).toEqual(['CA of C-1', 'AA of C-1']);
  });

  it('has AA also when the hub was started anew meanwhile, and not again after that', async () => {
    const first = senderTo(ingress);
    first.send(wants('D-1'), wants('D-2'), wants('D-3'));
    await first.answered(3);
    await translated('D-1');
    await first.answered(4);
    await ingress.stop();
    await translated('D-2');
    const { ingress: second } = await ingressAt(testServices().brokers, prefix);
    await translated('D-3');
    const sender = senderTo(second);
    sender.send(admission('D-4'));
    await sender.answered(3);
    expect(sender.told.toSorted()).toEqual(['AA of D-2', 'AA of D-3', 'AA of D-4']);
    await second.stop();
    const { ingress: third } = await ingressAt(testServices().brokers, prefix);
    const again = senderTo(third);
    again.send(wants('D-5'));
    await again.answered(1);
    await translated('D-5');
    await again.answered(2);
    expect(again.told).toEqual(['CA of D-5', 'AA of D-5']);
  });
});

describe('over TLS', () => {
  const file = (name: string) => join(import.meta.dirname, `../test/tls/${name}.pem`);
  const files = { certificate: file('hub'), key: file('hub') };
  const bound = {
    agreementOf: (header: SenderNames, on: string) => {
      const agreement = county.agreementOf(header, on);
      return agreement && { ...agreement, certificates: [`${agreement.id.toLowerCase()}.example`] };
    },
  };

  async function started(
    tls: MllpSettings['tls'],
    isPlainOpen: boolean,
    of: Pick<County, 'agreementOf'>,
  ): Promise<Ingress> {
    const { kafka } = await ingressAt(testServices().brokers);
    const ingress = new Ingress({
      configuration: { mllp: { ...mllp, isPlainOpen, ...(tls && { tls }) }, replica: 'tls' },
      ...{ clock, county: of, ids, kafka, log: silentLog, metrics: new Metrics(), topics },
    });
    await ingress.start();
    cleanUp.push(() => ingress.stop());
    return ingress;
  }

  /** What the hub answers to a message of KS on a connection with this certificate; `closed` when it does not let it in. */
  async function told(ingress: Ingress, certificate?: string): Promise<string> {
    const own =
      certificate === undefined ? {} : { cert: readFileSync(file(certificate)), key: readFileSync(file(certificate)) };
    const ca = readFileSync(file('issuer'));
    const socket = connectTls({ port: ingress.tlsPort, host: '127.0.0.1', servername: 'localhost', ca, ...own });
    const sender = new Sender(socket);
    cleanUp.push(() => socket.destroy());
    sender.send(admission('T-1'));
    await Promise.race([sender.answered(1), sender.closed()]);
    const [answer] = sender.answers;
    return answer === undefined ? 'closed' : `${answer.text('MSA', 1) ?? ''} ${answer.text('ERR', 5) ?? ''}`.trim();
  }

  it('binds a sender to the certificate that its agreement names, on the wire and in the clear', async () => {
    const ingress = await started({ ...files, port: 0, clientCa: file('issuer') }, true, bound);
    expect(await told(ingress, 'ks')).toBe('AA');
    expect(await told(ingress, 'ds')).toBe('AR BRY-1012');
    expect(await told(ingress, 'stranger')).toBe('closed');
    expect(await told(ingress)).toBe('closed');
    const plain = senderTo(ingress);
    plain.send(admission('T-2'));
    await plain.answered(1);
    expect(plain.told).toEqual(['AR of T-2']);
  });

  it('without an issuer takes any peer, and what is no TLS stops nobody; there is no plain door then', async () => {
    const ingress = await started({ ...files, port: 0 }, false, county);
    const noise = senderTo(ingress);
    noise.send(admission('T-3'));
    await noise.closed();
    expect(await told(ingress)).toBe('AA');
    expect(ingress.address.port).toBe(ingress.tlsPort);
  });

  it.each([
    ['a file that is not there', { ...files, key: file('none'), port: 0 }],
    ['a file that is no certificate', { ...files, certificate: file('../message.ts'), port: 0 }],
  ])('does not start with %s, and says which setting', async (_, tls) => {
    await expect(started(tls, false, county)).rejects.toThrow(/BRYGGAN_MLLP_TLS_/);
  });
});

describe('when Kafka is away', () => {
  let spare: SpareKafka;

  beforeAll(async () => {
    spare = await startSpareKafka();
  });
  afterAll(async () => spare.stop());

  it('senders are told so, and it recovers by itself', async () => {
    const { ingress, kafka } = await ingressAt(spare.brokers);
    const sender = senderTo(ingress);
    sender.send(admission('C-1'));
    await sender.answered(1);
    spare.pause();
    sender.send(admission('C-2'));
    await sender.answered(2);
    expect(sender.told[1]).toBe('AE of C-2');
    expect(sender.answers[1]?.text('ERR', 3)).toBe('207');
    expect(sender.answers[1]?.text('ERR', 5)).toBe('BRY-1010');
    spare.resume();
    const deadline = Date.now() + 30_000;
    while (!sender.told.at(-1)?.startsWith('AA of C-3') && Date.now() < deadline) {
      const count = sender.answers.length;
      sender.send(admission('C-3'));
      await sender.answered(count + 1);
    }
    expect(sender.told.at(-1)).toBe('AA of C-3');
    const stored = (await readTopic(kafka, topics.inbound, 2)).map(({ id }) => id);
    expect(stored).toEqual(
      expect.arrayContaining([admission('C-1'), admission('C-3')].map((body) => ids.inbound('KS', body))),
    );
  });
});
