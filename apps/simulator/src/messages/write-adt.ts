import { components, repetitions, segment, value, writeMessage, type WrittenSegment } from '#libs/hl7v2';
import { hl7Time } from '../county/county-time.ts';
import type { FactLine, WardMessage } from './ward-message.ts';

/** The message in the default dialect, as the bytes that go over MLLP (not yet framed). */
export function writeAdt(message: WardMessage): Buffer {
  const text = writeMessage([
    header(message),
    event(message),
    identification(message),
    ...(message.clinic === undefined ? [] : [segment('PD1', { 3: listedClinic(message.clinic) })]),
    visit(message),
    visitMore(message),
    ...restriction(message),
    ...message.facts.map(observation),
  ]);
  return Buffer.from(text, message.charset === '8859/1' ? 'latin1' : 'utf8');
}

function header({ hospital, trigger, sent, controlId, charset }: WardMessage): WrittenSegment {
  return segment('MSH', {
    3: 'JOURNAL',
    4: hospital.sender,
    5: 'BRYGGAN',
    6: 'BRYGGAN',
    7: hl7Time(sent),
    9: components(['ADT', trigger, `ADT_${trigger === 'A08' ? 'A01' : trigger}`]),
    10: value(controlId),
    11: 'P',
    12: '2.5.1',
    18: charset,
  });
}

function event({ trigger, sent, occurred }: WardMessage): WrittenSegment {
  return made('EVN', { 1: trigger, 2: hl7Time(sent), 6: occurred === undefined ? undefined : hl7Time(occurred) });
}

function identification({ person, withName, familyName, home, dead }: WardMessage): WrittenSegment {
  return made('PID', {
    1: '1',
    3: `${value(person.number)}^^^&${person.authority}&ISO^NI`,
    ...(withName && { 5: components([familyName ?? person.family, person.given, '', '', '', '', 'L']) }),
    ...(person.born !== undefined && { 7: person.born }),
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
    ...(dead === true && { 30: 'Y' }),
  });
}

function listedClinic(clinic: string): string {
  return components(['Exempelmottagningen', '', '', '', '', '', '', '', '', clinic]);
}

function visit({ hospital, visit: visitId, admitted, discharged, leaving, class: kind }: WardMessage): WrittenSegment {
  return made('PV1', {
    1: '1',
    2: kind,
    3: components(['12', '', '', hospital.ward]),
    19: value(visitId),
    36: leaving,
    44: hl7Time(admitted),
    45: discharged === undefined ? undefined : hl7Time(discharged),
  });
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

function observation({ code, value: values, scopes = [], status = 'F', at }: FactLine, index: number): WrittenSegment {
  return made('OBX', {
    1: `${index + 1}`,
    2: code === 'INFO' ? 'TX' : 'CE',
    3: components([code, code, 'BRYGGAN']),
    4: repetitions(scopes),
    5: repetitions(values.map((one) => value(one))),
    11: status,
    14: at === undefined ? undefined : hl7Time(at),
  });
}

/** A segment of fields by number; one that is undefined is left empty. */
function made(name: string, fields: Readonly<Record<number, string | undefined>>): WrittenSegment {
  const written: Record<number, string> = {};
  for (const [number, content] of Object.entries(fields)) if (content !== undefined) written[Number(number)] = content;
  return segment(name, written);
}
