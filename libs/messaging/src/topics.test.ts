import { describe, expect, it } from '@jest/globals';
import { topicDefinitions } from './topics.ts';
import { isTopicPart, topicNames } from './topics.ts';

const names = topicNames('t1-');
const defined = (embedded: boolean) =>
  new Map(
    topicDefinitions(names, { parties: ['0184', '0180-jarva'], senders: ['KS'], embedded }).map((topic) => [
      topic.name,
      topic,
    ]),
  );

describe('topics', () => {
  it('are named as in the contract, under the prefix', () => {
    expect(names.inbound).toBe('t1-inbound');
    expect(names.deviationFeed).toBe('t1-deviation-feed');
    expect(names.deliveries('0180-jarva')).toBe('t1-deliveries.0180-jarva');
    expect(names.receiptsOf('KS')).toBe('t1-receipts.KS');
  });

  it('tell whose they are', () => {
    expect(names.partyOf(names.deviationsOf('0184'))).toBe('0184');
    expect(names.partyOf(names.receipts)).toBeUndefined();
    expect(names.partyOf('deliveries.0184')).toBeUndefined();
  });

  it.each(['', '0184.', 'a/b', 'å', 'x'.repeat(101)])('refuse the id "%s"', (id) => {
    expect(isTopicPart(id)).toBe(false);
    expect(() => names.deliveries(id)).toThrow(RangeError);
  });

  it('have six partitions where the contract says so, else one', () => {
    const six = [...defined(true).values()].filter(({ partitions }) => partitions === 6).map(({ name }) => name);
    expect(six.sort()).toEqual([
      't1-deviations',
      't1-events',
      't1-inbound',
      't1-receipts',
      't1-rejected',
      't1-stays',
      't1-tasks',
    ]);
    expect([...defined(true).values()].every(({ partitions }) => partitions === 1 || partitions === 6)).toBe(true);
  });

  it('keep inbound by append time, written to disk message by message only on the embedded broker', () => {
    expect(defined(true).get('t1-inbound')?.configs).toMatchObject({
      'message.timestamp.type': 'LogAppendTime',
      'flush.messages': '1',
    });
    expect(defined(false).get('t1-inbound')?.configs).not.toHaveProperty('flush.messages');
    expect(defined(true).get('t1-events')?.configs).not.toHaveProperty('flush.messages');
  });

  it('keep the last word on every stay, and of the others what is not too old', () => {
    expect(defined(true).get('t1-stays')?.configs).toMatchObject({ 'cleanup.policy': 'compact', 'retention.ms': '-1' });
    expect(defined(true).get('t1-answers')?.configs).toMatchObject({ 'cleanup.policy': 'compact,delete' });
    const others = [...defined(true).values()].filter(({ name }) => !['t1-stays', 't1-answers'].includes(name));
    expect(new Set(others.map(({ configs }) => configs['cleanup.policy']))).toEqual(new Set(['delete']));
  });

  it('are durable by default when the broker is not ours', () => {
    for (const topic of defined(false).values()) {
      expect(topic).toMatchObject({
        replicationFactor: 3,
        configs: { 'min.insync.replicas': '2', 'unclean.leader.election.enable': 'false' },
      });
    }
  });
});
