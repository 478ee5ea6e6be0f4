import { describe, expect, it } from '@jest/globals';
import { outcomeOf } from './outcome.ts';

/*
 * Messages as the world writes them, in the habits of libraries, interface engines, validators and vendors that others use.
 * Each goes the whole way in, by the door and the translator, and ends as it should: an event that says what the message says,
 * a rejection with its reason (AA, and a quarantine), or a refusal with its code of table 0357. We wrote all of them.
 */
/** What a writer is told to write. */
interface Said {
  readonly trigger: string;
  readonly visit: string;
}
const NUMBER = '191212121212';
const WARD = 'SE2321000016-1001';
/** Fields by number, from 1. */
function line(name: string, fields: Readonly<Record<number, string>>): string {
  const last = Math.max(...Object.keys(fields).map(Number));
  return [name, ...Array.from({ length: last }, (_, at) => fields[at + 1] ?? '')].join('|');
}
/** MSH, whose first field is the separator itself. */
const msh = (fields: Readonly<Record<number, string>>, encoding = '^~\\&'): string =>
  line(
    'MSH',
    Object.fromEntries(Object.entries({ 2: encoding, ...fields }).map(([at, text]) => [Number(at) - 1, text])),
  );
const visited = ({ visit }: Said, more: Readonly<Record<number, string>> = {}): string =>
  line('PV1', { 1: '1', 2: 'I', 3: `11^^^${WARD}`, 19: visit, 44: '20260510142000', ...more });
/** Of a merge: whom the person was. */
const merged = ({ trigger }: Said): string[] =>
  ['A18', 'A34', 'A40'].includes(trigger) ? ['MRG|189001019802^^^SKV^PN'] : [];

/** Each writes the same message in its own habits. */
const WRITERS: Readonly<Record<string, (said: Said) => Buffer | string>> = {
  'a typed Java library: structures, CR, every field in its place': (said) =>
    [
      msh({
        3: 'TestSendingSystem',
        4: 'KS',
        5: 'HUB',
        7: '20260510143000',
        9: `ADT^${said.trigger}^ADT_A01`,
        10: '123',
        11: 'P',
        12: '2.4',
      }),
      `EVN|${said.trigger}|20260510143000`,
      `PID|1||${NUMBER}^^^&1.2.752.129.2.1.3.1&ISO^NI||Tolvan^Tolv^^^^^L||19121212|M`,
      ...merged(said),
      visited(said),
      '',
    ].join('\r'),
  'an engine with a script: LF, escape character twice, Z segments, enhanced mode': (said) =>
    [
      msh(
        {
          3: 'ENGINE',
          4: 'KS',
          7: '20260510143000.123+0200',
          9: `ADT^${said.trigger}`,
          10: 'a1b2-c3',
          11: 'P',
          12: '2.3',
          15: 'AL',
          16: 'NE',
        },
        '^~\\\\&',
      ),
      `EVN|${said.trigger}|20260510143000|||OP^Operator`,
      `PID|||4711^^^LOCAL^MR~19121212-1212^^^SKV^PN||TOLVAN^TOLV||19121212000000|1|||^^^^|`.replace('TOLVAN', 'Tolvan'),
      ...merged(said),
      visited(said),
      'ZPI|1|VIP^Y|~|',
      'ZZZ',
    ].join('\n'),
  'a .NET library: CRLF, nulls, minutes': (said) =>
    [
      msh({
        3: 'SomeApp',
        4: 'KS^1.2.3.4^ISO',
        6: 'X^1.2^ISO',
        7: '202605101430',
        8: '""',
        9: `ADT^${said.trigger}^ADT_${said.trigger}`,
        10: '000001',
        11: 'P^T',
        12: '2.3.1^SWE&&ISO^2.3.1',
      }),
      `EVN|${said.trigger}|202605101430||01||202605101425`,
      `PID|1|""|${NUMBER}^^^1.2.752.129.2.1.3.1&&ISO^NNSWE|""|Tolvan&&Tolvan^Tolv|""|19121212|M|""||""`,
      ...merged(said),
      visited(said, { 4: '""', 36: '""', 44: '202605101420' }),
      '',
    ].join('\r\n'),
  'a Python library: LF, byte order mark, blank lines, later version': (said) =>
    Buffer.from(
      `\uFEFF${[
        msh({
          3: 'py',
          4: 'KS',
          7: '20260510143000+0200',
          9: `adt^${said.trigger.toLowerCase()}`,
          10: 'MSG-1',
          11: 'P',
          12: '2.6',
          18: 'UTF-8',
        }),
        '',
        `evn||20260510143000+0200`,
        `pid|1||${NUMBER}^^^&1.2.752.129.2.1.3.1&ISO^NI||Tolvan^Tolv||19121212`,
        ...merged(said).map((text) => text.replace('MRG', 'mrg')),
        visited(said).replace('PV1', 'pv1'),
        '',
        '',
      ].join('\n')}`,
    ),
  'a Node library: five encoding characters, no set ids': (said) =>
    [
      msh(
        {
          3: 'node',
          4: 'KS',
          7: '20260510143000',
          9: `ADT^${said.trigger}^ADT_A05`,
          10: 'c1',
          11: 'P',
          12: '2.7',
          21: 'PROFILE^^1.2^ISO',
        },
        '^~\\&#',
      ),
      `EVN|${said.trigger}|20260510143000`,
      `PID|||${NUMBER}^^^SKV^PN^^^^||Tolvan^Tolv^^^^||19121212||||||||||||||||||||||||||||||`,
      ...merged(said),
      visited(said, { 1: '' }),
    ].join('\r'),
  'an IHE profile: movements, assigners with OIDs, national extensions': (said) =>
    [
      msh({
        3: 'PAM_PES',
        4: 'KS',
        5: 'PAM_PEC',
        6: 'TEST',
        7: '20260510143000+0200',
        9: `ADT^${said.trigger}^ADT_A05`,
        10: '20260510143000',
        11: 'P',
        12: '2.5^FRA^2.1',
        15: 'NE',
        16: 'AL',
        17: 'SWE',
        18: 'UNICODE UTF-8',
        19: 'SV',
      }),
      `EVN||20260510143000+0200|||USER^Test||${KS_FACILITY}`,
      `PID|1||DDS-1^^^ASSIGNER&1.3.6.1.4.1.12559.11.1.2.2.5&ISO^PI~${NUMBER}^^^SKV&1.2.752.129.2.1.3.1&ISO^NI||Tolvan^Tolv^^^^^L^A||19121212|M|||^^^^^SWE^BR~Gatan 1^^Kista^^16440^SWE^H||||||||AN1^^^AN&1.2.3&ISO^AN|||||||||||N||VALI`,
      ...merged(said),
      visited(said, { 19: `${said.visit}^^^KS&1.2.3.4&ISO^VN` }),
      'ZBE|mvt_1^PES^1.2.3^ISO|20260510142000||INSERT|N|||11^^^^^UF|HMS',
      'ZFA||||||||N',
    ].join('\r'),
  'a simulator: ASCII, security field, insurance and diagnoses behind': (said) =>
    [
      msh({
        3: 'SIM',
        4: 'KS',
        5: 'RAPP',
        6: 'RFAC',
        7: '20260510143000',
        8: '5',
        9: `ADT^${said.trigger}`,
        10: '5',
        11: 'P',
        12: '2.3',
        15: 'AL',
        17: '44',
        18: 'ASCII',
      }),
      `EVN|${said.trigger}|20260510143000|||C006^Wool^Kath^^^Dr^^^DRNBR^PRSNL^^^ORGDR|`,
      `PID|1|${NUMBER}^^^SKV^PN|2590157853^^^SIMULATOR MRN^MRN|2478684691^^^NHSNBR^NHSNMBR|Tolvan^Tolv^Åke^^Dr^^CURRENT||19121212000000|1|||170 Axis^^London^^RW21 6SC^GBR^HOME||020 368 1665^HOME|||||||||R^^||||||||`.replace(
        'Åke',
        'A',
      ),
      'PD1|||FAMILY PRACTICE^^12345|',
      ...merged(said),
      visited(said, { 10: 'MED', 14: '1', 18: 'INPATIENT' }),
      'AL1|0|ALLERGY|Z88.5^Narcotic^ZAL|MODERATE|Rash|',
      'DG1|1||I50^Heart||20260509|A',
      'GT1|1|1516^4^M11|Somebody^Else',
      'IN1|1|BAV^Blue|IC-1',
      'OBX|1|NM|8867-4^heartrate^LN||60|/min|70-80||||F',
    ].join('\r'),
  'an old vendor: 8859/1, padded fields, a line that somebody wrapped': (said) =>
    Buffer.from(
      [
        msh({
          3: 'ADT1    ',
          4: 'KS      ',
          7: '20260510143000',
          9: `ADT^${said.trigger} `,
          10: '1  ',
          11: 'P ',
          12: '2.2 ',
        }),
        `EVN|${said.trigger}|20260510143000   `,
        `PID|||${NUMBER}  ^^^SKV^PN||Tolvan  ^Tolv||19121212|M|||Åsögatan 1^^Kista^`,
        `     ^16440||08-123||S`.trimEnd(),
        ...merged(said),
        visited(said),
      ].join('\r\n'),
      'latin1',
    ),
};
const KS_FACILITY = 'KS^1.2.3.4^ISO';

const COURSES: Readonly<Record<string, string>> = {
  ...{ A01: 'admit', A02: 'move', A03: 'discharge', A04: 'register', A05: 'pre-admit', A06: 'to-inpatient' },
  ...{ A07: 'to-outpatient', A08: 'update', A11: 'cancel-admission', A12: 'cancel-move', A13: 'cancel-discharge' },
  ...{ A14: 'pre-admit', A16: 'planned-end', A21: 'leave-start', A22: 'leave-end', A25: 'cancel-planned-end' },
  ...{ A18: 'merged', A28: 'described', A31: 'described', A34: 'merged', A40: 'merged' },
};

describe.each(Object.entries(WRITERS))('%s', (name, write) => {
  it.each(Object.entries(COURSES))('%s', (trigger, course) => {
    const outcome = outcomeOf(Buffer.from(write({ trigger, visit: 'V-1' })));
    const wrapped = name.includes('wrapped') ? ' broken-segment@line 4' : '';
    // Only one of them says when it happened (EVN-6): what the others leave out is told.
    const untimed = trigger === 'A03' && !name.includes('.NET') ? ' no-discharge-time@PV1-45' : '';
    // All of them say that the patient is an inpatient, which these two deny.
    const denied = ['A04', 'A07'].includes(trigger) ? ' class-differs@PV1-2' : '';
    const flagged = `${wrapped}${untimed}${denied}`;
    const isOfPerson = ['A18', 'A28', 'A31', 'A34', 'A40'].includes(trigger);
    const says = isOfPerson ? course : `${course} Tolvan ${NUMBER} V-1 2026-05-10T14:20`;
    expect(outcome).toEqual([expect.stringMatching(new RegExp(`^AA ${trigger} ${says}(:00)?(\\+02:00)?${flagged}$`))]);
  });
});

const PV1 = visited({ trigger: 'A01', visit: 'V-1' });
const PID = `PID|1||${NUMBER}^^^SKV^PN||Tolvan^Tolv||19121212`;
const headed = (more: Readonly<Record<number, string>> = {}, encoding?: string): string =>
  msh(
    { 3: 'X', 4: 'KS', 7: '20260510143000+0200', 9: 'ADT^A01^ADT_A01', 10: '1', 11: 'P', 12: '2.5.1', ...more },
    encoding,
  );
const whole = (more: Readonly<Record<number, string>> = {}): string => [headed(more), PID, PV1].join('\r');
const identified = (cx: string): string => [headed(), PID.replace(`${NUMBER}^^^SKV^PN`, cx), PV1].join('\r');
const ADMITTED = `AA A01 admit Tolvan ${NUMBER} V-1 2026-05-10T14:20:00+02:00`;

describe('is refused at the door, with its code of table 0357', () => {
  it.each(
    `ORU^R01 ORM^O01 OML^O21 SIU^S12 MDM^T02 DFT^P03 BAR^P01 VXU^V04 MFN^M02 RDE^O11 RAS^O17 REF^I12 PPR^PC1 QRY^A19
    ADR^A19 QBP^Q22 RSP^K22 NMD^N02 CSU^C09 ORL^O22 OUL^R22 PGL^PC6 MCF^Q02 UDM^Q05 ZZZ^Z01 A01 ^A01`.split(/\s+/),
  )('a message of type %s', (type) => {
    expect(outcomeOf(Buffer.from(whole({ 9: type })))).toEqual(['AR 200 unknown-message-type@MSH-9.1']);
  });

  it.each(
    `A09 A10 A15 A17 A19 A20 A23 A24 A26 A27 A29 A30 A32 A33 A35 A36 A37 A38 A39 A41 A44 A45 A47 A49 A51 A54 A55 A60 A61
    A62 A99 Z01 A1`.split(/\s+/),
  )('an event %s', (trigger) => {
    expect(outcomeOf(Buffer.from(whole({ 9: `ADT^${trigger}` })))).toEqual(['AR 201 unsupported-trigger@MSH-9.2']);
  });

  it.each<[string, string, string]>([
    ['nothing', '', '100 empty-content@'],
    ['XML', '<?xml version="1.0"?><ADT_A01 xmlns="urn:hl7-org:v2xml"/>', '200 xml-content@'],
    ['JSON', '{"resourceType":"Bundle"}', '100 no-header@MSH'],
    ['a mail before it', `Subject: ADT\r\n\r\n${whole()}`, '100 no-header@MSH'],
    ['an escaped &', [headed({}, '^~\\&amp;'), PID, PV1].join('\r'), '100 bad-delimiters@MSH-2'],
    ['tabulators for separators', whole().replaceAll('|', '\t'), '100 bad-delimiters@MSH-2'],
    ['no type', whole({ 9: '' }), '101 missing-field@MSH-9'],
    ['no control id', whole({ 10: '' }), '101 missing-field@MSH-10'],
    ['no processing id', whole({ 11: '' }), '101 missing-field@MSH-11'],
    ['training', whole({ 11: 'T' }), '202 wrong-processing-id@MSH-11'],
    ['debugging', whole({ 11: 'D' }), '202 wrong-processing-id@MSH-11'],
    ['version 3', whole({ 12: '3.0' }), '203 unsupported-version@MSH-12'],
    ['a version that is none', whole({ 12: 'V2.5' }), '203 unsupported-version@MSH-12'],
    ['a facility without an agreement', whole({ 4: 'GHH' }), '204 unknown-sender@MSH-4'],
    ['no facility', whole({ 4: '' }), '204 unknown-sender@MSH-4'],
    ['a facility in small letters', whole({ 4: 'ks' }), '204 unknown-sender@MSH-4'],
  ])('%s', (_, message, fault) => {
    expect(outcomeOf(Buffer.from(message))).toEqual([`AR ${fault}`]);
  });
});

describe('what is itself an answer has none', () => {
  it.each([whole({ 9: 'ACK' }), whole({ 9: 'ACK^A01^ACK' }), `${headed({ 9: 'ORU^R01' })}\rMSA|AA|1`])(
    '%j',
    (message) => {
      expect(outcomeOf(Buffer.from(message))).toEqual(['no answer']);
    },
  );
});

describe('is kept, and ends as', () => {
  it.each<[string, string | Buffer, ...string[]]>([
    ['no EVN', whole(), ADMITTED],
    ['version 2.9', whole({ 12: '2.9' }), ADMITTED],
    ['version 2.1', whole({ 12: '2.1' }), ADMITTED],
    ['a small p', whole({ 11: 'p' }), ADMITTED],
    ['type and event joined', whole({ 9: 'ADT_A01' }), ADMITTED],
    ['a structure that differs', whole({ 9: 'ADT^A01^ADT_A05' }), ADMITTED],
    ['a response in it', [headed(), 'MSA|AA|1', PID, PV1].join('\r'), ADMITTED],
    ['other delimiters', whole().replaceAll('|', '#').replaceAll('^', ':'), ADMITTED],
    ['NUL behind it', `${whole()}\r\0\0`, `${ADMITTED} control-characters@MSH-18`],
    ['the end of a file behind it', `${whole()}\r\x1a`, `${ADMITTED} broken-segment@line 4`],
    ['a sentence behind it', `${whole()}\rEND OF MESSAGE`, `${ADMITTED} broken-segment@line 4`],
    ['a charset by an older name', whole({ 18: 'ISO IR87' }), ADMITTED],
    ['a charset of a database', whole({ 18: 'WE8ISO8859P1' }), ADMITTED],
    ['a charset of Windows', Buffer.from(whole({ 18: 'CP1252' }), 'latin1'), ADMITTED],
    ['two visits', `${whole()}\r${PV1.replace('V-1', 'V-2')}`, 'AA rejected 102 several-visits@PV1-19'],
    ['one visit twice', `${whole()}\r${PV1}`, `${ADMITTED} repeated-segment@PV1`],
    ['no PV1', [headed(), PID].join('\r'), 'AA rejected 101 no-visit-id@PV1-19'],
    ['no PID', [headed(), PV1].join('\r'), 'AA rejected 101 no-patient-identity@PID-3'],
    ['MSH alone', headed(), 'AA rejected 100 no-segments@MSH'],
    ['two messages in one', `${whole()}\r${whole()}`, 'AA rejected 100 several-messages@line 4'],
    [
      'the visit in PID-18 alone',
      [headed(), `${PID}${'|'.repeat(11)}V-1`, PV1.replace('V-1', '')].join('\r'),
      'AA rejected 101 no-visit-id@PV1-19',
    ],
    ['an American number', identified('123-45-6789^^^USSSA^SS'), ADMITTED.replace(NUMBER, '123-45-6789')],
    ['a Danish number', identified('0712837798^^^CPR^NNDN'), ADMITTED.replace(NUMBER, '0712837798')],
    [
      'a record number with its check digit',
      identified('PATID1234^5^M11^ADT1^MR'),
      ADMITTED.replace(NUMBER, 'PATID1234'),
    ],
    ['a number of which nothing is said', identified('4711'), ADMITTED.replace(NUMBER, '4711')],
    ['a personal number of which nothing is said', identified(NUMBER), ADMITTED],
    ['a number with a slip', identified('191212121213^^^SKV^PN'), 'AA rejected 102 wrong-check-digit@PID-3'],
    ['no number in PID-3', identified('^^^SKV^PN'), 'AA rejected 101 no-patient-identity@PID-3'],
    ['a deleted number', identified('""'), 'AA rejected 101 no-patient-identity@PID-3'],
    ['a class of another table', whole().replace('|I|', '|IMP|'), `${ADMITTED} bad-class@PV1-2`],
    [
      'a time in words',
      whole().replace('20260510142000', 'yesterday'),
      `${ADMITTED.replace(/2026.*/, '-')} bad-timestamp@PV1-44 no-admission-time@PV1-44`,
    ],
    [
      'an escape that is none',
      whole().replace('Tolvan^', 'Tol\\van^'),
      `${ADMITTED.replace('Tolvan', 'Tol\\van')} unread-escape@PID-5`,
    ],
    [
      'a batch in a file',
      `FHS|^~\\&|X|KS\rBHS|^~\\&|X|KS\r${whole()}\r${whole({ 9: 'ORU^R01' })}\rBTS|2\rFTS|1`,
      ADMITTED,
      'AR 200 unknown-message-type@MSH-9.1',
    ],
    [
      'a batch with LF',
      `BHS|^~\\&|X|KS\n${whole().replaceAll('\r', '\n')}\n${whole({ 10: '2' }).replaceAll('\r', '\n')}\nBTS|2\n`,
      ADMITTED,
      ADMITTED,
    ],
  ])('%s', (_, message, ...outcome) => {
    expect(outcomeOf(Buffer.from(message))).toEqual(outcome);
  });
});
