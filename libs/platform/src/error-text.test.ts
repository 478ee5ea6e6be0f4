import { readFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { ConfigurationError } from './configuration.ts';
import { startFailure } from './error-text.ts';

const caught = (act: () => unknown): unknown => {
  try {
    return act();
  } catch (error) {
    return error;
  }
};

describe('why a start failed', () => {
  it('is a line per wrong setting or county file', () => {
    expect(startFailure(new ConfigurationError(['BRYGGAN_A: x', 'BRYGGAN_B: y']))).toBe('BRYGGAN_A: x\nBRYGGAN_B: y');
    const county = Object.assign(new Error('/county\nparties.json: x'), { problems: ['parties.json: x'] });
    expect(startFailure(county)).toBe('/county\nparties.json: x');
  });

  it('names the file that cannot be read, and what to do', () => {
    expect(startFailure(caught(() => readFileSync('/nowhere/at/all')))).toBe(
      '/nowhere/at/all: it is not there: put it back, or name another place (ENOENT)',
    );
  });

  it.each(['ENOSPC', 'EROFS', 'EACCES', 'EDQUOT', 'EIO'])('has a remedy for %s', (code) => {
    const line = startFailure(Object.assign(new Error(code), { code, path: '/state/x' }));
    expect(line).toMatch(/^\/state\/x: .+: .+ \(E[A-Z]+\)$/);
  });

  it('names the address that does not answer', async () => {
    const error = await new Promise((resolve) => createConnection(1, '127.0.0.1').once('error', resolve));
    expect(startFailure(error)).toBe(
      'nothing answers at 127.0.0.1:1 (connect ECONNREFUSED): start it, or correct the address',
    );
  });

  it('is in PostgreSQL’s own words where it refuses us, and nothing where it refused a value', () => {
    const refused = Object.assign(new Error('password authentication failed for user "hub"'), { code: '28P01' });
    expect(startFailure(refused)).toContain('password authentication failed');
    expect(startFailure(Object.assign(new Error('Tolvan'), { code: '22P02' }))).toBeUndefined();
  });

  it('says which setting names a Kafka that is away', () => {
    const away = Object.assign(new Error('Kafka: KafkaJSConnectionError'), {
      name: 'MessagingError',
      code: 'unavailable',
    });
    expect(startFailure(away)).toBe('Kafka: KafkaJSConnectionError: start it, or correct BRYGGAN_KAFKA_BROKERS');
  });

  it.each([
    ['topic-partitions', 'BRY-4007'],
    ['not-durable', 'BRY-4008'],
  ])('has a code and a remedy for a Kafka whose topics are not as they must be: %s', (code, coded) => {
    const line = startFailure(Object.assign(new Error('topic events'), { name: 'MessagingError', code }));
    expect(line).toMatch(new RegExp(`^topic events \\(${coded}\\): .+\\.$`));
  });

  it.each([[new Error('a bug')], [new TypeError('x is not a function')], ['text'], [undefined]])(
    'is for a person who mends code: %p',
    (error) => {
      expect(startFailure(error)).toBeUndefined();
    },
  );
});
