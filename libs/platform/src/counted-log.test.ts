import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { CountedLog } from './counted-log.ts';
import { silentLog, type LogFields } from './log.ts';

const lines: [string, LogFields | undefined][] = [];
let counted: CountedLog;

beforeEach(() => {
  jest.useFakeTimers();
  lines.length = 0;
  counted = new CountedLog({ ...silentLog, info: (event, fields) => lines.push([event, fields]) }, 1000);
});
afterEach(() => void jest.useRealTimers());

it('tells the first of a kind at once and the rest in one line per interval', () => {
  for (let i = 0; i < 500; i++) counted.tell('refused', { reason: 'a' }, { bytes: 3 });
  for (let i = 0; i < 300; i++) counted.tell('refused', { reason: 'b' });
  expect(lines).toEqual([
    ['refused', { reason: 'a', count: 1, bytes: 3 }],
    ['refused', { reason: 'b', count: 1 }],
  ]);
  lines.length = 0;
  jest.advanceTimersByTime(1000);
  expect(lines).toEqual([
    ['refused', { reason: 'a', count: 499, bytes: 1497 }],
    ['refused', { reason: 'b', count: 299 }],
  ]);
});

it('forgets a kind that was silent for an interval', () => {
  counted.tell('refused', { reason: 'a' });
  jest.advanceTimersByTime(1000);
  counted.tell('refused', { reason: 'a' });
  expect(lines).toHaveLength(2);
});

it('tells what is left when it stops, and may be used again', () => {
  for (let i = 0; i < 3; i++) counted.tell('refused', { reason: 'a' });
  counted.stop();
  expect(lines[1]).toEqual(['refused', { reason: 'a', count: 2 }]);
  counted.tell('refused', { reason: 'a' });
  expect(lines).toHaveLength(3);
  counted.stop();
  expect(jest.getTimerCount()).toBe(0);
});
