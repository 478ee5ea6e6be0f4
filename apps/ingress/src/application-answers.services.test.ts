import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { GroupCommitProducer, OffsetReader, type InRecord, type KafkaPort, type TopicNames } from '#libs/messaging';
import { rootTrace, silentLog } from '#libs/platform';
import { breachesOf, headerBreaches } from '../../../test/conformance/contracts.ts';
import { readTopic } from '../../../test/services/read-topic.ts';
import { testServices, topicPrefix } from '../../../test/services/services.ts';
import { ids, IngressOnKafka } from '../test/ingress-on-kafka.ts';
import { admission } from '../test/message.ts';
import type { Ingress } from './ingress.ts';

const doors = new IngressOnKafka();
afterEach(() => doors.clear());

describe('a sender that wants CA and AA (MSH-15, MSH-16)', () => {
  const prefix = topicPrefix('answers');
  const wants = (controlId: string) => admission(controlId, { 15: 'AL', 16: 'AL' });
  let ingress: Ingress;
  let kafka: KafkaPort;
  let topics: TopicNames;
  let producer: GroupCommitProducer;

  beforeEach(async () => {
    ({ ingress, kafka, topics } = await doors.start(testServices().brokers, { prefix }));
    producer = new GroupCommitProducer({ kafka, log: silentLog });
    doors.afterTest(() => producer.stop());
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
    const [other, sender] = [doors.sender(ingress), doors.sender(ingress)];
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
    const sender = doors.sender(ingress);
    sender.send(wants('B-1'));
    await sender.answered(1);
    await translated('B-1', { fault: 'no-visit-id', place: 'PV1-19' });
    await sender.answered(2);
    expect(sender.told).toEqual(['CA of B-1', 'AA of B-1']);
    const [, answer] = sender.answers;
    expect([2, 3, 4, 5].map((field) => answer?.text('ERR', field))).toEqual(['PV1', '101', 'W', 'BRY-2003']);
  });

  it('has AA on its next connection when the first has closed, and again for what it sends again', async () => {
    const first = doors.sender(ingress);
    first.send(wants('C-1'));
    await first.answered(1);
    first.socket.destroy();
    await translated('C-1');
    const second = doors.sender(ingress);
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
    const first = doors.sender(ingress);
    first.send(wants('D-1'), wants('D-2'), wants('D-3'));
    await first.answered(3);
    await translated('D-1');
    await first.answered(4);
    await ingress.stop();
    await translated('D-2');
    const { ingress: second } = await doors.start(testServices().brokers, { prefix });
    await translated('D-3');
    const sender = doors.sender(second);
    sender.send(admission('D-4'));
    await sender.answered(3);
    expect(sender.told.toSorted()).toEqual(['AA of D-2', 'AA of D-3', 'AA of D-4']);
    await second.stop();
    const { ingress: third } = await doors.start(testServices().brokers, { prefix });
    const again = doors.sender(third);
    again.send(wants('D-5'));
    await again.answered(1);
    await translated('D-5');
    await again.answered(2);
    expect(again.told).toEqual(['CA of D-5', 'AA of D-5']);
  });
});
