import { IntakeSequence } from '../events/intake-sequence.ts';
import type { StayEvent } from '../events/stay-event.ts';
import type { Act, Withheld } from '../notices/act.ts';
import { INS_SLOT } from '../notices/kinds.ts';
import { protectionAt, sameProtection, type PersonProtection } from '../person/protection.ts';
import {
  type Addressee,
  type Continuation,
  directoryInstant,
  homeAddressees,
  type Kept,
  keptAt,
  LatestUnits,
  NO_CONTINUATION,
  type Unit,
  type Units,
  unitsOf,
} from '../routing/addressees.ts';
import type { AddedRecipient } from '../routing/decision.ts';
import type { Directory, DirectoryVersions } from '../parties/directory.ts';
import type { Party, PartyId } from '../parties/party.ts';
import type { Parameters } from '../rules/parameters.ts';
import { GrowingStay } from '../stay/fold.ts';
import { PartyWords, type TakenWord } from '../answers/party-words.ts';
import {
  returnedIn,
  RoutingStatements,
  type RecordedCall,
  type ReturnOfNotice,
} from '../answers/routing-statements.ts';
import { isReal, neededScopes, type Stay } from '../stay/stay.ts';
import { type Instant, localDate } from '../time/time.ts';
import { ActRecorder } from './act-recorder.ts';
import { type Duties, dutiesOf, type Duty } from './duties.ts';
import { sentScopes } from './ins-duty.ts';
import { type MadeDecision, MadeDecisions, mayBeRerouted, type Rerouting, reroutingOf } from './made-decisions.ts';
import { type Step, WardRecord } from './ward-record.ts';

/**
 * The acts of a ward in a stay: a pure function of its events and their intake times (architecture 3).
 *
 * With S(t) the fold of all that was taken in up to t, each t at which S makes a notice due, changes its content or ends
 * it is an act, stated by the event taken in at t. One notice of one recipient goes through these states, per slot:
 *
 *   none -> told          S makes it due, and there is a ground
 *   told -> told again    its content changes, and there is a ground: a new act that follows the old one
 *   told -> ended         S ends it: all acts of the slot that stand are ended together
 *   none -> withheld      S makes it due, and there is no ground: nothing is told (DEC-06)
 *
 * A ground that goes away ends nothing: what was said stays said (rules 12.3). Of a protected person nothing more is told
 * by rule, and what is not so any more is taken back all the same (DEC-23).
 */

/** The rules that a history is judged by. */
export interface HistoryRules {
  readonly directory: DirectoryVersions;
  /** The row of parameters in force on a local day. */
  readonly parameters: (date: string) => Parameters;
  /** The time by which an event is judged (`judged-time.ts`); the watcher's knows of outages. */
  readonly judge: (event: StayEvent) => Instant;
}

export interface HistoryInput extends HistoryRules {
  readonly events: readonly StayEvent[];
  readonly protection?: PersonProtection;
  /** What the person's other stays bring (`continuation.ts`). */
  readonly continuation?: Continuation;
}

export interface History {
  readonly stay: Stay;
  /** The units of the stay's own need that the ward has sent an INS for. */
  readonly units: Units;
  /** The units of the stay's own need, whether or not the ward has sent an INS for it. */
  readonly concerned: readonly Unit[];
  /** Those who have the INS of the stay that this one continues (DEC-08). */
  readonly kept: readonly Kept[];
  /** Those who have an INS of this stay that stands. */
  readonly informed: readonly Addressee[];
  readonly acts: readonly Act[];
  /** Each decision that changed who is told or what waits for a person, or by which a notice was told or ended. */
  readonly decisions: readonly MadeDecision[];
  /** Whom a party that is told has added: told by that party's word, never by the ward's (rules 12.2, 12.7). */
  readonly added: readonly AddedRecipient[];
  /** The returns that stand: what had gone out was misaddressed (SEK-02). */
  readonly returns: readonly ReturnOfNotice[];
  /** Who was told beside the hub, as it was recorded (TEK-02). */
  readonly calls: readonly RecordedCall[];
  readonly withheld: readonly Withheld[];
  readonly duties: readonly Duty[];
  readonly ward: WardRecord;
  /** What the parties, and the ward for the planning, have said, in the order of saying. */
  readonly words: readonly TakenWord[];
  /** The ward's organisation as the directory has it, where it does. */
  readonly organisation: Party | undefined;
}

/** All acts, what is withheld, and what people have to do, for the events of one stay. @throws when there are none. */
export function historyOf({ events, protection, continuation, ...rules }: HistoryInput): History {
  return new GrowingHistory(rules).of(new IntakeSequence(events), protection, continuation);
}

/**
 * The history of a stay that grows: says at every call what {@link historyOf} says, but goes on from the call before when
 * the events only got later ones in the order of intake. Then only those are read, so that a message costs the same however
 * many the stay has had.
 */
export class GrowingHistory {
  readonly #rules: HistoryRules;
  #passage: Passage | undefined;

  constructor(rules: HistoryRules) {
    this.#rules = rules;
  }

  /** @throws when there are no events */
  of(
    sequence: IntakeSequence,
    protection: PersonProtection | undefined,
    continuation: Continuation = NO_CONTINUATION,
  ): History {
    const passage = this.#leadingTo(sequence, protection, continuation);
    while (passage.takeNext());
    return passage.history();
  }

  /**
   * Reads an event at a time what {@link of} would read at once, which then has nothing left to read: thousands of events may
   * have to be read anew, and whoever lets others go on in between holds up nobody.
   */
  *reading(sequence: IntakeSequence, protection: PersonProtection | undefined): Generator<void, void> {
    const passage = this.#leadingTo(sequence, protection, NO_CONTINUATION);
    while (passage.takeNext()) yield;
  }

  #leadingTo(sequence: IntakeSequence, protection: PersonProtection | undefined, continuation: Continuation): Passage {
    const known = this.#passage;
    if (known?.leadsTo(sequence, protection, continuation)) return known;
    return (this.#passage = new Passage(this.#rules, sequence, protection, continuation));
  }

  /**
   * Who would be told at an instant, of the history that was last asked for, where they are others than its latest step has
   * it: an event that says so (`directory-changed`) then makes the stay be decided anew.
   * @param directory another than the one in force then: what it would change
   */
  reroutedAt(now: Instant, directory = this.#rules.directory.at(now)): Rerouting | undefined {
    return this.#passage?.reroutedAt(now, directory);
  }
}

/** Where a passage has come to. */
interface Reached extends Pick<History, 'stay' | 'units' | 'concerned' | 'kept' | 'withheld' | 'organisation'> {
  readonly event: StayEvent;
  /** The case is over, by what a later stay states. */
  readonly over: boolean;
}

/**
 * The passage through the events of a stay in the order of their intake, step by step. What other stays bring holds from an
 * instant of their own: there a step is taken too, by the state that the latest event has left.
 */
class Passage {
  readonly #rules: HistoryRules;
  readonly #protection: PersonProtection | undefined;
  readonly #continuation: Continuation;
  /** Instants at which another stay makes a difference. */
  readonly #elsewhere: readonly Instant[];
  readonly #sequence: IntakeSequence;
  readonly #start: symbol;
  readonly #growing: GrowingStay;
  readonly #ward = new WardRecord();
  readonly #recorder = new ActRecorder(this.#ward);
  readonly #duties: Duties = new Map();
  readonly #routing = new RoutingStatements();
  readonly #words = new PartyWords();
  readonly #decisions = new MadeDecisions();
  readonly #units = new LatestUnits();
  /** How many events have been taken. */
  #taken = 0;
  #last: Reached | undefined;
  /** How many of the instants elsewhere have been passed. */
  #passed = 0;

  constructor(
    rules: HistoryRules,
    sequence: IntakeSequence,
    protection: PersonProtection | undefined,
    continuation: Continuation,
  ) {
    this.#rules = rules;
    this.#sequence = sequence;
    this.#start = sequence.start;
    this.#growing = new GrowingStay(rules);
    this.#protection = protection;
    this.#continuation = continuation;
    this.#elsewhere = instantsOf(continuation);
  }

  /** True when these events begin with those that were taken, and all else is as it was. */
  leadsTo(sequence: IntakeSequence, protection: PersonProtection | undefined, continuation: Continuation): boolean {
    if (this.#sequence !== sequence || this.#start !== sequence.start) return false;
    const next = sequence.events[this.#taken]?.intakeAt ?? Infinity;
    return (
      sameProtection(this.#protection, protection) &&
      isSame(this.#continuation, continuation) &&
      // A step that was taken after the last event may come too early for the next.
      next >= (this.#elsewhere[this.#passed - 1] ?? -Infinity)
    );
  }

  /** Takes the next of the events that have come since. @returns false when there is none */
  takeNext(): boolean {
    const event = this.#sequence.events[this.#taken];
    if (!event) return false;
    this.#step({ index: this.#taken, event, sent: this.#rules.judge(event) });
    this.#taken++;
    return true;
  }

  #step(step: Step): void {
    const { intakeAt } = step.event;
    this.#passUntil(intakeAt);
    this.#mark(this.#duties, intakeAt);
    this.#takeWord(step);
    // A word that says nothing of who is told changes no act: nothing is folded or decided for it.
    if (this.#last && step.event.beside?.word && !step.event.beside.routing) return;
    const stay = this.#growing.take(step.event);
    this.#routing.take(step.event, step.sent, stay, (party) => this.#recorder.isTold(party));
    this.#decide(step, withProtection(stay, this.#protection, intakeAt));
  }

  /** Nobody has been told of a stay of which nothing came before: a first event says no word that counts. */
  #takeWord({ event, sent }: Step): void {
    if (!event.beside?.word || !this.#last) return;
    const { stay } = this.#last;
    const instant = directoryInstant(stay, event.intakeAt);
    this.#words.take(event, sent, stay, {
      isTold: (party) => this.#recorder.isTold(party),
      partyOf: (id) => this.#rules.directory.at(instant).party(id, localDate(instant)),
    });
  }

  #decide(step: Step, stay: Stay): void {
    const { event } = step;
    const { parameters } = this.#rules;
    const { directory, date, stated, scopes, units } = this.#routed(stay, event.intakeAt);
    const returned = returnedIn(stated);
    const isAllSent = scopes.length === (stay.need?.scopes ?? []).length;
    const concerned = isAllSent ? units.resolved : unitsOf(stay, neededScopes(stay), directory, date, stated).resolved;
    const kept = this.#keptAt(stay, event.intakeAt, directory, date, returned);
    const over = this.#overAt(event.intakeAt);
    this.#ward.note(stay, step, parameters(localDate(stay.admittedAt ?? event.intakeAt)));
    const { decision } = units;
    const withheld = this.#recorder.step(stay, step, {
      ...{ units, kept, over, returned },
      home: homeAddressees(decision?.added ?? [], stay, directory, date),
      sent: scopes.length > 0,
      decidedBy: { directory: directory.version, date },
      keepDecision: () => decision && this.#decisions.keep(decision, stay, step),
      isSucceeded: (id) => (directory.party(id, date)?.id ?? id) !== id,
    });
    if (decision) this.#decisions.noteChange(decision, stay, step);
    const organisation = directory.party(stay.terms.organisation, date);
    this.#last = { event, stay, units, concerned, kept, over: over !== undefined, withheld, organisation };
    this.#carryOn(this.#duties, this.#last);
  }

  /** Who is concerned by what the ward has sent an INS for, as things stand at an instant. */
  #routed(stay: Stay, now: Instant) {
    const instant = directoryInstant(stay, now);
    const directory = this.#rules.directory.at(instant);
    const date = localDate(instant);
    const stated = this.#routing.of(stay);
    const scopes = sentScopes(stay);
    const units = this.#units.of({ stay, need: scopes, directory, date, stated });
    return { directory, date, stated, scopes, units };
  }

  /** Whom the stay keeps as told, but for those who sent it back. */
  #keptAt(stay: Stay, now: Instant, directory: Directory, date: string, returned: ReadonlySet<PartyId>): Kept[] {
    const kept = keptAt(this.#continuation, stay, now, directory, date);
    return kept.length === 0 ? kept : kept.filter(({ party }) => !returned.has(party.id));
  }

  /** See {@link GrowingHistory.reroutedAt}. */
  reroutedAt(now: Instant, directory: Directory): Rerouting | undefined {
    const last = this.#last;
    if (!last || last.over || !mayBeRerouted(last)) return undefined;
    const stay = withProtection(last.stay, this.#protection, now);
    const [stated, date] = [this.#routing.of(stay), localDate(now)];
    const units = unitsOf(stay, sentScopes(stay), directory, date, stated);
    const kept = this.#keptAt(stay, now, directory, date, returnedIn(stated));
    return reroutingOf(last, { units, kept });
  }

  #overAt(now: Instant): Continuation['over'] {
    const { over } = this.#continuation;
    return over && over.at <= now ? over : undefined;
  }

  /** Takes the steps of other stays up to an instant. One that lies before the first event is taken with that. */
  #passUntil(until: Instant): void {
    for (
      let at = this.#elsewhere[this.#passed];
      at !== undefined && at <= until;
      at = this.#elsewhere[++this.#passed]
    ) {
      if (this.#last) this.#stepElsewhere(at, this.#last);
    }
  }

  /** The ward's latest word stands; nothing of it could be told to more, or had to end, before now. */
  #stepElsewhere(at: Instant, last: Reached): void {
    this.#mark(this.#duties, at);
    const event = { ...last.event, intakeAt: at };
    const step: Step = { index: this.#taken - 1, event, sent: at, elsewhere: true };
    this.#decide(step, withProtection(last.stay, this.#protection, at));
  }

  #carryOn(duties: Duties, reached: Reached): void {
    const { stay, kept, over } = reached;
    const keeps = kept.length > 0 && isReal(stay) && !over;
    dutiesOf(duties, {
      ...reached,
      insSent: sentScopes(stay).length > 0 && !over,
      wasSent: this.#ward.hasSent,
      keeps,
      insTold: keeps || this.#recorder.hasTold(INS_SLOT),
      isToldAs: (role) => this.#recorder.isToldAs(role),
      insComplete: this.#ward.completion(stay) !== 'never',
      arrived: this.#continuation.arrived ?? false,
      parameters: this.#rules.parameters,
    });
  }

  /**
   * Another stay's marking holds from its own intake on, whether or not this stay has an event then (rules 12.6): the
   * Task that it gives has its clock from there, and no later event winds that up again.
   */
  #mark(duties: Duties, until: Instant): Reached | undefined {
    const last = this.#last;
    if (!last || !this.#protection) return last;
    const stay = withProtection(last.stay, this.#protection, until);
    if (stay === last.stay) return last;
    const since = protectionAt(this.#protection, until)?.since ?? last.event.intakeAt;
    const event = { ...last.event, intakeAt: since };
    const { units } = this.#routed(stay, event.intakeAt);
    const marked = { ...last, event, stay, units, withheld: last.withheld.map(shielded) };
    this.#carryOn(duties, marked);
    return marked;
  }

  history(): History {
    this.#passUntil(Infinity);
    // A marking that holds from now on is none of the passage yet, which may go on before it.
    const duties: Duties = this.#protection ? new Map(this.#duties) : this.#duties;
    const reached = this.#mark(duties, Infinity);
    if (!reached) throw new Error('a stay has at least one event');
    const { stay, units, concerned, kept, withheld, organisation } = reached;
    return {
      ...{ stay, units, concerned, kept, withheld, organisation },
      informed: this.#recorder.informed(),
      acts: this.#recorder.acts(),
      decisions: this.#decisions.all(),
      added: units.decision?.added ?? [],
      returns: this.#routing.returns(stay),
      calls: this.#routing.calls(stay),
      duties: [...duties.values()],
      ward: this.#ward,
      words: this.#words.of(stay),
    };
  }
}

function instantsOf({ inherited, over }: Continuation): Instant[] {
  const all = [...inherited.map((one) => one.since), ...(over === undefined ? [] : [over.at])];
  return [...new Set(all)].sort((a, b) => a - b);
}

/** Made by one function from the same stays: the same is written the same. */
function isSame(a: Continuation, b: Continuation): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

function withProtection(stay: Stay, protection: PersonProtection | undefined, now: Instant): Stay {
  const held = stay.protection ? undefined : protectionAt(protection, now);
  return held ? { ...stay, protection: held.label } : stay;
}

/** What was due and could not be told waits for a person from now on. */
function shielded(withheld: Withheld): Withheld {
  return { ...withheld, because: 'protected', permittedBy: [] };
}
