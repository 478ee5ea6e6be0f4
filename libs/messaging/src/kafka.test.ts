import { createRequire } from 'node:module';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import kafkajs from 'kafkajs';
import { connectKafka, kafkaLog } from './kafka.ts';
import { silentLog, type LogFields } from './log.ts';

describe('the log of the Kafka client', () => {
  it('tells the same but once a minute, and then how often it was left out', () => {
    const lines: (LogFields | undefined)[] = [];
    let now = 0;
    const log = { ...silentLog, warn: (_: string, fields?: LogFields) => lines.push(fields) };
    const say = kafkaLog(log, () => now)(kafkajs.logLevel.WARN);
    const entry = (message: string) => ({
      namespace: 'Connection',
      level: kafkajs.logLevel.ERROR,
      label: 'ERROR',
      log: { timestamp: '', message, error: 'no leader', payload: 'a record' },
    });
    for (let n = 0; n < 100; n++) say(entry('a leader is being chosen'));
    say(entry('something else'));
    now = 60_000;
    say(entry('a leader is being chosen'));
    expect(lines.map((fields) => [fields?.['text'], fields?.['unsaid']])).toEqual([
      ['a leader is being chosen', undefined],
      ['something else', undefined],
      ['a leader is being chosen', 99],
    ]);
    expect(JSON.stringify(lines)).not.toContain('a record');
  });
});

it('a port that was closed is opened by nobody who still asks', async () => {
  const kafka = connectKafka({ brokers: ['127.0.0.1:1'], clientId: 'closed', log: silentLog });
  await kafka.close();
  await expect(kafka.admin((admin) => admin.listTopics())).rejects.toThrow('its port is closed');
});

describe("kafkajs's queue of requests", () => {
  afterEach(() => void jest.useRealTimers());

  const queueOf = (sent: number[]) => {
    const Queue = createRequire(import.meta.url)('kafkajs/src/network/requestQueue') as new (options: object) => {
      maybeThrottle(ms: number): void;
      push(request: object): void;
      fulfillRequest(response: object): void;
    };
    const logger = { debug: () => undefined, warn: () => undefined };
    const queue = new Queue({ requestTimeout: 1000, clientId: 'c', broker: 'b', logger });
    const push = (correlationId: number): void => {
      const entry = { correlationId, apiName: 'Fetch', resolve: () => undefined, reject: () => undefined };
      queue.push({ entry, expectResponse: true, sendRequest: () => sent.push(correlationId) });
    };
    const answer = (correlationId: number): void => queue.fulfillRequest({ correlationId, payload: null, size: 0 });
    return { queue, push, answer };
  };

  it('is not looked at while nothing waits', () => {
    jest.useFakeTimers();
    const sent: number[] = [];
    const { push, answer } = queueOf(sent);
    push(1);
    answer(1);
    expect([sent, jest.getTimerCount()]).toEqual([[1], 0]);
  });

  it('sends what a throttled connection made wait, and is then not looked at any more', () => {
    jest.useFakeTimers();
    const sent: number[] = [];
    const { queue, push, answer } = queueOf(sent);
    queue.maybeThrottle(50);
    push(1);
    push(2);
    jest.advanceTimersByTime(40);
    expect(sent).toEqual([]);
    jest.advanceTimersByTime(30);
    expect(sent).toEqual([1, 2]);
    answer(1);
    answer(2);
    expect(jest.getTimerCount()).toBe(0);
  });
});
