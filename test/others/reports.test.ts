import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decodeCharset, MllpFramer } from '#libs/hl7v2';
import { startTestHub, type TestHub } from '../hub/test-hub.ts';
import type { Outcome, Told } from '../hub/outcome.ts';
import { SOLNA } from '../hub/ward.ts';

/**
 * Faults that others have reported of other systems, as bytes on the wire and as requests, where they lie beside the project.
 * They are not ours, and nothing needs them: each kind has a message of our own in a test of its own
 * (docs/found-in-the-wild.md). The scripts among them are started by hand.
 */
const FOLDER = join(import.meta.dirname, '../../../shared/reports');
const FILES = existsSync(FOLDER) ? readdirSync(FOLDER).sort() : [];

/** The names without their ending; jest wants a row in every table. */
function namesOf(ending: string): string[] {
  const names = FILES.filter((name) => name.endsWith(ending)).map((name) => name.slice(0, -ending.length));
  return names.length > 0 ? names : ['no files'];
}

/** They say 1 December 2026; in the tests' hub it is an hour or so later. */
const NOW = Date.parse('2026-12-01T10:00:00+01:00');
const INS: Told = { [SOLNA]: ['INS'] };

/** What is answered, and what is told of each visit. */
const EXPECTED: Readonly<Record<string, { readonly answers: string; readonly told: Readonly<Record<string, Told>> }>> =
  {
    '01-fs-without-cr': { answers: 'AA', told: { 'B01-V1': INS } },
    '02-ack-arrives': { answers: '', told: {} },
    '03-msh2-three-chars': { answers: 'AA', told: { 'B03-V1': INS } },
    '04-padded-header': { answers: 'AA', told: { 'B04-V1': INS } },
    '06-mislabelled-charset': { answers: 'AA AA', told: { 'B06-V1': INS, 'B06-V2': INS } },
    '07-ack-charset': { answers: 'AA', told: { 'B07-V1': INS } },
    '08-zone-of-msh7': { answers: 'AA AA', told: { 'B08-V1': INS, 'B08-V2': INS } },
    '10-birth-date-zeros': { answers: 'AA AA AA', told: { 'B10-V1': INS, 'B10-V2': INS, 'B10-V3': INS } },
    '12-both-acks-wanted': { answers: 'CA AA', told: { 'B12-V1': INS } },
    // Six of one minute, the last of them 9 December; each is news to the one who was told of the one before.
    '14-same-minute-updates': {
      answers: 'AA AA AA AA AA AA AA',
      told: { 'B14-V1': { [SOLNA]: ['INS', ...Array<string>(6).fill('BUT')] } },
    },
    '15-cancel-and-readmit': { answers: 'AA AA AA', told: { 'B15-V1': { [SOLNA]: ['INS', 'INS-WITHDRAWN', 'INS'] } } },
  };

let hub: TestHub | undefined;

beforeAll(async () => {
  if (FILES.length > 0)
    hub = await startTestHub('reports', { clockStart: NOW, settings: { BRYGGAN_MLLP_END_WAIT_MILLIS: '200' } });
});
afterAll(async () => {
  await hub?.dispose();
});

/** Writes bytes as they are; answers with what came until nothing more is expected. */
async function played(bytes: Buffer, answers: number): Promise<Buffer[]> {
  const { host, port } = hub!.mllpAddress;
  const socket = connect({ host, port, noDelay: true });
  const framer = new MllpFramer({ largestFrame: 65_536 });
  const came: Buffer[] = [];
  await new Promise<void>((resolve, reject) => {
    socket.on('error', reject);
    socket.on('data', (chunk) => {
      for (const event of framer.push(chunk)) if (event.kind === 'frame') came.push(event.body);
      if (came.length >= answers) resolve();
    });
    socket.on('connect', () => socket.write(bytes, () => answers === 0 && resolve()));
  });
  socket.destroy();
  return came;
}

const codeOf = (answer: Buffer): string => /\rMSA\|(\w\w)/.exec(answer.toString('latin1'))?.[1] ?? '?';

describe(`messages of others' reports${FILES.length === 0 ? ' (they are not here: nothing is said)' : ''}`, () => {
  it.each(namesOf('.hl7'))('%s', async (name) => {
    if (!hub) return;
    const { answers, told } = EXPECTED[name] ?? { answers: 'no line of the table', told: {} };
    const before = await outcome();
    const came = await played(readFileSync(join(FOLDER, `${name}.hl7`)), answers.split(' ').filter(Boolean).length);
    expect(came.map(codeOf).join(' ')).toBe(answers);
    const seen = await outcome();
    for (const [visit, parties] of Object.entries(told))
      expect([visit, seen.told(hub.stayId('KS', visit))]).toEqual([visit, parties]);
    expect(seen.on(hub.topics.rejected).length).toBe(before.on(hub.topics.rejected).length);
    if (name.startsWith('07')) {
      const decoded = decodeCharset(came[0]!, '8859/1', undefined);
      expect(decoded.ok && decoded.value.text).toContain('KS-Å1');
    }
  });

  it('says names and streets as they were meant', async () => {
    if (FILES.length === 0) return;
    const texts = (await outcome()).notices.map(({ patient }) => JSON.stringify(patient));
    const all = texts.join('\n');
    for (const text of ['Ek&N&Lind', 'Åkesson', 'Örjan', 'Ängsvägen 1', 'Tolvansson']) expect(all).toContain(text);
    expect(all).not.toMatch(/Ã|\\u0000|[\x80-\x9f]/);
  });

  async function outcome(): Promise<Outcome> {
    return hub!.settled();
  }
});

/** The statuses in the order of each file's requests. */
const STATUSES: Readonly<Record<string, readonly number[]>> = {
  '20-token-system-only': [200, 200, 200, 200, 200],
  '21-count-zero': [200, 200],
  '22-fraction-digits': [200, 200, 200, 200],
  '23-fhirversion-401': [200, 200, 200],
  '25-links-behind-proxy': [200, 200],
  '26-null-in-query': [400, 400, 400, 400, 400],
};

describe(`requests of others' reports${FILES.length === 0 ? ' (they are not here: nothing is said)' : ''}`, () => {
  it.each(namesOf('.http'))('%s', async (name) => {
    if (!hub) return;
    const text = readFileSync(join(FOLDER, `${name}.http`), 'utf8').replaceAll('{{token}}', hub.token(SOLNA));
    const statuses: number[] = [];
    for (const request of text.split(/^###\r?\n/m)) {
      const [head = '', body = ''] = request.trimStart().split(/\r?\n\r?\n/);
      const answer = await asked(`${head.split(/\r?\n/).join('\r\n')}\r\n\r\n${body.trim()}`);
      statuses.push(Number(/^HTTP\/1.1 (\d{3})/.exec(answer)?.[1]));
      if (name.startsWith('21')) expect(answer).not.toContain('"entry"');
      if (name.startsWith('25')) expect(answer).not.toMatch(/https:\/\/bryggan\.region/);
      expect(answer).not.toContain('19121212');
    }
    expect(statuses).toEqual(STATUSES[name]);
  });

  async function asked(request: string): Promise<string> {
    const { hostname, port } = new URL(hub!.http);
    const socket = connect({ host: hostname, port: Number(port) });
    socket.write(request);
    let answer = '';
    for await (const chunk of socket) answer += String(chunk);
    return answer;
  }
});
