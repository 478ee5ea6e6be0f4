import { ActRecorder, type Step } from './act-recorder.ts';
import { hasInsDuty } from './deadlines.ts';
import type { Directory } from './directory.ts';
import { dutiesOf, type Duties } from './duties.ts';
import type { Protection, StayEvent } from './event.ts';
import { localDate } from './local-time.ts';
import type { Act, Duty, Withheld } from './notice.ts';
import { missingItems } from './ins-items.ts';
import { inOrder } from './order.ts';
import { recipientsOf, type Recipients } from './routing.ts';
import type { Parameters } from './rules/parameters.ts';
import { dischargeOf, foldStay, type Stay } from './stay.ts';
import type { Instant } from './time.ts';

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
 * A ground that goes away ends nothing: what was said stays said (domain.md 12.3).
 */

/** A marking for protection that another stay of the person brought (domain.md 12.6). */
export interface PersonProtection {
  readonly label: Protection;
  /** Intake of the event that stated it. */
  readonly since: Instant;
}

export interface HistoryInput {
  readonly events: readonly StayEvent[];
  readonly directory: Directory;
  readonly parameters: (date: string) => Parameters;
  /** The time by which an event is judged (`judged-time.ts`); the watcher's knows of outages. */
  readonly judge: (event: StayEvent) => Instant;
  readonly protection?: PersonProtection;
}

/** What the ward itself did, whether or not anybody could be told: its deviations are judged on this alone (DEC-05). */
export interface WardRecord {
  /** The INS as the ward's act: when the duty and, with `ins=ordered`, the order were complete. */
  readonly ins?: Step;
  /** True once the INS that stands has had all its items: what is deleted later is no missing item of it (INS-05: at send). */
  readonly insComplete?: true;
  /** When the hub was first told of the discharge in force. */
  readonly discharge?: Step;
  /** When the patient was first said to be ready, in the run that holds. */
  readonly ready?: Step;
  /** The expected discharge that the ward had given in INS or BUT before the discharge. */
  readonly lastExpected?: { readonly start: Instant; readonly statedBy: string };
}

export interface History {
  readonly stay: Stay;
  readonly recipients: Recipients;
  readonly acts: readonly Act[];
  readonly withheld: readonly Withheld[];
  readonly duties: readonly Duty[];
  readonly ward: WardRecord;
}

/** Events in order of intake; what came at one instant, in the total order of the stay (a group commit has one instant). */
export function inIntakeOrder(events: readonly StayEvent[]): StayEvent[] {
  return inOrder(events).sort((a, b) => a.intakeAt - b.intakeAt);
}

/** All acts, what is withheld, and what people have to do, for the events of one stay. @throws when there are none. */
export function historyOf({ events, protection, ...rules }: HistoryInput): History {
  return new GrowingHistory(rules).of(events, protection);
}

/** The rules that a history is judged by. */
export type HistoryRules = Omit<HistoryInput, 'events' | 'protection'>;

/**
 * The history of a stay that grows: says at every call what {@link historyOf} says, but goes on from the call before when
 * the events only got later ones in the order of intake. A batch with many messages of one stay would else cost the
 * square of their number, each time.
 */
export class GrowingHistory {
  readonly #rules: HistoryRules;
  #walk: Walk | undefined;

  constructor(rules: HistoryRules) {
    this.#rules = rules;
  }

  /** @throws when there are no events */
  of(events: readonly StayEvent[], protection: PersonProtection | undefined): History {
    const sequence = inIntakeOrder(events);
    if (!this.#walk?.leadsTo(sequence, protection)) this.#walk = new Walk(this.#rules, protection);
    this.#walk.goOn(sequence);
    return this.#walk.history();
  }
}

/** Where a walk has come to. */
interface Reached extends Pick<History, 'stay' | 'recipients' | 'withheld'> {
  readonly event: StayEvent;
}

/** The way through the events of a stay in the order of their intake, step by step. */
class Walk {
  readonly #rules: HistoryRules;
  readonly #protection: PersonProtection | undefined;
  readonly #gone: StayEvent[] = [];
  readonly #recorder = new ActRecorder();
  readonly #duties: Duties = new Map();
  #ward: WardRecord = {};
  #last: Reached | undefined;

  constructor(rules: HistoryRules, protection: PersonProtection | undefined) {
    this.#rules = rules;
    this.#protection = protection;
  }

  /** True when these events begin with those that were gone through; a mended one is another object. */
  leadsTo(sequence: readonly StayEvent[], protection: PersonProtection | undefined): boolean {
    return (
      this.#protection?.label === protection?.label &&
      this.#protection?.since === protection?.since &&
      this.#gone.every((event, index) => event === sequence[index])
    );
  }

  goOn(sequence: readonly StayEvent[]): void {
    for (const event of sequence.slice(this.#gone.length)) {
      const index = this.#gone.push(event) - 1;
      this.#step({ index, event, sent: this.#rules.judge(event) });
    }
  }

  #step(step: Step): void {
    const { event } = step;
    const date = localDate(event.intakeAt);
    this.#mark(this.#duties, event.intakeAt);
    const stay = withProtection(foldStay(this.#gone), this.#protection, event.intakeAt);
    const recipients = recipientsOf(stay, this.#rules.directory, date);
    this.#ward = wardRecord(this.#ward, stay, step);
    const withheld = this.#recorder.step(stay, recipients, step, isSent(stay));
    this.#last = { event, stay, recipients, withheld };
    this.#carryOn(this.#duties, this.#last);
  }

  #carryOn(duties: Duties, reached: Reached): void {
    const { event, stay } = reached;
    const parameters = this.#rules.parameters(localDate(event.intakeAt));
    const insTold = this.#recorder.hasTold('INS');
    const insComplete = this.#ward.insComplete ?? false;
    dutiesOf(duties, { ...reached, insSent: isSent(stay), insTold, insComplete, parameters });
  }

  /**
   * Another stay's marking holds from its own intake on, whether or not this stay has an event then (domain.md 12.6): the
   * Task that it gives has its clock from there, and no later event winds that up again.
   */
  #mark(duties: Duties, until: Instant): Reached | undefined {
    const last = this.#last;
    if (!last || !this.#protection) return last;
    const stay = withProtection(last.stay, this.#protection, until);
    if (stay === last.stay) return last;
    const event = { ...last.event, intakeAt: this.#protection.since };
    const marked = { ...last, event, stay, withheld: [] };
    this.#carryOn(duties, marked);
    return marked;
  }

  history(): History {
    // What is answered stays as it is when the walk goes on.
    const duties: Duties = new Map(this.#duties);
    const reached = this.#mark(duties, Infinity);
    if (!reached) throw new Error('a stay has at least one event');
    const { stay, recipients, withheld } = reached;
    const acts = [...this.#recorder.acts];
    return { stay, recipients, withheld, acts, duties: [...duties.values()], ward: this.#ward };
  }
}

function withProtection(stay: Stay, protection: PersonProtection | undefined, now: Instant): Stay {
  if (stay.protection || !protection || protection.since > now) return stay;
  return { ...stay, protection: protection.label };
}

/** DEC-02: with `ins=auto` the duty being complete is the sending; with `ins=ordered` the ward orders it. */
function isSent(stay: Stay): boolean {
  return hasInsDuty(stay) && (stay.terms.ins === 'auto' || stay.insOrdered);
}

function wardRecord(before: WardRecord, stay: Stay, step: Step): WardRecord {
  const discharge = dischargeOf(stay);
  const ready = typeof stay.ready === 'object';
  const sent = isSent(stay);
  const expected = stay.expectedDischarge;
  return {
    ...(sent && { ins: before.ins ?? step }),
    ...(sent && (before.insComplete ?? missingItems(stay).length === 0) && { insComplete: true as const }),
    ...(discharge && { discharge: before.discharge ?? step }),
    ...(ready && { ready: before.ready ?? step }),
    ...(sent && !discharge && expected
      ? { lastExpected: { start: expected.start, statedBy: step.event.eventId } }
      : before.lastExpected && { lastExpected: before.lastExpected }),
  };
}
