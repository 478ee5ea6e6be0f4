import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { errorFields } from './error-text.ts';
import { CountedLog, createLog, type Log, type LogFields, LogFile, type LogLevel, silentLog } from './log.ts';
import { rootTrace, traceIdOf } from './trace.ts';

function logged(use: (log: Log) => void, level: LogLevel = 'debug'): Record<string, unknown>[] {
  const lines: Record<string, unknown>[] = [];
  const write = (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>);
  use(createLog({ level, name: 'test', destination: { write } }));
  return lines;
}

describe('the log', () => {
  it('writes one JSON line per event with its fields', () => {
    const [line] = logged((log) =>
      log.info('inbound-stored', { sender: 'KS', bytes: 1200, offset: 7n, gone: undefined }),
    );
    expect(line).toMatchObject({
      level: 'info',
      name: 'test',
      event: 'inbound-stored',
      sender: 'KS',
      bytes: 1200,
      offset: '7',
    });
    expect(Date.parse(String(line?.time))).not.toBeNaN();
  });

  it('keeps to its level', () => {
    const lines = logged((log) => {
      log.debug('a');
      log.info('b');
      log.warn('c');
      log.error('d');
    }, 'warn');
    expect(lines.map(({ event }) => event)).toEqual(['c', 'd']);
  });

  it('puts the trace id on every line of a trace', () => {
    const traceparent = rootTrace();
    const lines = logged((log) => {
      log.withTrace(traceparent).info('a');
      log.withTrace('garbage').info('b');
    });
    expect(lines[0]?.trace).toBe(traceIdOf(traceparent));
    expect(lines[1]).not.toHaveProperty('trace');
  });

  it('withholds what looks like a person number: in values, keys, events and children', () => {
    const lines = logged((log) => {
      log.info('a', { id: '191212121212', in: 'PID|1||19121212-1212^^^', number: 191212121212, big: 196109732393n });
      log.info('191212121212', { '610973-2393': 1 });
      log.child({ patient: '189002029800' }).withTrace(undefined).warn('c');
    });
    expect(JSON.stringify(lines)).not.toMatch(/1212|9732393|029800/);
    expect(lines[0]).toMatchObject({ id: '[withheld]', in: '[withheld]', number: '[withheld]', big: '[withheld]' });
  });

  it('withholds an object that got round the type', () => {
    const sneaked = { body: { name: 'Tolvan' } } as unknown as LogFields;
    const lines = logged((log) => log.info('a', sneaked));
    expect(lines[0]?.body).toBe('[withheld]');
  });
});

describe('errorFields', () => {
  it('never repeats the content that an error quotes', () => {
    const quoting = (): unknown => JSON.parse('Tolvan Tolvansson');
    let caught: unknown;
    try {
      quoting();
    } catch (error) {
      caught = error;
    }
    const fields = errorFields(caught);
    expect(fields.error).toBe('SyntaxError');
    expect(String(fields.errorAt)).toMatch(/log\.test/);
    expect(JSON.stringify(fields)).not.toContain('Tolvan');
  });

  it('does not take a second line of the message for a frame', () => {
    expect(JSON.stringify(errorFields(new Error('x\n    at Tolvan Tolvansson')))).not.toContain('Tolvan');
  });

  it.each([
    ['a system error', { syscall: 'connect', code: 'ECONNREFUSED' }, true],
    ['a lost connection of PostgreSQL', { code: '57P01' }, true],
    ['a value that PostgreSQL refused', { code: '22P02' }, false],
    ['a broken constraint', { code: '23505' }, false],
    ['any other error', {}, false],
  ])('of %s: message told or not', (_, parts, told) => {
    expect('errorMessage' in errorFields(Object.assign(new Error('why'), parts))).toBe(told);
  });
});

describe('the log file', () => {
  let folder = '';
  let file = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'bryggan-log-'));
    file = join(folder, 'hub.log');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is its owner’s alone, also when an earlier version made it readable for all', () => {
    writeFileSync(file, 'old\n');
    chmodSync(file, 0o644);
    new LogFile(file).write('new\n');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file, 'utf8')).toBe('old\nnew\n');
  });

  it('begins anew above its largest size, keeps the four youngest, and loses no line between them', () => {
    const log = new LogFile(file, 10);
    for (let line = 1; line <= 12; line += 1) log.write(`line ${`${line}`.padStart(2, '0')}\n`);
    expect(readdirSync(folder).sort()).toEqual(['hub.log', 'hub.log.1', 'hub.log.2', 'hub.log.3', 'hub.log.4']);
    const kept = ['.4', '.3', '.2', '.1', ''].map((end) => readFileSync(`${file}${end}`, 'utf8')).join('');
    expect(kept).toBe(Array.from({ length: 10 }, (_, i) => `line ${`${i + 3}`.padStart(2, '0')}\n`).join(''));
    expect(statSync(`${file}.1`).mode & 0o777).toBe(0o600);
  });

  it('counts the size that it finds', () => {
    writeFileSync(file, 'x'.repeat(50));
    new LogFile(file, 40).write('new\n');
    expect(readFileSync(file, 'utf8')).toBe('new\n');
  });

  const full = existsSync('/dev/full') ? it : it.skip;
  full('drops what a full disk does not take, without an error', () => {
    const log = new LogFile('/dev/full');
    expect(() => log.write('lost\n')).not.toThrow();
  });
});

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
