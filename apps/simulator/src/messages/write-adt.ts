import { components, repetitions, segment, value, writeMessage, type WrittenSegment } from '#libs/hl7v2';
import { hl7Day, hl7Time } from '../county/county-time.ts';
import type { Person } from '../county/people.ts';
import type { FactLine, Trigger, WardMessage } from './ward-message.ts';

/** The message in the default dialect, as the bytes that go over MLLP (not yet framed). */
export function writeAdt(message: WardMessage): Buffer {
  const text = writeMessage([
    header(message),
    event(message),
    identification(message),
    ...(message.clinic === undefined ? [] : [segment('PD1', { 3: listedClinic(message.clinic) })]),
    ...(message.mergedWith ? [segment('MRG', { 1: identifier(message.mergedWith) })] : []),
    ...(OF_PERSONS.has(message.trigger) ? [] : [visit(message), visitMore(message)]),
    ...restriction(message),
    ...message.facts.map(observation),
  ]);
  return Buffer.from(text, (message.writtenAs ?? message.charset) === '8859/1' ? 'latin1' : 'utf8');
}

/** Message structures by trigger where the trigger has none of its own name (table 0354). */
const STRUCTURES: Readonly<Partial<Record<Trigger, string>>> = {
  A04: 'A01',
  A07: 'A06',
  A08: 'A01',
  A11: 'A09',
  A13: 'A01',
  A14: 'A05',
  A22: 'A21',
  A25: 'A21',
  A28: 'A05',
  A31: 'A05',
  A34: 'A30',
  A40: 'A39',
};

const OF_PERSONS: ReadonlySet<Trigger> = new Set<Trigger>(['A18', 'A28', 'A31', 'A34', 'A40']);

function header({ hospital, trigger, sent, controlId, charset }: WardMessage): WrittenSegment {
  return segment('MSH', {
    3: 'JOURNAL',
    4: hospital.sender,
    5: 'BRYGGAN',
    6: 'BRYGGAN',
    7: hl7Time(sent),
    9: components(['ADT', trigger, `ADT_${STRUCTURES[trigger] ?? trigger}`]),
    10: value(controlId),
    11: 'P',
    12: '2.5.1',
    18: charset,
  });
}

function event({ trigger, sent, occurred, recorded = hl7Time(sent) }: WardMessage): WrittenSegment {
  return made('EVN', { 1: trigger, 2: recorded, 6: occurred === undefined ? undefined : hl7Time(occurred) });
}

function identification({ person, withName, familyName, born, home, dead }: WardMessage): WrittenSegment {
  return made('PID', {
    1: '1',
    3: identifier(person),
    ...(withName && { 5: components([familyName ?? person.family, person.given, '', '', '', '', 'L']) }),
    7: born ?? person.born,
    ...(home && {
      11: components([
        'Exempelgatan 1',
        '',
        home.city,
        '',
        '100 00',
        'SE',
        'L',
        '',
        home.municipality,
        home.district ?? '',
      ]),
    }),
    30: dead === undefined ? undefined : dead ? 'Y' : 'N',
  });
}

/** A number of a register of the country, or one that only the hospital's own register knows. */
function identifier({ number, authority }: Person): string {
  return authority === undefined ? `${value(number)}^^^KS-PSYK^PI` : `${value(number)}^^^&${authority}&ISO^NI`;
}

function listedClinic(clinic: string): string {
  return components(['Exempelmottagningen', '', '', '', '', '', '', '', '', clinic]);
}

function visit(message: WardMessage): WrittenSegment {
  const { hospital, ward = hospital.wards[0], visit: visitId, discharged, leaving, class: kind } = message;
  return made('PV1', {
    1: '1',
    2: kind,
    3: components(['12', '', '', ward]),
    19: value(visitId),
    36: leaving,
    44: admission(message),
    45: discharged === undefined ? undefined : hl7Time(discharged),
  });
}

function admission({ admitted, admissionGiven }: WardMessage): string | undefined {
  if (admissionGiven === 'not-at-all') return undefined;
  return admissionGiven === 'to-the-day' ? hl7Day(admitted) : hl7Time(admitted);
}

function visitMore({ expected, protection }: WardMessage): WrittenSegment {
  return made('PV2', {
    9: expected,
    ...(protection === 'PV2-22' && { 22: 'Y' }),
  });
}

function restriction({ protection }: WardMessage): WrittenSegment[] {
  return protection === undefined || protection === 'PV2-22' ? [] : [segment('ARV', { 1: '1', 2: 'A', 3: protection })];
}

function observation(
  { code, value: values, scopes = [], status = 'F', at, on }: FactLine,
  index: number,
): WrittenSegment {
  const day = on === undefined ? undefined : hl7Day(on);
  return made('OBX', {
    1: `${index + 1}`,
    2: code === 'INFO' ? 'TX' : 'CE',
    3: components([code, code, 'BRYGGAN']),
    4: repetitions(scopes),
    5: repetitions(values.map((one) => value(one))),
    11: status,
    14: at === undefined ? day : hl7Time(at),
  });
}

/** A segment of fields by number; one that is undefined is left empty. */
function made(name: string, fields: Readonly<Record<number, string | undefined>>): WrittenSegment {
  const written: Record<number, string> = {};
  for (const [number, content] of Object.entries(fields)) if (content !== undefined) written[Number(number)] = content;
  return segment(name, written);
}
