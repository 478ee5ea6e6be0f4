import { ActRecorder, type Step } from './act-recorder.ts';
import { keptAt, NO_CONTINUATION, type Continuation, type Kept } from './addressees.ts';
import { hasInsDuty, isReal } from './deadlines.ts';
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
  /** What the person's other stays bring (`continuation.ts`). */
  readonly continuation?: Continuation;
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
  /** The expected discharge that this ward, no other, had given in INS or BUT before the discharge. */
  readonly lastExpected?: { readonly start: Instant; readonly statedBy: string };
}

export interface History {
  readonly stay: Stay;
  /** Those of the stay's own need. */
  readonly recipients: Recipients;
  /** Those who have the INS of the stay that this one continues (DEC-08). */
  readonly kept: readonly Kept[];
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
export function historyOf({ events, protection, continuation, ...rules }: HistoryInput): History {
  return new GrowingHistory(rules).of(events, protection, continuation);
}

/** The rules that a history is judged by. */
export type HistoryRules = Omit<HistoryInput, 'events' | 'protection' | 'continuation'>;

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
  of(
    events: readonly StayEvent[],
    protection: PersonProtection | undefined,
    continuation: Continuation = NO_CONTINUATION,
  ): History {
    const sequence = inIntakeOrder(events);
    if (!this.#walk?.leadsTo(sequence, protection, continuation)) {
      this.#walk = new Walk(this.#rules, protection, continuation);
    }
    this.#walk.goOn(sequence);
    return this.#walk.history();
  }
}

/** Where a walk has come to. */
interface Reached extends Pick<History, 'stay' | 'recipients' | 'kept' | 'withheld'> {
  readonly event: StayEvent;
  /** The case is over, by a death that a later stay states. */
  readonly over: boolean;
}

/**
 * The way through the events of a stay in the order of their intake, step by step. What other stays bring holds from an
 * instant of their own: there the way takes a turn, by the state that the latest event has left.
 */
class Walk {
  readonly #rules: HistoryRules;
  readonly #protection: PersonProtection | undefined;
  readonly #continuation: Continuation;
  readonly #turns: readonly Instant[];
  readonly #gone: StayEvent[] = [];
  readonly #recorder = new ActRecorder();
  readonly #duties: Duties = new Map();
  #ward: WardRecord = {};
  #last: Reached | undefined;
  /** How many turns have been taken. */
  #turned = 0;

  constructor(rules: HistoryRules, protection: PersonProtection | undefined, continuation: Continuation) {
    this.#rules = rules;
    this.#protection = protection;
    this.#continuation = continuation;
    this.#turns = turnsOf(continuation);
  }

  /** True when these events begin with those that were gone through; a mended one is another object. */
  leadsTo(
    sequence: readonly StayEvent[],
    protection: PersonProtection | undefined,
    continuation: Continuation,
  ): boolean {
    const next = sequence[this.#gone.length]?.intakeAt ?? Infinity;
    return (
      this.#protection?.label === protection?.label &&
      this.#protection?.since === protection?.since &&
      isSame(this.#continuation, continuation) &&
      // A turn that was taken after the last event may come too early for the next.
      next >= (this.#turns[this.#turned - 1] ?? -Infinity) &&
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
    this.#turnUntil(event.intakeAt);
    this.#mark(this.#duties, event.intakeAt);
    const stay = withProtection(foldStay(this.#gone), this.#protection, event.intakeAt);
    this.#decide(step, stay, recipientsOf(stay, this.#rules.directory, localDate(event.intakeAt)));
  }

  #decide(step: Step, stay: Stay, recipients: Recipients): void {
    const { event } = step;
    const kept = keptAt(this.#continuation, stay, event.intakeAt, this.#rules.directory);
    const over = (this.#continuation.over ?? Infinity) <= event.intakeAt;
    const sent = isSent(stay);
    this.#ward = wardRecord(this.#ward, stay, step, sent || (kept.length > 0 && isReal(stay)));
    const withheld = this.#recorder.step(stay, recipients, step, { sent, kept, over });
    this.#last = { event, stay, recipients, kept, over, withheld };
    this.#carryOn(this.#duties, this.#last);
  }

  /** Takes the turns up to an instant. One that lies before the first event is taken by that. */
  #turnUntil(until: Instant): void {
    for (let at = this.#turns[this.#turned]; at !== undefined && at <= until; at = this.#turns[++this.#turned]) {
      if (this.#last) this.#turn(at, this.#last);
    }
  }

  /** The ward's latest word stands; nothing of it could be told to more, or had to end, before now. */
  #turn(at: Instant, last: Reached): void {
    this.#mark(this.#duties, at);
    const event = { ...last.event, intakeAt: at };
    const stay = withProtection(last.stay, this.#protection, at);
    this.#decide({ index: this.#gone.length - 1, event, sent: at, turn: true }, stay, last.recipients);
  }

  #carryOn(duties: Duties, reached: Reached): void {
    const { event, stay, kept, over } = reached;
    const parameters = this.#rules.parameters(localDate(event.intakeAt));
    const keeps = kept.length > 0 && isReal(stay) && !over;
    dutiesOf(duties, {
      ...reached,
      insSent: isSent(stay) && !over,
      keeps,
      insTold: keeps || this.#recorder.hasTold('INS'),
      insComplete: this.#ward.insComplete ?? false,
      parameters,
    });
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
    this.#turnUntil(Infinity);
    // What is answered stays as it is when the walk goes on.
    const duties: Duties = new Map(this.#duties);
    const reached = this.#mark(duties, Infinity);
    if (!reached) throw new Error('a stay has at least one event');
    const { stay, recipients, kept, withheld } = reached;
    const acts = [...this.#recorder.acts];
    return { stay, recipients, kept, withheld, acts, duties: [...duties.values()], ward: this.#ward };
  }
}

function turnsOf({ inherited, over }: Continuation): Instant[] {
  const all = [...inherited.map((one) => one.since), ...(over === undefined ? [] : [over])];
  return [...new Set(all)].sort((a, b) => a - b);
}

/** Made by one function from the same stays: the same is written the same. */
function isSame(a: Continuation, b: Continuation): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

function withProtection(stay: Stay, protection: PersonProtection | undefined, now: Instant): Stay {
  if (stay.protection || !protection || protection.since > now) return stay;
  return { ...stay, protection: protection.label };
}

/** DEC-02: with `ins=auto` the duty being complete is the sending; with `ins=ordered` the ward orders it. */
function isSent(stay: Stay): boolean {
  return hasInsDuty(stay) && (stay.terms.ins === 'auto' || stay.insOrdered);
}

/** @param told somebody has been told of the case, here or in the stay before */
function wardRecord(before: WardRecord, stay: Stay, step: Step, told: boolean): WardRecord {
  const discharge = dischargeOf(stay);
  const ready = typeof stay.ready === 'object';
  const sent = isSent(stay);
  const expected = stay.expectedDischarge;
  return {
    ...(sent && { ins: before.ins ?? step }),
    ...(sent && (before.insComplete ?? missingItems(stay).length === 0) && { insComplete: true as const }),
    ...(discharge && { discharge: before.discharge ?? step }),
    ...(ready && { ready: before.ready ?? step }),
    ...(told && !discharge && expected
      ? { lastExpected: { start: expected.start, statedBy: step.event.eventId } }
      : before.lastExpected && { lastExpected: before.lastExpected }),
  };
}
