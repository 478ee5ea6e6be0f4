import {
  instantInOrder,
  localDate,
  type Course,
  type EncounterStatement,
  type Fact,
  type FactCode,
  type FactStatus,
  type Instant,
  type Scope,
  type StatedTime,
  type StayEvent,
} from '#libs/domain';
import {
  isFaulty,
  isPlanning,
  noticeFormFaults,
  patientOf,
  readFormIdentity,
  readNoticeForm,
  readTime,
  systemsOf,
  visitIdOf,
  type Circumstances,
  type NoticeForm,
  type PlanningNotice,
} from '#libs/forms';
import { senderCaller, termsOf } from '#libs/county';
import type { RecordedCall } from '#libs/fhir';
import { fault } from '#libs/platform';
import { wordEvents } from '../replies/read-reply.ts';
import { revisionOf, type Arrival, type Translation, type TranslatorParts } from '../translation.ts';

/**
 * A notice form of a ward becomes the event that a machine message of the same meaning would have become; a call that was
 * made beside the hub becomes a record of it (TEK-02). Every fault of the form was told when it came in, so that what is
 * rejected here was taken under another version of the hub or of the agreement.
 */
export function readNoticeFormRecord(arrival: Arrival, parts: TranslatorParts): Translation {
  const read = readNoticeForm(arrival.bytes);
  return read.ok ? translateForm(read.value, arrival, parts) : { kind: 'rejection', faults: read.faults };
}

/** The event of a form, however the form came about. */
export function translateForm(form: NoticeForm, arrival: Arrival, { county, ids }: TranslatorParts): Translation {
  const { inboundId, sender, intakeAt, intakeStamp } = arrival;
  const today = localDate(intakeAt);
  const agreement = county.agreement(sender, today);
  if (agreement === undefined) return { kind: 'rejection', faults: [fault('unknown-sender')] };
  const knows = (party: string): boolean => county.directory.party(party, today) !== undefined;
  const faults = noticeFormFaults(form, { sender: agreement, knows });
  const identity = readFormIdentity(form.person.identity, systemsOf(sender));
  if (faults.length > 0 || typeof identity === 'string') return { kind: 'rejection', faults, trigger: form.code };
  const admitted = timeIn(form.stay.admitted);
  const visitId = visitIdOf(form, sender, ids);
  const origin = {
    ...{ eventId: ids.event(inboundId, 0), inboundId, ordinal: 0, revision: revisionOf(agreement) },
    ...{ intakeAt, intakeStamp, stayId: ids.stay(agreement.organisation, visitId) },
  };
  if (isPlanning(form)) {
    const said = { ...form, ...(form.judgedBy !== undefined && { answeredBy: form.judgedBy }) };
    return wordEvents(said, { ...origin, party: agreement.organisation }, ids);
  }
  if (form.code === 'CALL') return { kind: 'operator-events', events: [callOf(form, origin, sender)] };
  const sentAt = Math.min(timeIn(form.sent)?.start ?? intakeAt, intakeAt);
  const said = sayingOf(form, sentAt);
  const event: StayEvent = {
    ...origin,
    patientId: ids.patient(identity.system, identity.value),
    sender,
    trigger: form.code,
    course: said.course,
    at: instantInOrder([said.at], { sentAt }),
    sentAt,
    ...(said.occurred && { occurredAt: said.occurred }),
    terms: termsOf(agreement, form.ward),
    patient: { ...patientOf(form.person, identity), ...said.death },
    encounter: { ...admissionOf(form, admitted), ...said.encounter },
    facts: said.facts,
    findings: [],
  };
  return { kind: 'events', events: [{ event, raw: { controlId: '', visitId } }] };
}

const timeIn = (text: string | undefined): StatedTime | undefined => {
  const time = text === undefined ? undefined : readTime(text, '');
  return time && !isFaulty(time) ? time : undefined;
};

/** A form that says when the person was admitted states an inpatient admission (DEC-02), whatever else it says. */
function admissionOf({ ward }: NoticeForm, admitted: StatedTime | undefined): EncounterStatement {
  return { ward, ...(admitted && { class: 'IMP', start: admitted }) };
}

type Origin = Pick<
  RecordedCall,
  'eventId' | 'inboundId' | 'ordinal' | 'revision' | 'intakeAt' | 'intakeStamp' | 'stayId'
>;

function callOf(form: Extract<NoticeForm, { code: 'CALL' }>, origin: Origin, sender: string): RecordedCall {
  const at = Math.min(timeIn(form.happened)?.start ?? origin.intakeAt, origin.intakeAt);
  const { channel, notice, reason, recipient } = form;
  return {
    ...origin,
    operator: senderCaller(sender),
    reason,
    says: { kind: 'call-recorded', recipient, at, notice, channel },
  };
}

/** What a form says of the stay. */
interface Saying {
  readonly course: Course;
  /** Where it stands in the order of time; when it was sent where it has no time of its own. */
  readonly at?: StatedTime;
  readonly occurred?: StatedTime;
  readonly encounter?: EncounterStatement;
  readonly facts: readonly Fact[];
  readonly death?: { readonly deceased: true; readonly deceasedAt?: StatedTime };
}

function sayingOf(form: Exclude<NoticeForm, PlanningNotice>, sentAt: Instant): Saying {
  const update = (facts: readonly Fact[], encounter: EncounterStatement = {}): Saying => ({
    course: 'update',
    facts,
    encounter,
  });
  const fact = factMaker(form, sentAt);
  switch (form.code) {
    case 'NEED':
      return update([fact('NEED', form.need), ...circumstancesOf(form.circumstances, fact)]);
    case 'INS': {
      const expected = timeIn(form.expectedDischarge);
      const facts = [fact('NEED', form.need), fact('INS', ['Y']), ...circumstancesOf(form.circumstances, fact)];
      return update(facts, expected && { expectedDischarge: expected });
    }
    case 'INS-WITHDRAWN':
      if (form.because === 'NEVER-ADMITTED') return { course: 'cancel-admission', facts: [] };
      return update([fact('NEED', ['NONE'])]);
    case 'CONSENT':
      return update([fact('CONSENT', [form.given ? 'Y' : 'N', ...(form.recipients ?? [])], form.scopes)]);
    case 'BASIS':
      return update([fact('BASIS', form.grounds, form.scopes)]);
    case 'BUT': {
      const expected = timeIn(form.expectedDischarge);
      return update([], expected && { expectedDischarge: expected });
    }
    case 'UTK':
      return update([fact('READY', ['Y'])]);
    case 'UTK-WITHDRAWN':
      return update([fact('READY', ['N'])]);
    case 'INFO':
      return update([fact('INFO', [form.text], form.scopes)]);
    case 'PATINFO':
      return update([fact('PATINFO', [form.text])]);
    case 'CHECK':
      return update([fact('CHECK', [form.text])]);
    case 'OPPOSED':
      return update([fact('OPPOSED', ['Y'], form.scopes)]);
    case 'OPT-APPLIED':
      return update([fact('OPTAPPLIED', ['Y'])]);
    case 'OPT-DECISION':
      return update([fact('OPTDECISION', ['Y'])]);
    case 'UTS':
      return discharge(form.discharged, { leaving: form.leaving ?? 'home' });
    case 'TRANSFER':
      return discharge(form.discharged, { leaving: 'transfer', receivingUnit: form.receivingUnit });
    case 'LEAVE-START':
    case 'LEAVE-END': {
      const happened = timeIn(form.happened);
      const course = form.code === 'LEAVE-START' ? 'leave-start' : 'leave-end';
      return { course, facts: [], ...(happened && { at: happened, occurred: happened }) };
    }
    case 'DECEASED': {
      const died = timeIn(form.died);
      return { course: 'update', facts: [], death: { deceased: true, ...(died && { deceasedAt: died }) } };
    }
    case 'CALL':
      throw new Error('a call is no event of the stay');
  }
}

function discharge(text: string, how: EncounterStatement): Saying {
  const end = timeIn(text);
  return { course: 'discharge', facts: [], encounter: { ...how, ...(end && { end }) }, ...(end && { at: end }) };
}

type FactMaker = (code: FactCode, values: readonly string[], scopes?: readonly Scope[]) => Fact;

const IMPRECISE: ReadonlySet<StatedTime['precision']> = new Set(['year', 'month', 'day', 'hour']);

/** Facts of a form share its time, its status and who judged; a day alone is the end of that day, at most when it was sent. */
function factMaker(form: NoticeForm, sentAt: Instant): FactMaker {
  const { at: stated, status = 'F' } = form as { readonly at?: string; readonly status?: FactStatus };
  const time = timeIn(stated);
  const meant = time && (IMPRECISE.has(time.precision) ? time.end - 1 : time.start);
  return (code, values, scopes = []) => ({
    code,
    scopes: [...scopes],
    values: [...values],
    status,
    at: Math.min(meant ?? sentAt, sentAt),
    ...(stated !== undefined && { stated }),
    ...(form.judgedBy !== undefined && { judgedBy: form.judgedBy }),
  });
}

function circumstancesOf(said: Circumstances | undefined, fact: FactMaker): Fact[] {
  const one = (code: FactCode, value: string | undefined): Fact[] => (value === undefined ? [] : [fact(code, [value])]);
  const some = (code: FactCode, values: readonly string[] | undefined): Fact[] => (values ? [fact(code, values)] : []);
  return [
    ...one('CARETYPE', said?.careType),
    ...one('COMPULSORY', said?.compulsory),
    ...one('HOUSING', said?.housing),
    ...one('PLACEDBY', said?.placedBy),
    ...one('LSS', said?.lss === undefined ? undefined : said.lss ? 'Y' : 'N'),
    ...some('CONTACT', said?.contact),
    ...some('REHAB', said?.rehab),
    ...one('HOMECARE', said?.homeCare),
  ];
}
