import {
  claimOf,
  continuedHistories,
  patientsIn,
  protectionBy,
  protectionIn,
  sameProtection,
  tiedStays,
  type History,
  type Instant,
  type PersonEvent,
  type PersonProtection,
  type PersonStay,
  type ProtectionClaim,
  type StayEvent,
  type TellHistory,
} from '#libs/domain';
import type { OutRecord } from '#libs/messaging';
import {
  atOnce,
  EventSet,
  isOfPerson,
  JoinedInBatch,
  PersonEvents,
  staysOfPersons,
  type ArrivedEvent,
  type KeptEvent,
  type Pieces,
  type SetChange,
  type StayRow,
} from '#libs/stays';
import type { GivenTask } from '../telling/given-tasks.ts';
import type { RoutingRules } from '../routing-rules.ts';
import { SaidStays, type SaidStay } from '../said-stays/said-stays.ts';
import { MOST_LINES } from '../said-stays/decision-lines.ts';
import type { StayNow } from '../said-stays/stay-record.ts';
import { StayCase } from './stay-case.ts';
import type { ToldNotice } from '../telling/told-notices.ts';

/** What is known, as loaded under the locks of all stays and persons concerned. */
export interface Known {
  /** Stays as the transaction before left them, locked: nothing else of them is here, but for `again`. */
  readonly inMemory: readonly StayCase[];
  /** Events of stays in memory whose messages the batch brings again. */
  readonly again: readonly KeptEvent[];
  readonly events: readonly KeptEvent[];
  /** What was said of the persons concerned beside their stays. */
  readonly personEvents: readonly PersonEvent[];
  readonly told: readonly ToldNotice[];
  readonly tasks: readonly GivenTask[];
  /** Every claim about a patient of these events, also from stays that are not here. */
  readonly claims: readonly ProtectionClaim[];
  /** Persons that are marked as sent on: a stay of theirs may go on in another. */
  readonly sentOn: ReadonlySet<string>;
  /** What was last said of these stays on `stays`. */
  readonly said: readonly SaidStay[];
  /** The rows of these stays: some give way to others. */
  readonly rows: readonly StayRow[];
}

/** Where an event came from: what the router needs of its record besides the event. */
export interface EventOrigin {
  readonly traceparent: string;
  /** The partition of `events`. */
  readonly part: number;
  /** When the record was published; 0 where there is none. */
  readonly publishedAt?: Instant;
  /** PV1-19. */
  readonly visitId?: string | undefined;
}

/** What an event changes at first, before the stays read what is said of their persons. */
interface Taken extends SetChange {
  /** A word on a person, when it is all that their stays can lack. */
  readonly onlyWord?: PersonEvent;
  readonly stays: Set<string>;
  readonly patients: ReadonlySet<string>;
}

/** What has to be written back. */
export interface Changes {
  readonly events: readonly KeptEvent[];
  readonly removedEvents: readonly string[];
  readonly personEvents: ReturnType<PersonEvents['changes']>;
  readonly told: readonly ToldNotice[];
  readonly tasks: readonly GivenTask[];
  /** Persons to be marked as sent on. */
  readonly sentOn: readonly string[];
  readonly said: readonly SaidStay[];
  readonly joined: ReturnType<JoinedInBatch['changes']>;
}

export const NOTHING_KNOWN: Known = {
  ...{ inMemory: [], again: [] },
  ...{ events: [], personEvents: [] },
  told: [],
  tasks: [],
  claims: [],
  sentOn: new Set(),
  said: [],
  rows: [],
};

/**
 * The stays of one batch. Events go in one by one, in the order of their offsets, and each says at once what has to be
 * said: so that what leaves does not depend on how the log was cut into batches.
 */
export class CaseBook {
  readonly #rules: RoutingRules;
  readonly #cases = new Map<string, StayCase>();
  readonly #events: EventSet;
  readonly #personEvents: PersonEvents;
  /** patient -> event id -> claim. */
  readonly #claims = new Map<string, Map<string, ProtectionClaim>>();
  /** Persons whose stays may go on in each other. It only grows. */
  readonly #sentOn = new Set<string>();
  readonly #marked: ReadonlySet<string>;
  readonly #said: SaidStays;
  readonly #joined: JoinedInBatch;

  constructor(known: Known, rules: RoutingRules) {
    this.#rules = rules;
    this.#marked = known.sentOn;
    this.#said = new SaidStays(known.said, rules);
    this.#joined = new JoinedInBatch(known.rows);
    this.#events = new EventSet([...known.events, ...known.again]);
    this.#personEvents = new PersonEvents(known.personEvents);
    for (const stay of known.inMemory) this.#cases.set(stay.stayId, stay);
    const told = Map.groupBy(known.told, ({ stayId }) => stayId);
    const tasks = Map.groupBy(known.tasks, ({ stayId }) => stayId);
    for (const stayId of new Set([...told.keys(), ...tasks.keys()])) {
      this.#cases.set(stayId, new StayCase(stayId, told.get(stayId) ?? [], tasks.get(stayId) ?? []));
    }
    const events = known.events.map(({ event }) => event);
    for (const event of events) this.#case(event.stayId).events.put(event);
    for (const stay of this.#cases.values()) this.#noteSentOn(stay);
    for (const claim of known.claims) this.#claimsOf(claim.patientId).set(claim.eventId, claim);
  }

  /**
   * Applies one event.
   * @param origin its trace, the partition that it lay in, when it was published, and PV1-19
   * @returns the records that it makes necessary; undefined when it is a duplicate
   */
  apply(event: ArrivedEvent, origin: EventOrigin): OutRecord[] | undefined {
    return atOnce(this.applying(event, origin));
  }

  /** The same piece by piece, a stay at a time: a message on a person may touch hundreds. Nothing else may be applied meanwhile. */
  *applying(
    arrived: ArrivedEvent,
    { traceparent, part, publishedAt = 0, visitId }: EventOrigin,
  ): Pieces<OutRecord[] | undefined> {
    const event = isOfPerson(arrived) ? arrived : this.#joined.inItsStay(arrived);
    const taken = isOfPerson(event) ? this.#takeWord(event) : this.#takeEvent({ event, publishedAt });
    if (!taken) return undefined;
    const { stays, patients } = taken;
    const before = new Map([...patients].map((patient) => [patient, this.#protectionOf(patient)]));
    for (const tied of this.#tied(stays, patients)) stays.add(tied);
    const changed = this.#enterAll(taken);
    for (const stayId of stays) {
      changed.push(...this.#readBeside(stayId, publishedAt, taken.onlyWord));
      yield;
    }
    for (const patient of patients) {
      if (sameProtection(before.get(patient), this.#protectionOf(patient))) continue;
      for (const stay of this.#staysOf(patient)) stays.add(stay);
    }
    const continued = this.#continued(stays, patients);
    for (const stay of continued.keys()) stays.add(stay);
    // A stay keeps the number that it had before another was joined to it.
    if (!isOfPerson(event) && !event.joined) this.#said.nameVisit(event.stayId, visitId);
    const causes = causesOf(changed, event);
    const records: OutRecord[] = [];
    for (const stayId of stays) {
      const stay = this.#case(stayId);
      const protection = this.#protectionOfStay(stay);
      if (!continued.has(stayId)) yield* stay.reading(protection, this.#rules);
      const history = continued.get(stayId) ?? stay.history(protection, this.#rules);
      const cause = isOfPerson(event) ? causes.get(stayId) : event;
      if (cause) records.push(...stay.refold({ event: cause, traceparent }, history, protection, this.#rules));
      const now = this.#now(stay, history);
      this.#said.noteRouted(now, event.intakeAt);
      records.push(...this.#said.say(now, part, traceparent));
      yield;
    }
    return records;
  }

  /** @returns undefined: a duplicate */
  #takeEvent(kept: KeptEvent): Taken | undefined {
    const change = this.#personEvents.hasLaterThan(kept.event) ? undefined : this.#events.take(kept);
    if (!change) return undefined;
    this.#personEvents.forget(kept.event);
    const changed = [...change.removed, ...change.put].map(({ event }) => event);
    const stays = new Set([kept.event.stayId]);
    for (const { stayId } of changed) stays.add(stayId);
    return { ...change, stays, patients: new Set(patientsIn(changed)) };
  }

  /** A word on a person touches all stays of the person, and of whoever was merged with the person. */
  #takeWord(event: PersonEvent): Taken | undefined {
    const taken = this.#events.hasLaterThan(event) ? undefined : this.#personEvents.take(event);
    if (!taken) return undefined;
    const { persons: all, isAlone } = taken;
    const replaced = this.#events.takeAway(event);
    const moved = this.#joined.goBy(this.#personEvents.all()) ? this.#events.rejoin(this.#joined.inItsStay) : NO_CHANGE;
    const related = staysOfPersons(this.#cases.values(), all);
    const patients = new Set([...all, ...related.flatMap((stay) => stay.patients())]);
    const [put, removed] = [moved.put, [...replaced.removed, ...moved.removed]];
    // Where they go first: who had them of the stay that gives way has them of the other before that is taken back.
    const changed = [...put, ...removed].map(({ event: one }) => one.stayId);
    const stays = new Set([...changed, ...related.map(({ stayId }) => stayId)]);
    return { put, removed, stays, patients, ...(isAlone && { onlyWord: event }) };
  }

  #enterAll({ removed, put }: SetChange): StayEvent[] {
    for (const { event } of removed) this.#remove(event);
    for (const { event } of put) this.#enter(event);
    return [...removed, ...put].map(({ event }) => event);
  }

  /** Puts into a stay what was said of its person and is not there yet. @param only that nothing else can be missing */
  #readBeside(stayId: string, publishedAt: Instant, only?: PersonEvent): StayEvent[] {
    if (this.#personEvents.isEmpty) return [];
    const { put, removed } = this.#personEvents.missingIn(this.#case(stayId).events.byId.values(), only);
    const change = {
      put: put.map((event) => ({ event, publishedAt })),
      removed: removed.map((event) => ({ event, publishedAt })),
    };
    this.#events.change(change);
    return this.#enterAll(change);
  }

  /** The records of stays that are marked `unsaid` (said-stays.ts). */
  sayUnsaid(stayIds: readonly string[], traceparent: string): OutRecord[] {
    const continued = this.#continued(new Set(stayIds), []);
    return stayIds.flatMap((stayId) => {
      const stay = this.#case(stayId);
      const history = continued.get(stayId) ?? stay.history(this.#protectionOfStay(stay), this.#rules);
      return this.#said.sayUnsaid(this.#now(stay, history), traceparent);
    });
  }

  /**
   * Looks at those of these stays that nobody has looked at since a change of the directory, by the one that is in force now.
   * @returns those that it changes, and up to when each had been looked at before
   */
  lookAt(
    stayIds: readonly string[],
    since: Instant,
    now: Instant,
  ): { readonly stayId: string; readonly routedAt: Instant }[] {
    const continued = this.#continued(new Set(stayIds), []);
    return stayIds.flatMap((stayId) => {
      const stay = this.#case(stayId);
      const history = continued.get(stayId) ?? stay.history(this.#protectionOfStay(stay), this.#rules);
      const before = { stayId, routedAt: this.#said.routedAt(stayId) ?? Infinity };
      // Under the lock: another router may have been first.
      if (before.routedAt >= since) return [];
      this.#said.noteLookedAt({ stayId, history }, now);
      return history && stay.reroutedAt(now) ? [before] : [];
    });
  }

  #now(stay: StayCase, history: History | undefined): Omit<StayNow, 'visitId'> {
    return {
      stayId: stay.stayId,
      together: stay.together,
      history,
      told: stay.told.latest(MOST_LINES),
      givesWay: this.#joined.givesWay(stay.stayId),
    };
  }

  /**
   * The histories of these stays and of all that are tied to others of the person's (DEC-08); none where no person
   * concerned was ever sent on, which is nearly always.
   */
  #continued(stays: ReadonlySet<string>, patients: Iterable<string>): ReadonlyMap<string, History> {
    const tell: TellHistory = (stayId, continuation) => {
      const stay = this.#case(stayId);
      const history = stay.history(this.#protectionOfStay(stay), this.#rules, continuation);
      if (!history) throw new Error('a stay without events is none');
      return history;
    };
    return continuedHistories(this.#relatedStays(stays, patients), this.#rules, tell, stays);
  }

  /** The stays of the persons concerned that are tied to another as things stand: one that is cut loose tells otherwise. */
  #tied(stays: Iterable<string>, patients: Iterable<string>): Set<string> {
    return tiedStays(this.#relatedStays(stays, patients), this.#rules);
  }

  #relatedStays(stays: Iterable<string>, patients: Iterable<string>): PersonStay[] {
    if (this.#sentOn.size === 0) return [];
    const persons = new Set([...patients, ...[...stays].flatMap((stay) => this.#case(stay).patients())]);
    if (![...persons].some((person) => this.#sentOn.has(person))) return [];
    return staysOfPersons(this.#cases.values(), persons).map((stay) => stay.events.asStay());
  }

  /** The stays that none of the person's others matter to, once their changes are written: to be kept for the next batch. */
  toKeep(): StayCase[] {
    return [...this.#cases.values()].filter(({ events }) => !events.hasTransferred && events.size > 0);
  }

  told(stayId: string): readonly ToldNotice[] {
    return this.#cases.get(stayId)?.told.all() ?? [];
  }

  changes(): Changes {
    const cases = [...this.#cases.values()];
    const { put, removed } = this.#events.changes();
    return {
      personEvents: this.#personEvents.changes(),
      events: put,
      removedEvents: removed,
      told: cases.flatMap((one) => one.changedNotices()),
      tasks: cases.flatMap((one) => one.changedTasks()),
      said: this.#said.changed(),
      joined: this.#joined.changes(),
      sentOn: [...this.#sentOn].filter((person) => !this.#marked.has(person)),
    };
  }

  #enter(event: StayEvent): void {
    const stay = this.#case(event.stayId);
    stay.events.put(event);
    this.#noteSentOn(stay);
    const claim = claimOf(event);
    if (claim) this.#claimsOf(event.patientId).set(event.eventId, claim);
    else this.#claims.get(event.patientId)?.delete(event.eventId);
  }

  #noteSentOn(stay: StayCase): void {
    for (const person of stay.events.sentOn()) this.#sentOn.add(person);
  }

  /** The same id may come back in another stay or of another patient: a mended translation. */
  #remove(event: StayEvent): void {
    this.#cases.get(event.stayId)?.events.drop(event.eventId);
    this.#claims.get(event.patientId)?.delete(event.eventId);
  }

  #protectionOfStay(stay: StayCase): PersonProtection | undefined {
    const claims = stay.patients().flatMap((patient) => [...(this.#claims.get(patient)?.values() ?? [])]);
    return protectionIn(stay.events.knownSince(), claims);
  }

  #protectionOf(patient: string): PersonProtection | undefined {
    return protectionBy(this.#claims.get(patient)?.values() ?? []);
  }

  #staysOf(patient: string): string[] {
    const concerned = [...this.#cases.values()].filter(({ events }) => events.knownSince().has(patient));
    return concerned.map(({ stayId }) => stayId).sort();
  }

  #case(stayId: string): StayCase {
    const known = this.#cases.get(stayId);
    if (known) return known;
    const made = new StayCase(stayId, [], []);
    this.#cases.set(stayId, made);
    return made;
  }

  #claimsOf(patient: string): Map<string, ProtectionClaim> {
    const known = this.#claims.get(patient);
    if (known) return known;
    const made = new Map<string, ProtectionClaim>();
    this.#claims.set(patient, made);
    return made;
  }
}

const NO_CHANGE: SetChange = { put: [], removed: [] };

/**
 * What made each stay another one: the event that came, or what the stay reads of it. A stay that events went to or from, because
 * it was joined to another, is changed by the word that says so, and not by those; and one that reads a word no more, because
 * that was taken back, by the taking back: else a notice would be withdrawn as of a time before it was told.
 */
function causesOf(changed: readonly StayEvent[], event: ArrivedEvent): ReadonlyMap<string, StayEvent> {
  const causes = new Map([...changed].reverse().map((one) => [one.stayId, one]));
  if (!isOfPerson(event)) return causes;
  const { eventId, inboundId, sentAt, intakeAt, intakeStamp } = event;
  for (const [stayId, one] of causes) {
    if (one.inboundId !== inboundId) causes.set(stayId, { ...one, eventId, inboundId, sentAt, intakeAt, intakeStamp });
  }
  return causes;
}
