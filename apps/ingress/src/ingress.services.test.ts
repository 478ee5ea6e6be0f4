import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { KafkaPort, TopicNames } from '#libs/messaging';
import { frame } from '#libs/hl7v2';
import { breachesOf, headerBreaches } from '../../../test/conformance/contracts.ts';
import { readTopic } from '../../../test/services/read-topic.ts';
import { testServices } from '../../../test/services/services.ts';
import { startSpareKafka, type SpareKafka } from '../../../test/services/spare.ts';
import { ids, IngressOnKafka } from '../test/ingress-on-kafka.ts';
import { admission } from '../test/message.ts';
import type { Ingress } from './ingress.ts';

const doors = new IngressOnKafka();
afterEach(() => doors.clear());

const numbered = (count: number, prefix = 'C') => Array.from({ length: count }, (_, i) => admission(`${prefix}-${i}`));

describe('on real Kafka', () => {
  let ingress: Ingress;
  let kafka: KafkaPort;
  let topics: TopicNames;

  beforeEach(async () => {
    ({ ingress, kafka, topics } = await doors.start(testServices().brokers));
  });

  it('senders that do not wait get their answers in order, and everything acknowledged is there byte for byte', async () => {
    const senders = ['A', 'B', 'C', 'D'].map((name) => ({
      sender: doors.sender(ingress),
      bodies: numbered(200, name),
    }));
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
    const sender = doors.sender(ingress);
    const bodies = Array.from({ length: 100 }, (_, i) => admission(`C-${i}`, {}, { 19: 'V-1' }));
    sender.send(...bodies);
    await sender.answered(100);
    const records = await readTopic(kafka, topics.inbound, 100);
    expect(new Set(records.map(({ partition }) => partition)).size).toBe(1);
    expect(records.map(({ value }) => value.toString())).toEqual(bodies.map((body) => body.toString()));
  });

  it('one large frame fails none beside it', async () => {
    const [large, sender] = [doors.sender(ingress), doors.sender(ingress)];
    const zzz = (length: number) => Buffer.concat([admission('LARGE'), Buffer.from(`ZZZ|${'x'.repeat(length)}\r`)]);
    large.send(zzz(900_000), zzz(1_100_000), admission('AFTER'));
    sender.send(...numbered(50));
    await Promise.all([large.answered(3), sender.answered(50)]);
    expect(large.told).toEqual(['AA of LARGE', 'AR of LARGE', 'AA of AFTER']);
    expect(sender.told.every((told) => told.startsWith('AA'))).toBe(true);
  });

  it('a frame in many small pieces is one message', async () => {
    const sender = doors.sender(ingress);
    const bytes = frame(admission('C-1'));
    for (let at = 0; at < bytes.length; at += 7) {
      sender.socket.write(bytes.subarray(at, at + 7));
      await new Promise(setImmediate);
    }
    await sender.answered(1);
    expect(sender.told).toEqual(['AA of C-1']);
  });

  it('held: nothing is stored, connections stay open, new ones wait; released: all goes on', async () => {
    const sender = doors.sender(ingress);
    sender.send(admission('C-1'));
    await sender.answered(1);
    await ingress.hold();
    sender.send(admission('C-2'));
    const newcomer = doors.sender(ingress);
    newcomer.send(admission('C-3'));
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect([...sender.told, ...newcomer.told]).toEqual(['AA of C-1']);
    doors.clock.at += 3_600_000;
    ingress.release();
    await Promise.all([sender.answered(2), newcomer.answered(1)]);
    const records = await readTopic(kafka, topics.inbound, 3);
    const intakes = new Map(records.map(({ id, headers }) => [id, headers['intake']]));
    expect(intakes.get(ids.inbound('KS', admission('C-2')))).toBe(new Date(doors.clock.at).toISOString());
  });

  it('strangers with large control ids that never read stop neither a sender nor the hold of the clock', async () => {
    const stranger = admission('X'.repeat(500_000), { 4: 'NOBODY' });
    const strangers = [1, 2, 3].map(() => doors.sender(ingress));
    for (const { socket } of strangers) {
      socket.pause();
      for (let i = 0; i < 110; i++) socket.write(frame(stranger));
    }
    const sender = doors.sender(ingress);
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
    const before = doors.clock.at;
    await readTopic(kafka, topics.uptime, 3);
    await ingress.hold();
    doors.clock.at += 60_000;
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
      at: new Date(doors.clock.at).toISOString(),
      steppedFrom: new Date(before).toISOString(),
    });
    expect(beats[0]).toMatchObject({ at: new Date(before).toISOString() });
    expect(beats[0]).not.toHaveProperty('steppedFrom');
  });

  it('stops and starts again on the same port, in any order of calls', async () => {
    const { port } = ingress.address;
    const sender = doors.sender(ingress);
    sender.send(...numbered(20));
    await sender.answered(20);
    await Promise.all([ingress.stop(), ingress.stop(), ingress.start(), ingress.start()]);
    await sender.closed();
    expect(ingress.address.port).toBe(port);
    const again = doors.sender(ingress);
    again.send(admission('C-1'));
    await again.answered(1);
    await ingress.stop();
    expect(await ingress.beat()).toBe(false);
  });
});

describe('when Kafka is away', () => {
  let spare: SpareKafka;

  beforeAll(async () => {
    spare = await startSpareKafka();
  });
  afterAll(async () => spare.stop());

  it('senders are told so, and it recovers by itself', async () => {
    const { ingress, kafka, topics } = await doors.start(spare.brokers);
    const sender = doors.sender(ingress);
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
