import { describe, expect, it } from '@jest/globals';
import { IdMaker } from '#libs/platform';
import { NOTICE_FORM_CODES, noticeFormFaults, readNoticeForm, visitIdOf, type NoticeForm } from './index.ts';

const ids = new IdMaker(Buffer.alloc(32, 7));
const WARD = 'SE2321000016-1002';
const PERSON = { identity: { type: 'personnummer', value: '191212121212' }, family: 'Tolvansson', given: ['Tolvan'] };
const STAY = { admitted: '2026-05-10T14:00' };
const CONTENT: Record<string, object> = {
  NEED: { need: ['SOC', 'ROV'], at: '2026-05-10', circumstances: { careType: 'PSY', contact: ['SE2321000016-2001'] } },
  CONSENT: { given: true, scopes: ['SOC'] },
  BASIS: { grounds: ['MENPROVNING'] },
  INS: { need: ['SOC'], expectedDischarge: '2026-05-14' },
  'INS-WITHDRAWN': { because: 'NO-NEED' },
  BUT: { expectedDischarge: '2026-05-15' },
  UTK: { at: '2026-05-12T09:30' },
  'UTK-WITHDRAWN': {},
  UTS: { discharged: '2026-05-14T10:30', leaving: 'home' },
  INFO: { text: 'Läkemedel ändrade.', scopes: ['ROV'] },
  TRANSFER: { discharged: '2026-05-14T10:30', receivingUnit: 'Geriatriken' },
  'LEAVE-START': { happened: '2026-05-11T10:00' },
  'LEAVE-END': { happened: '2026-05-11T18:00' },
  DECEASED: { died: '2026-05-13' },
  'OPT-APPLIED': {},
  'OPT-DECISION': { at: '2026-05-13' },
  PATINFO: { text: 'Skriftlig och muntlig information given' },
  CHECK: { text: 'Läkemedel medskickade' },
  OPPOSED: { scopes: ['SOC'] },
  'PLAN-INFO': { text: 'Behöver hjälp med dusch.', grounds: ['CONSENT'] },
  QUERY: { text: 'När kan hemtjänsten börja?' },
  ANSWER: { text: 'Ja.', question: '000000d1-0000-8000-8000-000000000001' },
  'SIP-CALL': { invited: ['0184'], at: '2026-05-14T10:00' },
  'SIP-PROPOSE': { at: '2026-05-14T10:00' },
  'SIP-REPLY': { proposal: '000000d1-0000-8000-8000-000000000001', accepted: true },
  'SIP-DECLINED': { by: 'PERSON' },
  'SIP-PLAN': { state: 'made', items: ['MEASURES', 'LEAD'], consent: true, tookPart: ['PERSON'] },
  SVPL: { state: 'made', units: ['0184'] },
  'SVPL-ADJ': { plan: '000000d1-0000-8000-8000-000000000001', unit: '0184' },
  CALL: { recipient: '0184', channel: 'fax', happened: '2026-05-10T15:30', notice: 'INS', reason: 'Systemet nere' },
};
const notice = (code: string, more: object = {}) => ({
  ...{ code, ward: WARD, person: PERSON, stay: STAY },
  ...CONTENT[code],
  ...more,
});
const read = (value: unknown) => readNoticeForm(Buffer.from(JSON.stringify(value)));
const form = (value: unknown): NoticeForm => {
  const reading = read(value);
  if (!reading.ok) throw new Error(reading.faults.map(({ name, place = '' }) => `${name}@${place}`).join(' '));
  return reading.value;
};
const OF = {
  sender: { wards: [{ hsaId: WARD }], legalForm: 'region-authority' as const },
  knows: (id: string) => id === '0184',
};
const faultsOf = (value: unknown): string[] => {
  const reading = read(value);
  const faults = reading.ok ? noticeFormFaults(reading.value, OF) : reading.faults;
  return faults.map(({ name, place = '' }) => `${name}@${place}`);
};

it.each<[string, string | undefined, readonly string[]]>([
  ['a day after it was sent', '2026-05-09T14:00', ['admission-after-message@$.stay.admitted']],
  ['of the other half of the year, as a clock may be', '2026-05-10T12:30', []],
  ['on the day on which it was sent', '2026-05-10', []],
  ['and nobody says when it was sent', undefined, []],
])('an admission %s', (_, sent, faults) => {
  expect(faultsOf(notice('NEED', sent === undefined ? {} : { sent }))).toEqual(faults);
});
it('a discharge that had not been when it was sent is none', () => {
  const sent = (discharged: string) => faultsOf(notice('UTS', { sent: '2026-05-12T14:00', discharged }));
  expect(sent('2026-05-13T14:00')).toEqual(['discharge-after-message@$.discharged']);
  expect(sent('2026-05-12T15:00')).toEqual([]);
});
const identity = (value: string, type = 'personnummer') => ({ person: { identity: { type, value } } });

describe('a notice form', () => {
  it.each(NOTICE_FORM_CODES)('of %s is read', (code) => expect(faultsOf(notice(code))).toEqual([]));

  it.each<[string, unknown, string[]]>([
    ['no ward', notice('UTK', { ward: undefined }), ['bad-form@$.ward']],
    ['a ward of another sender', notice('UTK', { ward: 'SE2321000016-1102' }), ['unknown-ward@$.ward']],
    ['no stay', notice('UTK', { stay: {} }), ['bad-form@$.stay']],
    ['a need and none', notice('NEED', { need: ['SOC', 'NONE'] }), ['bad-form@$.need[1]', 'bad-form@$.need']],
    ['a wrong check digit', notice('UTK', identity('191212121213')), ['wrong-check-digit@$.person.identity.value']],
    ['ten digits', notice('UTK', identity('1212121212')), ['ambiguous-century@$.person.identity.value']],
    ['a number of another type', notice('UTK', identity('196109732393')), ['bad-identity@$.person.identity.value']],
    [
      'a certainty of what is no co-ordination number',
      notice('UTK', { person: { identity: { ...PERSON.identity, certainty: 'osaker' } } }),
      ['bad-identity@$.person.identity.certainty'],
    ],
    ['a day that is none', notice('UTS', { discharged: '2026-02-30' }), ['bad-timestamp@$.discharged']],
    ['an hour that is not there', notice('UTS', { discharged: '2026-03-29T02:30' }), ['time-in-gap@$.discharged']],
    [
      'an admission that is no time',
      notice('UTK', { stay: { admitted: '2026-13-01' } }),
      ['bad-timestamp@$.stay.admitted'],
    ],
    ['a call to nobody', notice('CALL', { recipient: '9999' }), ['unknown-party@$.recipient']],
    ['a key of another form', notice('UTK', { need: ['SOC'] }), ['bad-form@$']],
  ])('with %s is refused, and the place says where', (_what, value, expected) => {
    expect(faultsOf(value)).toEqual(expect.arrayContaining(expected));
  });
});

describe('the stay of a form', () => {
  const visit = (more: object, sender = 'KS') => visitIdOf(form(notice('UTK', more)), sender, ids);

  it('is the one that the ward names', () => {
    expect(visit({ stay: { visitId: 'V1', admitted: '2026-05-10' } })).toBe('V1');
  });

  it('is else that of sender, person and local day of admission, whatever else is said', () => {
    const day = visit({ stay: { admitted: '2026-05-10' } });
    expect(visit({ stay: { admitted: '2026-05-10T23:59' }, at: '2026-05-12' })).toBe(day);
    expect(visit({ stay: { admitted: '2026-05-10T22:30Z' } })).not.toBe(day);
    expect(visit({ stay: { admitted: '2026-05-11' } })).not.toBe(day);
    expect(visit({ stay: { admitted: '2026-05-10' } }, 'DS')).not.toBe(day);
    expect(visit({ stay: { admitted: '2026-05-10' }, ...identity('189001019802') })).not.toBe(day);
    expect(day).not.toContain('1212');
  });
});
