import { describe, expect, it } from '@jest/globals';
import { statedTime } from '#libs/domain';
import { adt, fact, PNR, WARD } from '../../test/adt.ts';
import { eventOf, faultsOf, findingsOf, ids, INTAKE, KS, read, translatedOf } from '../../test/reading.ts';
import { TRANSLATOR_REVISION } from '../translation.ts';

const at = (text: string) => Date.parse(text);

describe('a whole message', () => {
  it('becomes the event that contract 5 describes', () => {
    const bytes = Buffer.from(adt({ obx: [fact('NEED', 'SOC~ROV')] }));
    const inboundId = ids.inbound('KS', bytes);
    expect(translatedOf(bytes)).toEqual({
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
        course: 'admit',
        at: at('2026-05-10T14:25:00+02:00'),
        sentAt: at('2026-05-10T14:30:00+02:00'),
        occurredAt: statedTime({ year: 2026, month: 5, day: 10, hour: 14, minute: 25, second: 0 }),
        intakeAt: INTAKE,
        intakeStamp: INTAKE * 1000,
        terms: {
          organisation: 'SE2321000016-1000',
          careProvider: 'Region Stockholm',
          legalForm: 'region-authority',
          ins: 'auto',
          impliedNeed: [],
          info: 'here',
          clock: 'trusted',
          connectedFrom: '2018-01-01',
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
          },
        ],
        findings: [],
      },
    });
  });

  it('is the same event however often it is read', () => {
    const bytes = adt({ obx: [fact('READY', 'Y')] });
    expect(read(bytes)).toEqual(read(bytes));
  });

  it('takes the agreement of its sender, and its revision', () => {
    const event = translatedOf(adt({ msh: { 4: 'DS' } }), { revision: 7 }, 'DS');
    expect(event).toMatchObject({
      event: { sender: 'DS', revision: 7000 + TRANSLATOR_REVISION, terms: { impliedNeed: ['SOC', 'ROV'] } },
    });
  });

  it.each([
    ['LF', '\n'],
    ['CRLF', '\r\n'],
  ])('may end its segments with %s', (_, end) => {
    expect(read(adt().replaceAll('\r', end)).kind).toBe('events');
  });

  it('is read by the charset that MSH-18 names', () => {
    const bytes = Buffer.from(adt({ msh: { 18: '8859/1' }, pid: { 5: 'Åkesson^Örjan' } }), 'latin1');
    expect(translatedOf(bytes)).toMatchObject({
      event: { patient: { name: { family: 'Åkesson', given: ['Örjan'] } } },
    });
  });

  it("is read by the sender's charset when MSH-18 is empty and the bytes are not UTF-8", () => {
    const bytes = Buffer.from(adt({ msh: { 18: undefined }, pid: { 5: 'Åkesson' } }), 'latin1');
    expect(translatedOf(bytes)).toMatchObject({ event: { patient: { name: { family: 'Åkesson' } } } });
  });

  it('decodes escapes after splitting', () => {
    const name = eventOf({ pid: { 5: 'Tolvan\\S\\Elvan^Tolv\\T\\Tio' } }).patient.name;
    expect(name).toEqual({ family: 'Tolvan^Elvan', given: ['Tolv&Tio'] });
  });

  it('takes the fields from where the agreement says that they are', () => {
    const pv1 = { 19: undefined, 50: 'V-2^x' };
    expect(
      translatedOf(adt({ pv1 }), { fields: { ...KS.fields, visitId: { segment: 'PV1', field: 50 } } }),
    ).toMatchObject({
      event: { stayId: ids.stay('SE2321000016-1000', 'V-2') },
    });
  });
});

describe('only a message that cannot be taken at all is rejected, and says why and where (SAL-1)', () => {
  it.each([
    ['another type of message', adt({ msh: { 9: 'ORU^R01' } }), ['unknown-message-type@MSH-9.1']],
    ['no MSH', 'PID|1', ['no-header@MSH']],
    ['a batch', `BHS|^~\\&\r${adt()}`, ['batch-not-taken@MSH']],
    ['a second message behind it', `${adt()}${adt()}`, ['several-messages@line 7']],
    ['no visit id', adt({ pv1: { 19: undefined } }), ['no-visit-id@PV1-19']],
    ['a deleted visit id', adt({ pv1: { 19: '""' } }), ['no-visit-id@PV1-19']],
    ['no identity', adt({ pid: { 3: undefined } }), ['no-patient-identity@PID-3']],
    [
      'two faults',
      adt({ pid: { 3: undefined }, pv1: { 19: '' } }),
      ['no-visit-id@PV1-19', 'no-patient-identity@PID-3'],
    ],
    [
      'letters in UTF-8 beside others that are none',
      Buffer.concat([Buffer.from(adt({ pid: { 5: 'Åkesson' } })), Buffer.from([0x4e, 0x54, 0x45, 0x7c, 0xe5])]),
      ['bad-charset@MSH-18'],
    ],
  ])('%s', (_, message, faults) => {
    expect(faultsOf(read(message))).toEqual(faults);
  });

  it('an unknown sender', () => {
    expect(faultsOf(read(adt(), {}, 'NOBODY'))).toEqual(['unknown-sender@MSH-4']);
  });

  it.each(['A09', 'A24', 'Z99', 'constructor', '__proto__'])('trigger "%s"', (trigger) => {
    expect(faultsOf(read(adt({ trigger })))).toEqual(['unsupported-trigger@MSH-9.2']);
  });
});

describe('what a trigger does, and when', () => {
  const EVN6 = '2026-05-10T14:25:00+02:00';
  const [ADMITTED, DISCHARGED, SENT] = [
    '2026-05-10T14:20:00+02:00',
    '2026-05-10T14:35:00+02:00',
    '2026-05-10T14:30:00+02:00',
  ];

  it.each([
    ['A01', 'admit', ADMITTED],
    ['A02', 'move', SENT],
    ['A03', 'discharge', DISCHARGED],
    ['A04', 'register', SENT],
    ['A05', 'pre-admit', SENT],
    ['A06', 'to-inpatient', SENT],
    ['A07', 'to-outpatient', SENT],
    ['A08', 'update', SENT],
    ['A11', 'cancel-admission', SENT],
    ['A12', 'cancel-move', SENT],
    ['A13', 'cancel-discharge', SENT],
    ['A14', 'pre-admit', SENT],
    ['A16', 'planned-end', SENT],
    ['A21', 'leave-start', SENT],
    ['A22', 'leave-end', SENT],
    ['A25', 'cancel-planned-end', SENT],
  ])('%s is %s', (trigger, course, withoutEvn6) => {
    const pv1 = { 45: '20260510143500' };
    expect(eventOf({ trigger, pv1 })).toMatchObject({ trigger, course, at: at(EVN6) });
    expect(eventOf({ trigger, pv1, evn: { 6: undefined } }).at).toBe(at(withoutEvn6));
    expect(eventOf({ trigger, pv1: { 44: undefined }, evn: { 6: undefined } }).at).toBe(at(SENT));
  });

  it.each([
    ['A08', { evn: { 6: '20270510' } }, ['flagged event-after-message@EVN-6']],
    ['A05', { evn: { 6: '20270510' } }, []],
    ['A03', { evn: { 6: undefined }, pv1: { 45: '20270510' } }, ['flagged discharge-after-message@PV1-45']],
  ])('a time far ahead is no place in the order of time: %s', (trigger, parts, findings) => {
    expect(eventOf({ trigger, ...parts }).at).toBe(at(SENT));
    expect(findingsOf({ trigger, ...parts })).toEqual(findings);
  });

  it('an imprecise time counts from its start', () => {
    expect(eventOf({ evn: { 6: '20260510' } }).at).toBe(at('2026-05-10T00:00:00+02:00'));
  });

  it('an agreement may say otherwise of a trigger, and take one that others may not send', () => {
    const triggers = new Map(KS.triggers)
      .set('A04', [{ course: 'admit', time: ['admittedAt'], when: [] }])
      .set('Z01', [{ course: 'move', time: ['recordedAt'], when: [] }]);
    expect(eventOf({ trigger: 'A04' }, { triggers })).toMatchObject({ course: 'admit', at: at(ADMITTED) });
    const evn = { 2: '202605101415', 6: undefined };
    expect(eventOf({ trigger: 'Z01', evn }, { triggers })).toMatchObject({
      course: 'move',
      at: at('2026-05-10T14:15:00+02:00'),
    });
  });

  it.each<[string, string, object, string[]]>([
    ['of an admission', 'A01', { evn: { 6: undefined }, pv1: { 44: undefined } }, ['flagged no-admission-time@PV1-44']],
    ['of a change', 'A06', { evn: { 6: undefined }, pv1: { 44: undefined } }, ['flagged no-admission-time@PV1-44']],
    ['when EVN-6 has it', 'A01', { pv1: { 44: undefined } }, []],
    ['of an outpatient', 'A01', { evn: { 6: undefined }, pv1: { 2: 'E', 44: undefined } }, []],
    ['of an update', 'A08', { evn: { 6: undefined }, pv1: { 44: undefined } }, []],
    ['of a discharge', 'A03', { evn: { 6: undefined } }, ['flagged no-discharge-time@PV1-45']],
    ['of a discharge when EVN-6 has it', 'A03', {}, []],
    ['of a discharge that PV1-45 has', 'A03', { evn: { 6: undefined }, pv1: { 45: '20260510142500' } }, []],
    [
      'that cannot be read',
      'A01',
      { evn: { 6: undefined }, pv1: { 44: 'nu' } },
      ['unstated bad-timestamp@PV1-44', 'flagged no-admission-time@PV1-44'],
    ],
  ])('a missing time %s (DEC-28)', (_, trigger, parts, expected) => {
    expect(findingsOf({ trigger, ...parts })).toEqual(expected);
  });
});

it.each<[string, string, string[]]>([
  ['A01', '', ['flagged no-class@PV1-2']],
  ['A01', '""', ['flagged no-class@PV1-2']],
  ['A01', 'E', []],
  ['A08', '', []],
  ['A03', '', []],
])('%s with PV1-2 %j says that nobody is told of it, if it means that', (trigger, code, expected) => {
  expect(findingsOf({ trigger, pv1: { 2: code, ...(trigger === 'A03' && { 45: '20260510142500' }) } })).toEqual(
    expected,
  );
});

it('everything that is not right in a message stands on its event at once, and the rest is read', () => {
  const parts = {
    pid: { 7: '18900000' },
    pv1: { 2: 'Q', 3: '11^^^Avd 11' },
    pv2: { 9: 'v.20' },
    obx: [fact('NEED', 'SOC'), fact('NEEDS', 'ROV'), fact('BASIS', '?')],
  };
  expect(findingsOf(parts)).toEqual([
    'noted bad-timestamp@PID-7',
    'unstated bad-class@PV1-2',
    'unstated bad-hsa-id@PV1-3.4',
    'unstated bad-timestamp@PV2-9',
    'unstated unknown-fact@OBX[2]-3',
    'unstated unknown-fact-value@OBX[3]-5',
  ]);
  expect(eventOf(parts)).toMatchObject({
    patient: { name: { family: 'Tolvan' }, address: { municipality: '0180' } },
    encounter: { start: { precision: 'second' } },
    facts: [{ code: 'NEED', values: ['SOC'] }],
  });
});

it('of faults without number the first hundred are listed, and that there are more', () => {
  const findings = findingsOf({ obx: Array.from({ length: 5000 }, () => fact('NEEDS', 'SOC')) });
  expect(findings).toHaveLength(101);
  expect(findings.slice(99)).toEqual(['unstated unknown-fact@OBX[100]-3', 'flagged more-findings@MSH']);
});

it('the preferred identity decides who the patient is', () => {
  const other = eventOf({ pid: { 3: `4711^^^KS^MR~${PNR}` } });
  expect(other.patientId).toBe(eventOf({}).patientId);
});

it('a visit id with a bare & is another one than without', () => {
  expect(eventOf({ pv1: { 19: 'V&1' } }).stayId).toBe(ids.stay('SE2321000016-1000', 'V&1'));
});
