import { describe, expect, it } from '@jest/globals';
import { adt } from '../../test/adt.ts';
import { eventOf, faultsOf, findingsOf, read } from '../../test/reading.ts';

const PNR_OID = '^^^&1.2.752.129.2.1.3.1&ISO';
const SNR_OID = '^^^&1.2.752.129.2.1.3.3&ISO';
const STOCKHOLM_OID = '^^^&1.2.752.97.3.1.3&ISO';
const NATIONAL_OID = '^^^&1.2.752.74.9.1&ISO';

const identitiesOf = (pid: Record<number, string | undefined>) =>
  eventOf({ pid }).patient.identities.map(({ type, value }) => `${type} ${value}`);
const faults = (pid: Record<number, string | undefined>) => faultsOf(read(adt({ pid })));

describe('an identity is known by its type', () => {
  it.each([
    ['personnummer by OID', `191212121212${PNR_OID}`, 'personnummer 191212121212'],
    ['personnummer by OID as namespace', '191212121212^^^1.2.752.129.2.1.3.1', 'personnummer 191212121212'],
    [
      'personnummer by FHIR system',
      '191212121212^^^&http://electronichealth.se/identifier/personnummer&URI',
      'personnummer 191212121212',
    ],
    ['personnummer by SKV', '191212121212^^^SKV', 'personnummer 191212121212'],
    ['personnummer by PNR', '191212121212^^^PNR', 'personnummer 191212121212'],
    ['personnummer by type NI', '191212121212^^^^NI', 'personnummer 191212121212'],
    ['personnummer by type NNSWE', '191212121212^^^^NNSWE', 'personnummer 191212121212'],
    ['personnummer by type PN of a local assigner', '191212121212^^^KS^PN', 'personnummer 191212121212'],
    ['personnummer with hyphen', `19121212-1212${PNR_OID}`, 'personnummer 191212121212'],
    ['ten digits with plus', `121212+1212${PNR_OID}`, 'personnummer 191212121212'],
    ['samordningsnummer by OID', `196109732393${SNR_OID}`, 'samordningsnummer 196109732393'],
    ['samordningsnummer by SKV', '196109732393^^^SKV', 'samordningsnummer 196109732393'],
    ['samordningsnummer under the OID of personnummer', `196109732393${PNR_OID}`, 'samordningsnummer 196109732393'],
    ['reserve number of Stockholm', `991981000010${STOCKHOLM_OID}`, 'reservnummer-stockholm 991981000010'],
    ['reserve number by RESNR', '991981000010^^^RESNR', 'reservnummer-stockholm 991981000010'],
    [
      'reserve number by its other URI',
      '991981000010^^^&https://uid.regionstockholm.se/reservnummer&URI',
      'reservnummer-stockholm 991981000010',
    ],
    ['national reserve number', `98240301AA06${NATIONAL_OID}`, 'nationelltReservnummer 98240301AA06'],
    ['national reserve number with hyphen', `22950606-FH20${NATIONAL_OID}`, 'nationelltReservnummer 22950606FH20'],
    ['LMA number', '50-1234567^^^LMA', 'LMA-nummer 50-1234567'],
    [
      "another region's reserve number by OID",
      '20210325K069^^^&1.2.752.113.11.0.2.1.1.1&ISO',
      'reservnummer-region 20210325K069',
    ],
    ["another region's by RESNR", '20210325K069^^^RESNR', 'reservnummer-region 20210325K069'],
    ['a foreign register, whatever the form and the type', '191212121212^^^&2.16.840.1.1&ISO^NI', 'other 191212121212'],
    [
      'the number of another country, though it has the form of ours',
      '19121212-1212^^^CPR^NNDNK',
      'other 19121212-1212',
    ],
    ['the number of another country, with no assigner', '121212-1212^^^^NNFIN', 'other 121212-1212'],
    ['a local number', '4711^^^KS^MR', 'other 4711'],
    ['a local number of twelve digits that is not right', '191212121213^^^KS^MR', 'other 191212121213'],
  ])('%s', (_, cx, expected) => {
    expect(identitiesOf({ 3: cx, 7: undefined })).toEqual([expected]);
  });

  it('in PID-4 counts where nothing else says who it is', () => {
    expect(identitiesOf({ 3: undefined, 4: '191212121212^^^SKV^PN' })).toEqual(['personnummer 191212121212']);
    expect(identitiesOf({ 4: '189001019802^^^SKV^PN' })).toEqual(['personnummer 191212121212']);
  });

  it('wherever it stands: PID-2 and PID-19 are read by type too', () => {
    expect(identitiesOf({ 2: `191212121212${PNR_OID}`, 3: '4711^^^KS^MR' })).toEqual([
      'personnummer 191212121212',
      'other 4711',
    ]);
    expect(identitiesOf({ 3: '4711^^^KS^MR', 19: '191212121212' })).toEqual([
      'personnummer 191212121212',
      'other 4711',
    ]);
  });

  it('the preferred comes first, and none comes twice', () => {
    const cx = [
      '4711^^^KS^MR',
      `991981000010${STOCKHOLM_OID}`,
      `196109732393${SNR_OID}`,
      '191212121212^^^SKV',
      `19121212-1212${PNR_OID}`,
    ];
    expect(identitiesOf({ 3: cx.join('~') })).toEqual([
      'personnummer 191212121212',
      'samordningsnummer 196109732393',
      'reservnummer-stockholm 991981000010',
      'other 4711',
    ]);
  });

  it('a local number is its own only with its assigner and its sender', () => {
    const systemOf = (cx: string) => eventOf({ pid: { 3: cx } }).patient.identities[0]?.system;
    expect(systemOf('4711^^^KS^MR')).toBe('https://bryggan.example/fhir/sid/KS/KS');
    expect(systemOf('4711^^^&2.16.840.1.1&ISO')).toBe('urn:oid:2.16.840.1.1');
    expect(systemOf('20210325K069^^^&1.2.752.74.9.2&ISO')).toBe('urn:oid:1.2.752.74.9.2');
  });

  it("the agreement's own rules come first", () => {
    const rules = [{ assigner: 'XYZ', type: 'LMA-nummer' as const }];
    expect(eventOf({ pid: { 3: '191212121212^^^XYZ' } }, { identityTypes: rules }).patient.identities).toMatchObject([
      { type: 'LMA-nummer', value: '191212121212' },
    ]);
  });
});

describe('a number without type is known by its form when the birth date agrees', () => {
  it.each([
    ['twelve digits, same day', '191212121212', '19121212', ['personnummer 191212121212']],
    ['twelve digits, another day', '191212121212', '19121213', ['other 191212121212']],
    ['twelve digits, no birth date', '191212121212', undefined, ['other 191212121212']],
    ['twelve digits of type MR, no birth date', '191212121212^^^KS^MR', undefined, ['personnummer 191212121212']],
    ['twelve digits of type MR, another day', '191212121212^^^KS^MR', '19500101', ['other 191212121212']],
    ['ten digits, same day', '1212121212', '19121212', ['personnummer 191212121212']],
    ['ten digits that are no personal number', '1234567890', undefined, ['other 1234567890']],
  ])('%s', (_, cx, birthDate, expected) => {
    expect(identitiesOf({ 3: cx, 7: birthDate })).toEqual(expected);
  });

  it('and is a fault when it could be a person of two centuries and nothing else tells who it is', () => {
    expect(faults({ 3: '1212121212', 7: undefined })).toEqual(['ambiguous-century@PID-3']);
    expect(identitiesOf({ 3: `1212121212~196101182803${PNR_OID}`, 7: undefined })).toEqual([
      'personnummer 196101182803',
    ]);
  });
});

describe('the century is never guessed', () => {
  it.each([
    ['ten digits, no birth date', '1212121212', undefined, ['ambiguous-century@PID-3']],
    ['ten digits, deleted birth date', '1212121212', '""', ['ambiguous-century@PID-3']],
    ['ten digits, another birth date', '1212121212', '19121213', ['bad-identity@PID-3']],
    ['hyphen means under a hundred', '121212-1212', '19121212', ['bad-identity@PID-3']],
    ['plus means a hundred or more', '121212+1212', '20121212', ['bad-identity@PID-3']],
  ])('%s', (_, number, birthDate, expected) => {
    expect(faults({ 3: number + PNR_OID, 7: birthDate })).toEqual(expected);
  });

  it.each([
    ['the birth date settles it', '1212121212', '19121212', '191212121212'],
    ['its year alone settles it', '1212121212', '1912', '191212121212'],
    ['so does the other century', '1212121212', '2012', '201212121212'],
    ['hyphen', '121212-1212', undefined, '201212121212'],
    ['hyphen, last century', '500907-2553', undefined, '195009072553'],
    ['plus', '121212+1212', '19121212', '191212121212'],
    ['a samordningsnummer by its birth date', '6109732393', '19610913', '196109732393'],
  ])('%s', (_, number, birthDate, expected) => {
    expect(eventOf({ pid: { 3: number + PNR_OID, 7: birthDate } }).patient.identities[0]?.value).toBe(expected);
  });

  it('the separator is read by the year of sending', () => {
    const sentIn = (year: string) =>
      eventOf({ msh: { 7: `${year}0510143000+0200` }, pid: { 3: `121212-1212${PNR_OID}`, 7: undefined } });
    expect(sentIn('2011').patient.identities[0]?.value).toBe('191212121212');
    expect(sentIn('2012').patient.identities[0]?.value).toBe('201212121212');
  });
});

describe('what a sender calls a personal identity must be one', () => {
  it.each([
    ['wrong check digit', `191212121213${PNR_OID}`, 'wrong-check-digit'],
    ['wrong check digit of a samordningsnummer', `196109732394${SNR_OID}`, 'wrong-check-digit'],
    ['wrong check digit under a type alone', '191212121213^^^^NI', 'wrong-check-digit'],
    ['wrong check digit under a local assigner', '191212121213^^^KS^PN', 'wrong-check-digit'],
    ['wrong check digit of a reserve number', `991981000011${STOCKHOLM_OID}`, 'wrong-check-digit'],
    ['a month that does not exist', `191213121212${PNR_OID}`, 'bad-identity'],
    ['a day that does not exist', `191202301212${PNR_OID}`, 'bad-identity'],
    ['letters', `ABC${PNR_OID}`, 'bad-identity'],
    ['a personnummer in the place of a reserve number', `191212121212${STOCKHOLM_OID}`, 'bad-identity'],
    ['letters that reserve numbers leave out', `98240301IO06${NATIONAL_OID}`, 'bad-identity'],
    ['two personal numbers', `191212121212${PNR_OID}~196101182803${PNR_OID}`, 'identities-differ'],
    ['a personnummer under RESNR', '191212121212^^^RESNR', 'bad-identity'],
  ])('%s', (_, cx, name) => {
    expect(faults({ 3: cx, 7: undefined })).toEqual([`${name}@PID-3`]);
  });

  it('an untyped number that is the birth date but for its check digit is not passed off as a local one', () => {
    expect(faults({ 3: '191212121213', 7: '19121212' })).toEqual(['wrong-check-digit@PID-3']);
  });
});

describe('an identifier that is wrong beside one that is right', () => {
  it.each([
    ['a wrong check digit', `191212121213${PNR_OID}~4711^^^KS^MR`, ['other 4711'], 'wrong-check-digit'],
    ['a form that is none', `ABC${PNR_OID}~191212121212^^^SKV`, ['personnummer 191212121212'], 'bad-identity'],
    ['an uncertain century', '1212121212~4711^^^KS^MR', ['other 4711'], 'ambiguous-century'],
    [
      'two personal numbers at once',
      `191212121212${PNR_OID}~196101182803${PNR_OID}~4711^^^KS^MR`,
      ['other 4711'],
      'identities-differ',
    ],
  ])('%s counts as not stated', (_, cx, expected, name) => {
    expect(identitiesOf({ 3: cx, 7: undefined })).toEqual(expected);
    expect(findingsOf({ pid: { 3: cx, 7: undefined } })).toEqual([`unstated ${name}@PID-3`]);
  });

  it('alone rejects the message: the patient cannot be kept apart from others', () => {
    expect(faults({ 3: `191212121213${PNR_OID}`, 7: undefined })).toEqual(['wrong-check-digit@PID-3']);
  });
});

describe('validity decides before type and position (DEC-35)', () => {
  const held = (number: string, from = '', to = '') => `${number}^^^SKV^^^${from}^${to}`;

  it.each<[string, string[], string]>([
    ['ended before', [held('191212121212', '', '20260509'), held('196101182803')], '196101182803'],
    ['ends today', [held('191212121212', '', '20260510')], '191212121212'],
    ['begins tomorrow', [held('191212121212', '20260511'), held('196101182803')], '196101182803'],
    ['the later beginning', [held('191212121212', '20200101'), held('196101182803', '20250101')], '196101182803'],
    ['an ended one before a local one in force', [held('191212121212', '', '20250101'), '4711^^^KS^MR'], '4711'],
    [
      'of ended ones the better type',
      ['4711^^^KS^MR^^^20250101', held('191212121212', '', '20250101')],
      '191212121212',
    ],
  ])('%s', (_, cx, expected) => {
    for (const order of [cx, [...cx].reverse()]) {
      expect(eventOf({ pid: { 3: order.join('~'), 7: undefined } }).patient.identities[0]?.value).toBe(expected);
    }
  });

  it('is kept on the identity, all of them', () => {
    const cx = `${held('191212121212', '20200101', '20251231')}~${held('196101182803', '2026010108')}`;
    expect(eventOf({ pid: { 3: cx, 7: undefined } }).patient.identities).toMatchObject([
      { value: '196101182803', from: '2026-01-01' },
      { value: '191212121212', from: '2020-01-01', to: '2025-12-31' },
    ]);
  });

  it('that cannot be read is left out and noted', () => {
    const cx = held('191212121212', 'igår', '2026');
    expect(eventOf({ pid: { 3: cx } }).patient.identities[0]).not.toHaveProperty('from');
    expect(findingsOf({ pid: { 3: cx } })).toEqual(['noted bad-timestamp@PID-3.7', 'noted bad-timestamp@PID-3.8']);
  });
});

it('a local number with a bare & is another one than without', () => {
  expect(identitiesOf({ 3: '4711&A^^^KS^MR', 7: undefined })).toEqual(['other 4711&A']);
});

it.each(['195009072553', '196101182803', '189002029800', '200001252386', '189602029812', '191212121212'])(
  'the test person %s is taken',
  (number) => {
    expect(identitiesOf({ 3: number + PNR_OID, 7: undefined })).toEqual([`personnummer ${number}`]);
  },
);

describe('identities beyond number', () => {
  const local = (count: number): string => Array.from({ length: count }, (_, n) => `L${n}^^^KS^MR`).join('~');

  it('are read as far as anybody has them, those that count first', () => {
    const pid = { 3: `${local(300)}~191212121212${PNR_OID}` };
    expect(identitiesOf(pid)).toHaveLength(50);
    expect(identitiesOf(pid).slice(0, 2)).toEqual(['personnummer 191212121212', 'other L0']);
    expect(findingsOf({ pid })).toEqual(['flagged more-identities@PID-3']);
    expect(findingsOf({ pid: { 3: local(50) } })).toEqual([]);
  });

  it('that are wrong are one fault, however many', () => {
    const wrong = Array.from({ length: 300 }, () => `191212121213${PNR_OID}`).join('~');
    expect(faults({ 3: wrong })).toEqual(['wrong-check-digit@PID-3']);
  });

  it('of a length that no number has are none', () => {
    const pid = { 3: `${'9'.repeat(256)}^^^KS^MR~1^^^${'Å'.repeat(200)}^MR~191212121212${PNR_OID}` };
    expect(identitiesOf(pid)).toEqual(['personnummer 191212121212']);
    expect(findingsOf({ pid })).toEqual(['unstated bad-identity@PID-3']);
  });
});
