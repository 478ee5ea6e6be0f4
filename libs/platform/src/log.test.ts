import { describe, expect, it } from '@jest/globals';
import { errorFields } from './error-fields.ts';
import { createLog, type Log, type LogFields, type LogLevel } from './log.ts';
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
