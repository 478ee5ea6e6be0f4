import { describe, expect, it } from '@jest/globals';
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
