import { CANCELS, type Course } from '../events/course.ts';
import type { EventFinding, Terms } from '../events/event-origin.ts';
import type { Fact, FactCode } from '../events/fact.ts';
import type { NeedScope, Scope } from '../codes/scope.ts';
import type { PersonEvent, PersonStatement } from '../events/person-event.ts';
import type { EncounterStatement, Identity, IdentityType, PatientStatement, Protection } from '../events/statements.ts';
import type { StayEvent } from '../events/stay-event.ts';
import type { Instant, StatedTime } from '../time/time.ts';
import { CLINICS, MUNICIPALITIES, NAMED_IDS, WARD } from './case-county.fixture.ts';
import { fault, type DecidedCase, type Line } from './case-text.fixture.ts';
import { instantOf, statedOf, TIME } from './case-time.fixture.ts';

/**
 * The events of a case: what the translator would make of messages that say what the case says (contract 5). Fields that a
 * message does not mention are not stated; the first message of a stay, and one with a new number, state the whole person.
 */

const COURSES: Readonly<Record<string, Course>> = {
  'planerad inskrivning': 'pre-admit',
  besök: 'register',
  inskrivning: 'admit',
  'övergång till sluten vård': 'to-inpatient',
  'övergång till öppen vård': 'to-outpatient',
  flytt: 'move',
  uppdatering: 'update',
  'permission börjar': 'leave-start',
  'permission slutar': 'leave-end',
  utskrivning: 'discharge',
  'inskrivning återtas': 'cancel-admission',
  'utskrivning återtas': 'cancel-discharge',
  'flytt återtas': 'cancel-move',
  'utskrivning planeras': 'planned-end',
  'planerad utskrivning återtas': 'cancel-planned-end',
};

/** What the messages of a case are, in the order in which the hub took them in. */
export interface CaseEvents {
  readonly events: readonly StayEvent[];
  readonly said: readonly PersonEvent[];
}

/** @throws at a word that the grammar does not have */
export function eventsOf(decided: DecidedCase): CaseEvents {
  const terms = termsOf(decided.agreement);
  const reading = new Map<string, StayReading>();
  const all = decided.events.map((line, index) => {
    const said = personEvent(line, index);
    if (said) return said;
    const [, stayId = 'A'] = /^([A-Z]) /.exec(line.text) ?? [];
    const stay = reading.get(stayId) ?? new StayReading(stayId, terms, decided.person);
    reading.set(stayId, stay);
    return stay.event(line, index);
  });
  const sequence = [...all].sort((a, b) => a.intakeAt - b.intakeAt);
  const stamped = sequence.map((event, index) => ({ ...event, intakeStamp: index + 1 }));
  return {
    events: stamped.flatMap((event) => ('stayId' in event ? [event] : [])),
    said: stamped.flatMap((event) => ('stayId' in event ? [] : [event])),
  };
}

/**
 * `personuppgifter: personnummer ...; adress ...` and `sammanslagning: <number> till <number>; adress ...` are of no stay;
 * `sammanförda vårdtillfällen: B är A` and `sammanföring återtas` are the operator's.
 */
function personEvent({ text, place }: Line, index: number): PersonEvent | undefined {
  const joining = joiningOf(text, index);
  if (joining) return joining;
  const [, sent = '', kind, first = '', more] =
    new RegExp(`^(${TIME}) (personuppgifter|sammanslagning): ([^;]+)(?:; (.+))?$`).exec(text) ?? [];
  if (!kind) return undefined;
  const draft = emptyDraft(instantOf(sent));
  const [, from = '', into = ''] = /^(\S+) till (\S+)$/.exec(first) ?? [];
  if (into) draft.patient.identities = [numbered(into)];
  for (const word of [...(into ? [] : [first]), ...(more?.split('; ') ?? [])]) {
    const intake = new RegExp(`^intaget (${TIME})$`).exec(word)?.[1];
    if (intake) draft.intakeAt = instantOf(intake);
    else if (!readPerson(word, draft)) throw fault(place, `unknown word: ${word}`);
  }
  const patient: PatientStatement = { identities: [], ...draft.patient };
  const survivor = patient.identities[0];
  if (!survivor || (kind === 'sammanslagning' && !from)) throw fault(place, `nobody is named: ${text}`);
  const given = from ? [numbered(from)] : [];
  const says: PersonStatement =
    kind === 'sammanslagning' ? { kind: 'merged', from: given, patient } : { kind: 'described', patient };
  const eventId = `P${99 - index}`;
  return {
    ...{ eventId, inboundId: eventId, ordinal: 0, revision: 1, intakeStamp: 0, findings: [] },
    ...{ saidBy: 'KS', trigger: kind, at: draft.sentAt, sentAt: draft.sentAt, intakeAt: draft.intakeAt, says },
    patientIds: [survivor.value, ...given.map(({ value }) => value)],
  };
}

/** What the operator says of the two stays of a case; one joining at most, so that its undoing need not name it. */
function joiningOf(text: string, index: number): PersonEvent | undefined {
  const [, sent = '', from, into = ''] =
    new RegExp(`^(${TIME}) (?:sammanförda vårdtillfällen: ([A-Z]) är ([A-Z])|sammanföring återtas)$`).exec(text) ?? [];
  if (sent === '') return undefined;
  const [at, eventId] = [instantOf(sent), from === undefined ? `P${99 - index}` : 'joining'];
  return {
    ...{ eventId, inboundId: eventId, ordinal: 0, revision: 1, intakeStamp: 0, findings: [], patientIds: ['joined'] },
    ...{ saidBy: 'operator', trigger: 'stays-joined', at, sentAt: at, intakeAt: at },
    says:
      from === undefined
        ? { kind: 'undone', eventId: 'joining' }
        : { kind: 'stays-joined', from, into, reason: 'samma vård' },
  };
}

/** A number of a merge: 99 begins one of Stockholm's reserve numbers. */
function numbered(number: string): Identity {
  return identity(number.startsWith('99') ? 'reservnummer-stockholm' : 'personnummer', number);
}

/** What of a message is collected word by word. */
interface Draft {
  readonly sentAt: Instant;
  intakeAt: Instant;
  occurredAt?: StatedTime;
  patient: Partial<Mutable<PatientStatement>>;
  encounter: Mutable<EncounterStatement>;
  readonly facts: FactDraft[];
  readonly findings: EventFinding[];
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

interface FactDraft extends Omit<Fact, 'at'> {
  readonly time?: StatedTime;
}

/** The messages of one stay, in the order of the text. */
class StayReading {
  readonly #stayId: string;
  readonly #terms: Terms;
  #person: PatientStatement;
  #isFirst = true;

  constructor(stayId: string, terms: Terms, person: readonly string[]) {
    this.#stayId = stayId;
    this.#terms = terms;
    const draft = emptyDraft(0);
    for (const word of person) if (!readPerson(word, draft)) throw new Error(`unknown word of a person: ${word}`);
    this.#person = { ...PERSON, ...draft.patient };
  }

  event({ text, place }: Line, index: number): StayEvent {
    const [, sent, course, words] = MESSAGE.exec(text) ?? [];
    const named = course === undefined ? undefined : COURSES[course];
    if (!sent || !named) throw fault(place, `not a message: ${text}`);
    const draft = emptyDraft(instantOf(sent));
    for (const word of words?.split('; ') ?? []) {
      if (!READERS.some((read) => read(word, draft))) throw fault(place, `unknown word: ${word}`);
    }
    // Ids run against the order of the text: only the stamp of intake may tell of two messages which came last (DEC-20).
    const eventId = `${this.#stayId}${99 - index}`;
    const patient = this.#patientOf(draft.patient);
    return {
      ...{ eventId, inboundId: eventId, ordinal: 0, revision: 1, intakeStamp: 0 },
      ...{ stayId: this.#stayId, patientId: patient.identities[0]?.value ?? '', sender: 'KS' },
      ...{ trigger: course ?? '', course: named, at: placeOf(named, draft), sentAt: draft.sentAt },
      ...(draft.occurredAt && { occurredAt: draft.occurredAt }),
      ...{ intakeAt: draft.intakeAt, terms: this.#terms, patient },
      encounter: { class: 'IMP', ward: this.#stayId === 'A' ? WARD.first : WARD.second, ...draft.encounter },
      facts: joined(draft.facts).map((fact) => timed(fact, draft)),
      findings: draft.findings,
    };
  }

  #patientOf(said: Partial<PatientStatement>): PatientStatement {
    const isWhole = this.#isFirst || said.identities !== undefined;
    this.#isFirst = false;
    if (said.identities) this.#person = { ...this.#person, identities: said.identities };
    return isWhole ? { ...this.#person, ...said } : { identities: this.#person.identities, ...said };
  }
}

const MESSAGE = new RegExp(`^(?:[A-Z] )?(${TIME}) ([^:;]+?)(?:: (.+))?$`);

function emptyDraft(sentAt: Instant): Draft {
  return { sentAt, intakeAt: sentAt, patient: {}, encounter: {}, facts: [], findings: [] };
}

/** Where the default dialect places a message in time (contract 5). */
function placeOf(course: Course, { sentAt, occurredAt, encounter }: Draft): Instant {
  if (CANCELS[course]) return sentAt;
  const field = course === 'admit' ? encounter.start : course === 'discharge' ? encounter.end : undefined;
  return (occurredAt ?? field)?.start ?? sentAt;
}

/** OBX-14, else EVN-6, else MSH-7; a day alone is its end; never after the message was sent (contract 5, DEC-21). */
function timed({ time, ...fact }: FactDraft, { sentAt, occurredAt }: Draft): Fact {
  const said = time ?? occurredAt;
  const at = said === undefined ? sentAt : said.precision === 'day' ? said.end : said.start;
  return { ...fact, at: Math.min(at, sentAt), ...(time && { stated: time.iso }) };
}

/** Several NEED of one message and time are one need; several INFO of one scope and time are lines of one text (DEC-26). */
function joined(facts: readonly FactDraft[]): FactDraft[] {
  const byName = Map.groupBy(
    facts,
    ({ code, scopes, status, time }) => `${code}|${scopes.join()}|${status}|${time?.iso}`,
  );
  return [...byName.values()].flatMap((same) => {
    const [first] = same;
    if (!first || (first.code !== 'NEED' && first.code !== 'INFO')) return same;
    const values = same.flatMap((fact) => fact.values);
    return [{ ...first, values: first.code === 'INFO' ? [values.join('\n')] : values }];
  });
}

/** One kind of word: true when it was one of these, and has been noted in the draft. */
type Reader = (word: string, draft: Draft) => boolean;

const READERS: readonly Reader[] = [readPerson, readVisit, readFact, readFinding];

const PERSON: PatientStatement = {
  identities: [identity('personnummer', '191212121212')],
  name: { family: 'Tolvansson', given: ['Tolvan'] },
  address: MUNICIPALITIES.Solna ?? null,
  listedClinic: CLINICS.Vårdcentralen ?? null,
};

const NUMBERS: Readonly<Record<string, IdentityType>> = {
  personnummer: 'personnummer',
  samordningsnummer: 'samordningsnummer',
  'nationellt reservnummer': 'nationelltReservnummer',
  'LMA-nummer': 'LMA-nummer',
  'reservnummer Stockholm': 'reservnummer-stockholm',
  'reservnummer region': 'reservnummer-region',
  'lokalt nummer': 'other',
};

function identity(type: IdentityType, value: string): Identity {
  return { type, system: `test:${type}`, value };
}

const PROTECTIONS: Readonly<Record<string, Protection>> = {
  sekretessmarkering: 'sekretessmarkering',
  'skyddad folkbokföring': 'skyddadFolkbokforing',
  fingerade: 'fingeradePersonuppgifter',
  okänt: 'unknown',
};

function readPerson(word: string, { patient }: Draft): boolean {
  const [, kind = '', value = ''] = /^(.+) (\S+)$/.exec(word) ?? [];
  const protection = /^skyddad (.+)$/.exec(word)?.[1];
  const address = /^adress (.+)$/.exec(word)?.[1];
  const clinic = /^listad (.+)$/.exec(word)?.[1];
  const staying = /^vistas i (.+)$/.exec(word)?.[1];
  const number = NUMBERS[kind];
  if (word === 'avliden') patient.deceased = true;
  else if (word === 'ej avliden') patient.deceased = false;
  else if (word === 'skydd tas bort') patient.protectionDeleted = true;
  else if (word === 'namn saknas') patient.name = null;
  else if (kind === 'namn') patient.name = { family: value, given: ['Tolvan'] };
  else if (kind === 'född') patient.birthDate = value;
  else if (number) patient.identities = [identity(number, value)];
  else if (protection && PROTECTIONS[protection]) patient.protection = PROTECTIONS[protection];
  else if (address && address in MUNICIPALITIES) patient.address = MUNICIPALITIES[address] ?? null;
  else if (staying && MUNICIPALITIES[staying]?.municipality) patient.stayingIn = MUNICIPALITIES[staying].municipality;
  else if (clinic && clinic in CLINICS) patient.listedClinic = CLINICS[clinic] ?? null;
  else return false;
  return true;
}

const CLASSES = { sluten: 'IMP', öppen: 'AMB', akut: 'EMER', planerad: 'PRENC' } as const;
const LEAVINGS = { hem: 'home', överflyttning: 'transfer', 'mot råd': 'against-advice', död: 'dead' } as const;

function readVisit(word: string, draft: Draft): boolean {
  const { encounter } = draft;
  const [, kind, time] = new RegExp(`^(intaget|hände|inskriven|utskriven|beräknad) (${TIME})$`).exec(word) ?? [];
  const [, field, value = ''] = /^(slag|väg|avdelning) (.+)$/.exec(word) ?? [];
  if (kind && time) readTime(kind, statedOf(time), draft);
  else if (field === 'slag' && value in CLASSES) encounter.class = CLASSES[value as keyof typeof CLASSES];
  else if (field === 'väg' && value in LEAVINGS) encounter.leaving = LEAVINGS[value as keyof typeof LEAVINGS];
  else if (field === 'avdelning') encounter.ward = `${WARD.organisation}-${value}`;
  else if (word === 'skydd för besöket') encounter.protection = 'unknown';
  else return false;
  return true;
}

function readTime(kind: string, time: StatedTime, draft: Draft): void {
  if (kind === 'intaget') draft.intakeAt = time.start;
  else if (kind === 'hände') draft.occurredAt = time;
  else if (kind === 'inskriven') draft.encounter.start = time;
  else if (kind === 'utskriven') draft.encounter.end = time;
  else draft.encounter.expectedDischarge = time;
}

const FACT = new RegExp(
  `^(?:(rättar|stryker) )?(.+?)(?: för ((?:SOC|KHSL|ROV|HOME)(?: (?:SOC|KHSL|ROV|HOME))*))?(?: (?:från|bedömt) (${TIME}))?$`,
);

function readFact(word: string, { facts }: Draft): boolean {
  const [, correction, said = '', scopes, time] = FACT.exec(word) ?? [];
  const stated = statementOf(said);
  if (!stated) return false;
  facts.push({
    ...stated,
    scopes: (scopes?.split(' ') ?? []) as Scope[],
    status: correction === 'rättar' ? 'C' : correction === 'stryker' ? 'D' : 'F',
    ...(time !== undefined && { time: statedOf(time) }),
  });
  return true;
}

const COMPULSORY = 'LPT|LRV|OPT|ORV|upphört';

const NAMING: Readonly<Record<string, FactCode>> = {
  'placerad av': 'PLACEDBY',
  kontakt: 'CONTACT',
  rehabilitering: 'REHAB',
  hemtjänst: 'HOMECARE',
};

function statementOf(said: string): { readonly code: FactCode; readonly values: readonly string[] } | undefined {
  const need = /^behov ((?:SOC|KHSL|ROV)(?: (?:SOC|KHSL|ROV))*)$/.exec(said)?.[1];
  const yes = /^(samtycke|utskrivningsklar) (ja|nej)$/.exec(said);
  const basis = /^grund ([A-Z_\d]+)$/.exec(said)?.[1];
  const info = /^info "([^"]*)"$/.exec(said)?.[1];
  const compulsory = new RegExp(`^tvångsvård (${COMPULSORY})$`).exec(said)?.[1];
  if (need) return { code: 'NEED', values: need.split(' ') };
  if (said === 'inget behov') return { code: 'NEED', values: ['NONE'] };
  if (yes) return { code: yes[1] === 'samtycke' ? 'CONSENT' : 'READY', values: [yes[2] === 'ja' ? 'Y' : 'N'] };
  if (basis) return { code: 'BASIS', values: [basis] };
  if (info !== undefined) return { code: 'INFO', values: [info] };
  const housing = /^boende (ORD|SABO|LSS|HVB|KORTTID|HOMELESS|PRISON|UNKNOWN)$/.exec(said)?.[1];
  const [, naming = '', name = ''] = /^(placerad av|kontakt|rehabilitering|hemtjänst) (\S+)$/.exec(said) ?? [];
  const [code, id] = [NAMING[naming], NAMED_IDS[name]];
  if (housing) return { code: 'HOUSING', values: [housing] };
  if (code && id) return { code, values: [id] };
  const [, given, alone = ''] = /^samtycke (ja|nej) till (\S+)$/.exec(said) ?? [];
  const meant = NAMED_IDS[alone];
  if (given && meant) return { code: 'CONSENT', values: [given === 'ja' ? 'Y' : 'N', meant] };
  const lss = /^LSS (ja|nej)$/.exec(said)?.[1];
  if (lss) return { code: 'LSS', values: [lss === 'ja' ? 'Y' : 'N'] };
  if (said === 'INS beställd') return { code: 'INS', values: ['Y'] };
  const decided = /^öppen tvångsvård (beslutad|upphävd)$/.exec(said)?.[1];
  if (decided) return { code: 'OPTDECISION', values: [decided === 'beslutad' ? 'Y' : 'N'] };
  if (compulsory) return { code: 'COMPULSORY', values: [compulsory === 'upphört' ? 'N' : compulsory] };
  return undefined;
}

/** `oläsligt PV2-9`: a field that is used, and counts as unstated (SAL-3); `noterat PID-7`: one that nothing uses (SAL-2). */
function readFinding(word: string, { findings }: Draft): boolean {
  const [, grade, place] = /^(oläsligt|noterat) ([A-Z\d]{3}-\d+)$/.exec(word) ?? [];
  if (!place) return false;
  findings.push({ grade: grade === 'oläsligt' ? 'unstated' : 'noted', code: 'unreadable-field', place });
  return true;
}

function termsOf(words: readonly string[]): Terms {
  return words.reduce<Terms>((terms, word) => {
    const implied = /^behov underförstått ((?:SOC|KHSL|ROV)(?: (?:SOC|KHSL|ROV))*)$/.exec(word)?.[1];
    const from = /^ansluten från (\d{4}-\d\d-\d\d)$/.exec(word)?.[1];
    if (word === 'INS beställs') return { ...terms, ins: 'ordered' };
    if (word === 'info på annat håll') return { ...terms, info: 'elsewhere' };
    if (word === 'klocka intag') return { ...terms, clock: 'intake' };
    if (word === 'privat vårdgivare') return { ...terms, legalForm: 'private', careProvider: 'Privata sjukhuset' };
    if (implied) return { ...terms, impliedNeed: implied.split(' ') as NeedScope[] };
    if (from) return { ...terms, connectedFrom: from };
    throw new Error(`unknown word of an agreement: ${word}`);
  }, WARD.terms);
}
