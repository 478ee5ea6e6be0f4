import { describe, expect, it } from '@jest/globals';
import { statedTime } from '#libs/domain';
import { adt, fact, PNR, WARD } from '../test/adt.ts';
import { eventOf, faultsOf, ids, INTAKE, KS, read } from '../test/reading.ts';
import { TRANSLATOR_REVISION } from './translate.ts';

const at = (text: string) => Date.parse(text);

describe('a whole message', () => {
  it('becomes the event that contract 5 describes', () => {
    const bytes = Buffer.from(adt({ obx: [fact('NEED', 'SOC~ROV')] }));
    const translation = read(bytes);
    const inboundId = ids.inbound('KS', bytes);
    expect(translation).toEqual({
      kind: 'event',
      raw: { controlId: 'C-1', visitId: 'V-1001' },
      event: {
        eventId: ids.event(inboundId, 0),
        inboundId,
        ordinal: 0,
        revision: 1000 + TRANSLATOR_REVISION,
        stayId: ids.stay('SE2321000016-1000', 'V-1001'),
        patientId: ids.patient('http://electronichealth.se/identifier/personnummer', '191212121212'),
        sender: 'KS',
        trigger: 'A01',
        sentAt: at('2026-05-10T14:30:00+02:00'),
        occurredAt: statedTime({ year: 2026, month: 5, day: 10, hour: 14, minute: 25, second: 0 }),
        intakeAt: INTAKE,
        terms: {
          organisation: 'SE2321000016-1000',
          careProvider: 'Region Stockholm',
          legalForm: 'region-authority',
          ins: 'auto',
          impliedNeed: [],
          info: 'here',
          clock: 'trusted',
        },
        patient: {
          identities: [
            {
              type: 'personnummer',
              system: 'http://electronichealth.se/identifier/personnummer',
              value: '191212121212',
            },
          ],
          name: { family: 'Tolvan', given: ['Tolv'] },
          birthDate: '1912-12-12',
          address: {
            lines: ['Exempelgatan 12', 'lgh 1101'],
            postalCode: '164 40',
            city: 'Kista',
            municipality: '0180',
            district: 'jarva',
          },
          listedClinic: 'SE2321000016-2001',
        },
        encounter: {
          class: 'IMP',
          ward: WARD,
          start: statedTime({ year: 2026, month: 5, day: 10, hour: 14, minute: 20, second: 0 }),
          expectedDischarge: statedTime({ year: 2026, month: 5, day: 14 }),
        },
        facts: [
          {
            code: 'NEED',
            scopes: [],
            values: ['SOC', 'ROV'],
            status: 'F',
            at: at('2026-05-10T14:25:00+02:00'),
            ownTime: false,
          },
        ],
      },
    });
  });

  it('is the same event however often it is read', () => {
    const bytes = adt({ obx: [fact('READY', 'Y')] });
    expect(read(bytes)).toEqual(read(bytes));
  });

  it('takes the agreement of its sender, and its revision', () => {
    const event = read(adt({ msh: { 4: 'DS' } }), { revision: 7 }, 'DS');
    expect(event).toMatchObject({
      event: { sender: 'DS', revision: 7000 + TRANSLATOR_REVISION, terms: { impliedNeed: ['SOC', 'ROV'] } },
    });
  });

  it.each([
    ['LF', '\n'],
    ['CRLF', '\r\n'],
  ])('may end its segments with %s', (_, end) => {
    expect(read(adt().replaceAll('\r', end)).kind).toBe('event');
  });

  it('is read by the charset that MSH-18 names', () => {
    const bytes = Buffer.from(adt({ msh: { 18: '8859/1' }, pid: { 5: 'Åkesson^Örjan' } }), 'latin1');
    expect(read(bytes)).toMatchObject({ event: { patient: { name: { family: 'Åkesson', given: ['Örjan'] } } } });
  });

  it("is read by the sender's charset when MSH-18 is empty and the bytes are not UTF-8", () => {
    const bytes = Buffer.from(adt({ msh: { 18: undefined }, pid: { 5: 'Åkesson' } }), 'latin1');
    expect(read(bytes)).toMatchObject({ event: { patient: { name: { family: 'Åkesson' } } } });
  });

  it('decodes escapes after splitting', () => {
    const name = eventOf({ pid: { 5: 'Tolvan\\S\\Elvan^Tolv\\T\\Tio' } }).patient.name;
    expect(name).toEqual({ family: 'Tolvan^Elvan', given: ['Tolv&Tio'] });
  });

  it('takes the fields from where the agreement says that they are', () => {
    const pv1 = { 19: undefined, 50: 'V-2' };
    expect(read(adt({ pv1 }), { fields: { ...KS.fields, visitId: { segment: 'PV1', field: 50 } } })).toMatchObject({
      event: { stayId: ids.stay('SE2321000016-1000', 'V-2') },
    });
  });
});

describe('a message that cannot be translated says why and where', () => {
  it.each([
    ['another type of message', adt({ msh: { 9: 'ORU^R01' } }), ['unknown-message-type@MSH-9.1']],
    ['another trigger', adt({ trigger: 'A40' }), ['unsupported-trigger@MSH-9.2']],
    ['no MSH', 'PID|1', ['no-header@MSH']],
    ['a batch', `BHS|^~\\&\r${adt()}`, ['batch-not-taken@MSH']],
    ['a line that is no segment', `${adt()}nonsense\r`, ['parse-fault@line 7']],
    ['no time of sending', adt({ msh: { 7: undefined } }), ['missing-field@MSH-7']],
    ['an impossible time of sending', adt({ msh: { 7: '20260231' } }), ['bad-timestamp@MSH-7']],
    ['no visit id', adt({ pv1: { 19: undefined } }), ['no-visit-id@PV1-19']],
    ['a deleted visit id', adt({ pv1: { 19: '""' } }), ['no-visit-id@PV1-19']],
    ['no identity', adt({ pid: { 3: undefined } }), ['no-patient-identity@PID-3']],
    [
      'two faults',
      adt({ pid: { 3: undefined }, pv1: { 19: '' } }),
      ['no-visit-id@PV1-19', 'no-patient-identity@PID-3'],
    ],
    ['bytes that are not UTF-8', Buffer.from(adt({ pid: { 5: 'Åkesson' } }), 'latin1'), ['bad-charset@MSH-18']],
    ['letters that the sender lost', adt({ pid: { 5: '\uFFFDkesson' } }), ['bad-charset@MSH-18']],
  ])('%s', (_, message, faults) => {
    expect(faultsOf(read(message))).toEqual(faults);
  });

  it('an unknown sender', () => {
    expect(faultsOf(read(adt(), {}, 'NOBODY'))).toEqual(['unknown-sender@MSH-4']);
  });

  it('but lost letters in what is passed on to nobody are no hindrance', () => {
    expect(read(`${adt()}NK1|1|\uFFFDkesson\r`).kind).toBe('event');
  });
});

it('the preferred identity decides who the patient is', () => {
  const other = eventOf({ pid: { 3: `4711^^^KS^MR~${PNR}` } });
  expect(other.patientId).toBe(eventOf({}).patientId);
});
