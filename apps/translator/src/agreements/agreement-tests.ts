import { isDeepStrictEqual } from 'node:util';
import {
  offsetAt,
  type Fact,
  type Identity,
  type Instant,
  type PatientStatement,
  type Stated,
  type StatedTime,
} from '#libs/domain';
import { charsetNamed, encodeCharset, readHeader } from '#libs/hl7v2';
import type { Agreement, AgreementTest, County, ExpectedEvent } from '#libs/county';
import { IdMaker } from '#libs/platform';
import { readHl7v2 } from '../hl7v2/read-hl7v2.ts';
import type { SenderTranslation, TranslatedEvent } from '../translation.ts';

/*
 * Tests of a sender's agreement: a message in, what it becomes out. They lie beside the agreement in the county's folder, and
 * are written and read by whoever agrees with the sender, so that what a message becomes is shown in few words: times as
 * Stockholm's clocks show them, an identity as its type and number, a fact as `NEED SOC+ROV 2026-05-10T14:25+02:00`.
 */

/** Any secret does: no test names an id. */
const IDS = new IdMaker(Buffer.alloc(32));

/** What the tests of a county may look into beside the agreement. */
export type TestCounty = Pick<County, 'agreementOf' | 'directory'>;

/**
 * Runs one test of an agreement.
 * @returns what differs from what is expected, a line for each; none when it passes
 */
export function differencesOf(test: AgreementTest, agreement: Agreement, county: TestCounty): string[] {
  const bytes = encodeCharset(test.message.join('\r') + '\r', charsetNamed(test.charset ?? '') ?? 'UNICODE UTF-8');
  if (bytes === undefined)
    return [`charset: ${test.charset ?? ''} har inte alla tecken | lacks some of the characters`];
  const header = readHeader(bytes);
  const from = header.ok ? county.agreementOf(header.value, agreement.from)?.id : undefined;
  if (from !== agreement.id) return [`MSH: avsändaren är inte | the sender is not ${agreement.id}`];
  const intakeAt = Date.parse(test.takenIn);
  const arrival = {
    inboundId: IDS.inbound(agreement.id, bytes),
    sender: agreement.id,
    bytes,
    intakeAt,
    intakeStamp: 0,
  };
  const parts = { county: { agreement: () => agreement, directory: county.directory }, ids: IDS };
  return compared(readHl7v2(arrival, parts), test);
}

function compared(translation: SenderTranslation, { events, rejected }: AgreementTest): string[] {
  if (translation.kind === 'rejection') {
    const faults = translation.faults.map(({ name, place = '' }) => `${name} ${place}`.trim());
    return differences('', { rejected: rejected ?? [] }, { rejected: faults });
  }
  if (rejected) return differences('', { rejected }, { rejected: [] });
  const shown = translation.events.map(shownEvent);
  if (events?.length !== shown.length) return differences('', { events: events ?? [] }, { events: shown });
  return events.flatMap((expected: ExpectedEvent, index) =>
    differences(`events/${index}/`, { facts: [], findings: [], ...expected }, shown[index] ?? {}),
  );
}

function differences(place: string, expected: ExpectedEvent, shown: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(expected)
    .filter(([key, value]) => !isDeepStrictEqual(value, shown[key] ?? null))
    .map(([key, value]) => {
      const [is, was] = [shown[key] ?? null, value].map((one) => JSON.stringify(one));
      return `${place}${key}: väntat | expected ${was ?? ''}, blev | became ${is ?? ''}`;
    });
}

/** An event as its tests write it: what is not stated is not there, and what is deleted reads `""` as in the message. */
function shownEvent({ event, raw }: TranslatedEvent): Readonly<Record<string, unknown>> {
  const { at, sentAt, trigger, findings } = event;
  const patient = statementOf(event);
  const { name, address } = patient;
  return {
    ...{ trigger, at: clockTime(at), sentAt: clockTime(sentAt), visit: raw.visitId },
    identities: patient.identities.map(shownIdentity),
    name: name && [...name.given, name.family].filter(Boolean).join(' '),
    birthDate: textOf(patient.birthDate),
    deceased: patient.deceased,
    address: address === null ? '""' : address && [...address.lines, address.postalCode, address.city].filter(Boolean),
    municipality: address?.municipality,
    district: address?.district,
    listedClinic: textOf(patient.listedClinic),
    findings: findings.map((finding) => `${finding.grade} ${finding.code} ${finding.place}`),
    facts: [],
    ...('stayId' in event
      ? shownStay(event)
      : {
          course: event.says.kind === 'merged' ? 'merge-persons' : 'describe-person',
          protection: patient.protection,
          ...(event.says.kind === 'merged' && { formerIdentities: event.says.from.map(shownIdentity) }),
        }),
  };
}

function statementOf(event: TranslatedEvent['event']): PatientStatement {
  if ('stayId' in event) return event.patient;
  return event.says.kind === 'described' || event.says.kind === 'merged' ? event.says.patient : { identities: [] };
}

function shownStay(event: Extract<TranslatedEvent['event'], { stayId: string }>): Readonly<Record<string, unknown>> {
  const { encounter, patient, terms, facts, course } = event;
  return {
    ...{ course, class: encounter.class, ward: textOf(encounter.ward), leaving: encounter.leaving },
    start: timeText(encounter.start),
    end: timeText(encounter.end),
    expectedDischarge: timeText(encounter.expectedDischarge),
    receivingUnit: textOf(encounter.receivingUnit),
    protection: patient.protection ?? encounter.protection,
    ...{ ins: terms.ins, info: terms.info, impliedNeed: terms.impliedNeed },
    facts: facts.map(shownFact),
  };
}

const shownIdentity = ({ type, value }: Identity): string => `${type} ${value}`;

/** `CORRECTED` and `NEVER` stand before a fact that corrects another, or says that it never was. */
function shownFact({ code, scopes, values, status, at, judgedBy }: Fact): string {
  const before = { F: '', C: 'CORRECTED ', D: 'NEVER ' }[status];
  const said = [code + (scopes.length > 0 ? `(${scopes.join('+')})` : ''), values.join('+'), clockTime(at)];
  return before + said.filter(Boolean).join(' ') + (judgedBy === undefined ? '' : ` by ${judgedBy}`);
}

const textOf = (text: Stated<string>): string | undefined => (text === null ? '""' : text);
const timeText = (time: Stated<StatedTime>): string | undefined => (time === null ? '""' : time?.iso);

/** As Stockholm's clocks show an instant, to the minute where it is a whole one. */
function clockTime(instant: Instant): string {
  const offset = offsetAt(instant);
  const local = new Date(instant + offset * 60_000)
    .toISOString()
    .replace('Z', '')
    .replace(/:00\.000$|\.000$/, '');
  const hours = String(Math.floor(offset / 60)).padStart(2, '0');
  return `${local}+${hours}:${String(offset % 60).padStart(2, '0')}`;
}
