import { describe, expect, it } from '@jest/globals';
import { embeddedSettings } from './settings.ts';

const settings = (environment: Record<string, string>) => embeddedSettings(environment, '/srv/bryggan', '/jars');

describe('the settings of the embedded start', () => {
  it('has the addresses of the contract by default', () => {
    expect(settings({})).toEqual({
      jarsDir: '/jars',
      stateDir: '/srv/bryggan/.bryggan',
      httpPort: 8080,
      mllpPort: 2575,
      kafkaPort: 9092,
      postgresPort: 5433,
      kafkaBrokers: undefined,
      databaseUrl: undefined,
    });
  });

  it('takes an operator its own parts, whose ports then do not matter', () => {
    const own = {
      BRYGGAN_KAFKA_BROKERS: 'a:9092, b:9092',
      BRYGGAN_DATABASE_URL: 'postgres://db/x',
      BRYGGAN_KAFKA_PORT: '8080',
      BRYGGAN_PG_PORT: '8080',
    };
    expect(settings(own)).toMatchObject({ kafkaBrokers: ['a:9092', 'b:9092'], databaseUrl: 'postgres://db/x' });
  });

  it.each([
    ['data', '/srv/bryggan/data'],
    ['/var/lib/b', '/var/lib/b'],
    ['', '/srv/bryggan/.bryggan'],
  ])('reckons BRYGGAN_DATA=%j from the repository', (data, folder) => {
    expect(settings({ BRYGGAN_DATA: data }).stateDir).toBe(folder);
  });

  it.each(['abc', '0', '65536', '-1', '80.5', '1e3'])('names a setting that is no port: %s', (port) => {
    expect(() => settings({ BRYGGAN_MLLP_PORT: port })).toThrow(
      `BRYGGAN_MLLP_PORT=${port} is no port: set it to a number`,
    );
  });

  it('names two settings that share a port', () => {
    expect(() => settings({ BRYGGAN_PG_PORT: '8080' })).toThrow('BRYGGAN_HTTP_PORT and BRYGGAN_PG_PORT are both 8080');
  });
});
