import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { StayEvent } from '#libs/domain';
import { adt, fact } from '../../test/adt.ts';
import { stayEventOf } from '../../test/reading.ts';

/*
 * Senders write the same in many ways (standards 3.3). Each habit here changes how a message is written and nothing of what it
 * says: any number of them together, the event is the same but for its ids and its findings.
 */

/** A message as lines of fields; MSH-1 is not one of them. */
type Lines = readonly (readonly string[])[];
interface Written {
  readonly lines: Lines;
  readonly end: string;
  readonly charset: 'utf8' | 'latin1';
  /** Of `|^~\&` */
  readonly delimiters: string;
  readonly before: string;
}

const lined = (text: string): Lines =>
  text
    .split('\r')
    .filter((line) => line !== '')
    .map((line) => line.split('|'));

const changed = (written: Written, name: string, change: (fields: string[]) => readonly string[]): Written => ({
  ...written,
  lines: written.lines.map((line) => (line[0]?.toUpperCase() === name ? change([...line]) : line)),
});
/** Field numbers as in the standard: MSH-1 is the separator. */
const field = (name: string, number: number, change: (text: string) => string) => (written: Written) =>
  changed(written, name, (fields) => {
    const at = name === 'MSH' ? number - 1 : number;
    while (fields.length <= at) fields.push('');
    fields[at] = change(fields[at] ?? '');
    return fields;
  });
const each = (change: (line: readonly string[]) => readonly string[]) => (written: Written) => ({
  ...written,
  lines: written.lines.map((line) => (line[0] === 'MSH' ? line : change(line))),
});
const inserted = (line: string, before: string) => (written: Written) => ({
  ...written,
  lines: written.lines.flatMap((other) => (other[0]?.toUpperCase() === before ? [line.split('|'), other] : [other])),
});
const lower = (text: string): string => text.toLowerCase();

const HABITS: Readonly<Record<string, (written: Written) => Written>> = {
  'LF ends segments': (written) => ({ ...written, end: '\n' }),
  'CRLF ends segments': (written) => ({ ...written, end: '\r\n' }),
  'blank lines between segments': (written) => ({ ...written, end: `${written.end}${written.end}` }),
  'a byte order mark': (written) => ({ ...written, before: written.charset === 'utf8' ? '\uFEFF' : '' }),
  'blank lines before the first': (written) => ({ ...written, before: `${written.before}\r\n ` }),
  'other delimiters': (written) => ({ ...written, delimiters: '#*!$%' }),
  'other delimiters of punctuation': (written) => ({ ...written, delimiters: ';:,?=' }),
  'separators at the end of segments': each((line) => [...line, '', '', '']),
  'blanks at the end of segments': each((line) => [...line.slice(0, -1), `${line.at(-1) ?? ''}   `]),
  'separators at the end of fields': each((line) =>
    line.map((text, at) => (at > 0 && text !== '' && !text.includes('^') ? `${text}^^` : text)),
  ),
  'subcomponents at the end of components': each((line) =>
    line.map((text, at) => (at > 2 && /^[A-Za-z0-9]+$/.test(text) ? `${text}&` : text)),
  ),
  'an empty segment': inserted('NTE', 'PV1'),
  'segments of its own': inserted('ZPA|1|x^y&z~w|\\X41\\', 'PID'),
  'segments that the version has later': inserted('PRT|1||AD|||||', 'PV1'),
  'lower-case names of segments': each((line) => [lower(line[0] ?? ''), ...line.slice(1)]),
  'no MSH-18': field('MSH', 18, () => ''),
  'MSH-18 twice': field('MSH', 18, (text) => (text === '' ? '' : `${text}~ISO IR87`)),
  'MSH-18 in another spelling': field('MSH', 18, (text) => (text === 'UNICODE UTF-8' ? 'utf-8' : text)),
  'no version': field('MSH', 12, () => ''),
  'version 2.1': field('MSH', 12, () => '2.1'),
  'version 2.3': field('MSH', 12, () => '2.3'),
  'version 2.4 of a country': field('MSH', 12, () => '2.4^SWE^1.0'),
  'version 2.8': field('MSH', 12, () => '2.8'),
  'no structure': field('MSH', 9, (text) => text.split('^').slice(0, 2).join('^')),
  'type and trigger in one': field('MSH', 9, (text) => text.split('^').slice(0, 2).join('_')),
  'the trigger in EVN-1 alone': (written) => {
    const trigger = written.lines[0]?.[8]?.split(/[\^_]/)[1] ?? '';
    return field('EVN', 1, () => trigger.toUpperCase())(field('MSH', 9, () => 'ADT')(written));
  },
  'EVN-1 too': field('EVN', 1, (text) => text || 'A01'),
  'the type in lower case': field('MSH', 9, lower),
  'the class in lower case': field('PV1', 2, lower),
  'a blank behind the class': field('PV1', 2, (text) => `${text}  `),
  'a blank before the visit': field('PV1', 19, (text) => ` ${text}`),
  'the visit with more components': field('PV1', 19, (text) => `${text}^^^KS&1.2.3&ISO^VN`),
  'codes of facts in lower case': field('OBX', 3, (text) => `${lower(text)}^more`),
  'a code of its own before ours': field('OBX', 3, (text) => `4711^Eget^KS^${text}`),
  'values in lower case': field('OBX', 5, (text) => (/^[A-Z~]+$/.test(text) ? lower(text) : text)),
  'the status in lower case': field('OBX', 11, lower),
  'no status': field('OBX', 11, (text) => (text === 'F' ? '' : text)),
  'a value type of its own': field('OBX', 2, () => 'CWE'),
  'a local number before the personal one': field('PID', 3, (text) => `4711^^^LOK^PI~${text}`),
  'an empty repetition of PID-3': field('PID', 3, (text) => `~${text}~`),
  'the personal number with its hyphen': field('PID', 3, (text) => text.replace('191212121212', '19121212-1212')),
  'the personal number with a blank': field('PID', 3, (text) => text.replace('191212121212', '19121212 1212')),
  'the number in PID-2 too': field('PID', 2, () => '191212121212^^^SKV&1.2.752.129.2.1.3.1&ISO'),
  'a former name behind the legal one': field('PID', 5, (text) => `${text}~Annansson^Tolv^^^^^M`),
  'the address before first': field(
    'PID',
    11,
    (text) => `Gamla gatan 1^^Nacka^^13101^SE^L^^0182^^^20200101&20251231~${text}`,
  ),
  'another address first': field('PID', 11, (text) => `Postbox 1^^Kista^^16440^SE^M~${text}`),
  'a telephone': field('PID', 13, () => '08-123 456^PRN^PH~070^PRN^CP'),
  'escapes for letters': field('PID', 5, (text) => text.replaceAll('l', '\\X6C\\')),
  'an offset where MSH-7 has it': field('PV1', 44, (text) => text && `${text}+0200`),
  'a precision behind the time': field('PV1', 44, (text) => text && `${text}^S`),
};

function bytesOf({ lines, end, charset, delimiters, before }: Written): Buffer {
  const sign = new Map(Array.from('|^~\\&', (one, at) => [one, delimiters[at] ?? one]));
  const text = lines.map((line) => line.join('|')).join(end) + end;
  return Buffer.from(before + Array.from(text, (letter) => sign.get(letter) ?? letter).join(''), charset);
}

/** What a message says: all of its event but the ids that its bytes give it, and what was told of the writing. */
function meaningOf(event: StayEvent): object {
  const { patient } = event;
  const [first, ...others] = patient.identities;
  const identities = [first, ...others.filter(({ type }) => type !== 'other')];
  return { ...event, patient: { ...patient, identities }, eventId: '', inboundId: '', findings: [] };
}

const LAST = 'blanks at the end of segments';

const MESSAGES: Readonly<Record<string, string>> = {
  admission: adt({
    obx: [fact('NEED', 'SOC~ROV', { 14: '202605101400' }), fact('CONSENT', 'Y', { 4: 'SOC' }), fact('CARETYPE', 'PSY')],
  }),
  'discharge with information': adt({
    trigger: 'A03',
    pv1: { 36: '01', 45: '20260510142800' },
    pid: { 30: 'N' },
    obx: [fact('READY', 'Y', { 14: '202605100900' }), fact('INFO', 'Ny medicin. Ät mer.', { 4: 'ROV' })],
  }),
  'update that deletes': adt({ trigger: 'A08', pv2: { 9: '""' }, pd1: { 3: '""' } }),
  'update that says nothing more': adt({ trigger: 'A08', pv2: { 9: undefined }, pd1: { 3: undefined } }),
};

const writtenOf = (message: string): Written => ({
  ...{ lines: lined(message), end: '\r', charset: 'utf8', delimiters: '|^~\\&', before: '' },
});

describe.each(Object.entries(MESSAGES))('the same %s', (_, message) => {
  const meant = meaningOf(stayEventOf(message));

  it.each(Object.keys(HABITS))('with %s', (habit) => {
    const written = HABITS[habit]!(writtenOf(message));
    expect(meaningOf(stayEventOf(bytesOf(written)))).toEqual(meant);
  });

  it('with any of these habits together', () => {
    const habits = fc.uniqueArray(fc.constantFrom(...Object.keys(HABITS)), { minLength: 2, maxLength: 12 });
    fc.assert(
      fc.property(habits, (names) => {
        // What is written behind a segment is written last.
        const last = names.toSorted((a, b) => Number(a === LAST) - Number(b === LAST));
        const written = last.reduce((one, name) => HABITS[name]!(one), writtenOf(message));
        expect(meaningOf(stayEventOf(bytesOf(written)))).toEqual(meant);
      }),
      { numRuns: 150 },
    );
  });
});

it('a deletion is not the same as nothing', () => {
  const [deletes, says] = ['update that deletes', 'update that says nothing more'].map((name) =>
    stayEventOf(MESSAGES[name]!),
  );
  expect([deletes?.encounter.expectedDischarge, says?.encounter.expectedDischarge]).toEqual([null, undefined]);
  expect([deletes?.patient.listedClinic, says?.patient.listedClinic]).toEqual([null, undefined]);
});
