import { describe, expect, it } from '@jest/globals';
import { readConfiguration } from '#libs/platform';
import { embeddedSettings } from './settings.ts';

const settings = (environment: Record<string, string>) =>
  embeddedSettings(readConfiguration(environment, { embedded: true }), '/jars');

describe('the settings of the embedded start', () => {
  it('has the addresses of the contract by default', () => {
    expect(settings({})).toEqual({
      jarsDir: '/jars',
      stateDir: expect.stringMatching(/\/\.bryggan$/),
      httpPort: 8080,
      mllpPort: 2575,
      kafkaPort: 9092,
      kafkaPartyPort: 9094,
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
      BRYGGAN_KAFKA_PARTY_PORT: '8080',
      BRYGGAN_PG_PORT: '8080',
    };
    expect(settings(own)).toMatchObject({ kafkaBrokers: ['a:9092', 'b:9092'], databaseUrl: 'postgres://db/x' });
  });

  it('names two settings that share a port', () => {
    expect(() => settings({ BRYGGAN_PG_PORT: '8080' })).toThrow('BRYGGAN_HTTP_PORT and BRYGGAN_PG_PORT are both 8080');
    expect(() => settings({ BRYGGAN_KAFKA_PARTY_PORT: '9092' })).toThrow(
      'BRYGGAN_KAFKA_PORT and BRYGGAN_KAFKA_PARTY_PORT are both 9092',
    );
    expect(settings({ BRYGGAN_KAFKA_PORT: '19092' }).kafkaPartyPort).toBe(19094);
    expect(settings({ BRYGGAN_HTTP_PORT: '0', BRYGGAN_MLLP_PORT: '0' })).toMatchObject({ httpPort: 0, mllpPort: 0 });
  });
});
