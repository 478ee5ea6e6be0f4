import { describe, expect, it } from '@jest/globals';
import { readConfiguration, type Configuration } from '#libs/platform';
import { opennessWarnings, partsLines, readyLine } from './start-words.ts';

const parts = {
  brokers: ['127.0.0.1:9092'],
  databaseUrl: 'postgres://bryggan:x@127.0.0.1:5433/bryggan',
  stateDir: '/srv/bryggan',
};
const listening = (http: string, mllp = '127.0.0.1'): Configuration => {
  const configuration = readConfiguration({}, { embedded: true });
  return { ...configuration, http: { ...configuration.http, host: http }, mllp: { ...configuration.mllp, host: mllp } };
};
const addresses = { http: 'http://127.0.0.1:8080', mllp: '127.0.0.1:2575' };

describe('the words of a start', () => {
  it('end with the addresses', () => {
    expect(readyLine(addresses, parts, listening('127.0.0.1'))).toBe(
      'Bryggan is ready  http=http://127.0.0.1:8080 mllp=127.0.0.1:2575 kafka=127.0.0.1:9092 parties=127.0.0.1:9094 postgres=127.0.0.1:5433 state=/srv/bryggan',
    );
    expect(opennessWarnings(listening('127.0.0.1'))).toEqual([]);
  });

  it.each([
    ['0.0.0.0', 'http=http://0.0.0.0:8080 '],
    ['::', 'http=http://[::]:8080 '],
    ['10.1.2.3', 'http=http://10.1.2.3:8080 '],
    ['hub.example', 'http=http://hub.example:8080 '],
    ['localhost', 'http=http://127.0.0.1:8080 '],
  ])('say the address that is really listened on: %s', (host, address) => {
    expect(readyLine(addresses, parts, listening(host))).toContain(address);
  });

  it('warn of each door that other machines reach', () => {
    const [http, mllp, ...more] = opennessWarnings(listening('0.0.0.0', '10.1.2.3'));
    expect(http).toMatch(/^Warning: HTTP listens on 0\.0\.0\.0: other machines reach it, and tokens .* in plain text/);
    expect(mllp).toMatch(/^Warning: MLLP listens on 10\.1\.2\.3/);
    expect(more).toEqual([]);
  });

  it('are what a shell takes literally', () => {
    const lines = partsLines({ ...parts, stateDir: "/srv/Åsas 'läge' $x" }, false);
    expect(lines).toContain(`export BRYGGAN_DATA='/srv/Åsas '\\''läge'\\'' $x'`);
    expect(partsLines(parts, true).join('\n')).not.toContain('BRYGGAN_DATA=');
    expect(lines.join('\n')).not.toContain('BRYGGAN_KAFKA_USERNAME');
    expect(partsLines(parts, true, new Map([['router', 'a-b_c']]))).toContain(
      'export BRYGGAN_KAFKA_USERNAME=router BRYGGAN_KAFKA_PASSWORD=a-b_c',
    );
  });
});
