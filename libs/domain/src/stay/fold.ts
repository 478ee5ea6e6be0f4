import type { Fact, FactCode } from '../events/fact.ts';
import type { Scope } from '../codes/scope.ts';
import { byWord, compareByIntake, compareByWord } from '../events/order.ts';
import { OrderOfTime, type Place } from '../events/order-of-time.ts';
import type { StayEvent } from '../events/stay-event.ts';
import { Survivors } from '../person/person-in-stay.ts';
import type { Parameters } from '../rules/parameters.ts';
import { type Instant, localDate } from '../time/time.ts';
import { type FactInForce, goesToOpenCare, ofCode, runStart, scopeKey } from './facts.ts';
import { GrowingFacts, type Facts } from './growing-facts.ts';
import { dutyInstant, GrowingCourse, type Admission, type InpatientCourse } from './inpatient-course.ts';
import { LatestStatements } from './latest-statements.ts';
import { impliedNeed, insOrdersOf, statedNeed, type Need } from './need.ts';
import type { InfoStatement, Stay } from './stay.ts';
import { goesOnCounting, whatCounts, type Counting } from './what-counts.ts';

/** What a fold goes by besides the events. */
export interface FoldRules {
  readonly parameters: (date: string) => Parameters;
}

/** Folds the events of one stay. @throws when there are none: a stay without events is no stay. */
export function foldStay(events: readonly StayEvent[], rules: FoldRules): Stay {
  return new Fold(events, rules).stay();
}

/**
 * The fold of a stay that grows: says after each event what {@link foldStay} says of all taken so far.
 *
 * An event that takes nothing back of what was said is read alone, wherever it stands by time and by word, so that a message of a
 * stay with thousands costs what the first one did, also where each is older than the one before. Any other has the whole stay folded anew:
 * one that cancels, that is of another person or makes two persons one, that corrects what is not there yet, that a later word has
 * cut off or taken back, that moves the closing.
 */
export class GrowingStay {
  readonly #rules: FoldRules;
  readonly #events: StayEvent[] = [];
  #fold: Fold | undefined;

  constructor(rules: FoldRules) {
    this.#rules = rules;
  }

  /** The events taken, in the order of taking. */
  get events(): readonly StayEvent[] {
    return this.#events;
  }

  /** Takes one more event, whichever: the order of taking makes no difference to what the fold is. */
  take(event: StayEvent): Stay {
    this.#events.push(event);
    if (!this.#fold?.goOn(event)) this.#fold = new Fold(this.#events, this.#rules);
    return this.#fold.stay();
  }
}

/** The parts of a stay as its events say them, each of which can go on from where it is. */
class Fold {
  readonly #rules: FoldRules;
  #counting: Counting;
  /** The mergers that count: those taken in before the closing. */
  readonly #survivors: Survivors;
  /** After another person came, only an admission that was said of that person implies a need (DEC-18). */
  #admitsPerson: boolean;
  /** The course as if the stay never closed: it tells when it does. */
  readonly #open: GrowingCourse;
  /** The course by what events after the closing may still say; the same object while there are none. */
  readonly #course: GrowingCourse;
  #closesAt: Instant | undefined;
  readonly #facts: GrowingFacts;
  readonly #statements = new LatestStatements();
  readonly #order = new OrderOfTime();
  #lastWord: StayEvent;
  #lastTaken: StayEvent;
  #said: { readonly facts: Facts; readonly parts: FactParts } | undefined;

  constructor(taken: readonly StayEvent[], rules: FoldRules) {
    const words = byWord(taken);
    const survivors = Survivors.in(words);
    const whileOpen = whatCounts(words.map((event) => survivors.read(event)));
    this.#rules = rules;
    this.#counting = whileOpen.counting;
    this.#open = new GrowingCourse(whileOpen.events);
    this.#closesAt = this.#closing();
    const closesAt = this.#closesAt ?? Infinity;
    const isClosed = taken.some((event) => event.intakeAt > closesAt);
    this.#survivors = isClosed ? Survivors.in(words.filter((event) => event.intakeAt <= closesAt)) : survivors;
    const { counting, events } = isClosed
      ? whatCounts(
          words.map((event) => this.#survivors.read(event)),
          closesAt,
        )
      : whileOpen;
    this.#counting = counting;
    this.#admitsPerson = events.some(isPersonsAdmission);
    const inTime = isClosed ? events.map((event) => (event.intakeAt > closesAt ? afterClosing(event) : event)) : events;
    this.#course = isClosed ? new GrowingCourse(inTime) : this.#open;
    const lastWord = events.at(-1);
    if (!lastWord) throw new Error('a stay has at least one event');
    this.#facts = new GrowingFacts(inTime);
    for (const { event, place } of OrderOfTime.placed(inTime)) this.#state(event, place);
    this.#lastWord = lastWord;
    this.#lastTaken = events.reduce((last, event) => (compareByIntake(last, event) < 0 ? event : last), lastWord);
  }

  /**
   * Takes one more event.
   * @returns false when it changes how those before it are read: this fold is of no use any more
   */
  goOn(written: StayEvent): boolean {
    if (written.beside?.merged) return false;
    const event = this.#survivors.read(written);
    const isLastWord = compareByWord(this.#lastWord, event) < 0;
    const isTakenLast = compareByIntake(this.#lastTaken, event) < 0;
    // Whose visit it is goes by the order of intake, which makes no difference while the visit was one person's all along.
    if (!isTakenLast && this.#counting.personSince) return false;
    const place = this.#order.placeOf(event);
    if (!place) return false;
    const counting = goesOnCounting(this.#counting, event, isLastWord);
    if (!counting) return false;
    // The first number that counts says of whom those after the closing spoke, which did not count while there was none.
    if (this.#course !== this.#open && counting.number && !this.#counting.number) return false;
    this.#counting = counting;
    this.#open.take(event);
    const before = this.#closesAt;
    this.#closesAt = this.#closing();
    const isAfterClosing = event.intakeAt > (this.#closesAt ?? Infinity);
    if (this.#course !== this.#open) {
      if (this.#closesAt !== before) return false;
    } else if (isAfterClosing || this.#lastTaken.intakeAt > (this.#closesAt ?? Infinity)) return false;
    const inTime = isAfterClosing ? afterClosing(event) : event;
    if (!this.#facts.goOn(inTime, isLastWord)) return false;
    if (this.#course !== this.#open) this.#course.take(inTime);
    this.#admitsPerson ||= isPersonsAdmission(event);
    this.#state(inTime, place);
    if (isLastWord) this.#lastWord = event;
    if (isTakenLast) this.#lastTaken = event;
    return true;
  }

  #state(event: StayEvent, place: Place): void {
    this.#order.take(event, place);
    this.#statements.take(event, place);
  }

  stay(): Stay {
    const { cancelled, personSince, revivedBy } = this.#counting;
    const { admission, discharges, open, everDischarged } = this.#course.course();
    const statements = this.#statements.now();
    const { need: stated, ...said } = this.#partsSaid();
    const need = stated ?? impliedNeed(statements.terms, this.#implying(admission));
    return {
      state: cancelled ? 'cancelled' : !open ? 'discharged' : admission ? 'admitted' : 'unknown',
      personKey: personSince?.eventId ?? '',
      revival: revivedBy?.eventId ?? '',
      ...statements,
      ...(admission && { admittedAt: admission.at }),
      ...(need && { need }),
      ...said,
      discharges,
      deceased: statements.deceased || (!open && discharges.at(-1)?.leaving === 'dead'),
      everDischarged,
      ...(this.#closesAt !== undefined && { closesAt: this.#closesAt }),
    };
  }

  #implying(admission: Admission | undefined): Admission | undefined {
    return !this.#counting.personSince || this.#admitsPerson ? admission : undefined;
  }

  /** Made anew only when what holds is another: most messages say what was said before. */
  #partsSaid(): FactParts {
    const facts = this.#facts.facts();
    if (this.#said?.facts !== facts) this.#said = { facts, parts: partsOf(facts) };
    return this.#said.parts;
  }

  #closing(): Instant | undefined {
    return this.#counting.cancelled ? undefined : closingOf(this.#open.course(), this.#rules);
  }
}

/** DEC-17: a while after the discharge, but never before the message that told of it was taken in. */
function closingOf({ open, discharges }: InpatientCourse, { parameters }: FoldRules): Instant | undefined {
  const discharge = open ? undefined : discharges.at(-1);
  if (!discharge) return undefined;
  const left = dutyInstant(discharge.at, Infinity);
  return Math.max(left + parameters(localDate(left)).closingWindow, discharge.takenIn);
}

/** Of these an event after the closing may still speak: they are acts of the ward, and reach those who had the notice. */
const AFTER_CLOSING: ReadonlySet<FactCode> = new Set<FactCode>(['CONSENT', 'BASIS', 'INFO', 'READY', 'OPTDECISION']);

/**
 * What a message taken in after the closing says of the stay: how it ended, the information (DEC-17), and that the visit is
 * protected, which no time limits (DEC-23).
 */
function afterClosing(event: StayEvent): StayEvent {
  const { end, leaving, protection } = event.encounter;
  return {
    ...event,
    patient: { identities: [] },
    encounter: {
      ...(end !== undefined && { end }),
      ...(leaving && leaving !== 'dead' && { leaving }),
      ...(protection && { protection }),
    },
    facts: event.facts.filter(({ code }) => AFTER_CLOSING.has(code)),
  };
}

function isPersonsAdmission({ course, facts, patient }: StayEvent): boolean {
  return course === 'admit' && (facts.length > 0 || patient.identities.length > 0);
}

/** What of a stay its facts say. */
type FactParts = Pick<
  Stay,
  'insOrders' | 'ready' | 'openCompulsoryCare' | 'infos' | 'disclosures' | 'concerns' | 'recorded' | 'lostCorrections'
> & { readonly need: Need | undefined };

function partsOf({ needs, of, lost }: Facts): FactParts {
  return {
    need: statedNeed({ needs, of }),
    insOrders: insOrdersOf(of.orders),
    ready: readyOf(of.recorded),
    openCompulsoryCare: goesToOpenCare([...of.care, ...of.recorded]),
    infos: infosOf(of.infos),
    disclosures: of.disclosures,
    concerns: of.concerns,
    recorded: of.recorded,
    lostCorrections: lost,
  };
}

function readyOf(facts: readonly FactInForce[]): Stay['ready'] {
  const said = ofCode(facts, 'READY');
  if (said.length === 0) return 'unstated';
  const first = runStart(said, (fact) => fact.values[0] === 'Y');
  return first ? { since: first.at } : 'no';
}

/**
 * INFO without a scope is for the region's open care alone (rules 12.2). What is said of one time to the same recipients, once
 * with the scope and once without, is one notice with both texts: one in the other's place would be told anew at each message.
 */
function infosOf(facts: readonly FactInForce[]): InfoStatement[] {
  const infos = new Map<string, InfoStatement>();
  for (const fact of facts) {
    const scopes: readonly Scope[] = fact.scopes.length === 0 ? ['ROV'] : fact.scopes;
    const slot = `${scopeKey(scopes)}@${timeOf(fact)}`;
    const text = fact.values.join('\n');
    const same = infos.get(slot);
    if (!same) infos.set(slot, { slot, scopes, text, at: fact.at, statedBy: fact.statedBy });
    else if (same.text !== text) infos.set(slot, { ...same, text: `${same.text}\n${text}` });
  }
  return [...infos.values()];
}

function timeOf(fact: Fact): string {
  return fact.stated ?? String(fact.at);
}
