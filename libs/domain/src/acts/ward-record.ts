import { insertInOrder } from '../events/order.ts';
import type { StayEvent } from '../events/stay-event.ts';
import { infoSlot } from '../notices/kinds.ts';
import type { PartyId } from '../parties/party.ts';
import type { Parameters } from '../rules/parameters.ts';
import { type FactInForce, scopeKey } from '../stay/facts.ts';
import { orderedBy, type ScopeNeed } from '../stay/need.ts';
import type { Stay } from '../stay/stay.ts';
import type { Instant, StatedTime } from '../time/time.ts';
import { isSentOf, missingItems } from './ins-duty.ts';

/** A point in the order of intake. */
export interface Step {
  readonly index: number;
  readonly event: StayEvent;
  /** The time by which the event is judged (architecture 7). */
  readonly sent: Instant;
  /** No event of this stay is taken in here: another stay made the difference, and `event` is this stay's latest. */
  readonly elsewhere?: true;
}

/** True when one act of the ward came before another: by the times by which they are judged, then by intake (DEC-29). */
export function isBefore(one: Step, other: Step): boolean {
  return compareSteps(one, other) < 0;
}

/** Compares acts of the ward by when they came, as {@link isBefore} has it. */
function compareSteps(one: Step, other: Step): number {
  return one.sent - other.sent || one.index - other.index;
}

/** A word of the ward on the expected discharge; without a time it was deleted. */
export interface ExpectedSaid {
  readonly step: Step;
  readonly time: StatedTime | undefined;
}

/** A word that put another time in the place of one that was said before. */
export interface ExpectedChange {
  readonly step: Step;
  readonly time: StatedTime;
}

/** A message that was sent before another, and taken in after it. */
export interface OutOfOrder {
  readonly event: StayEvent;
  readonly after: StayEvent;
}

/**
 * What the ward itself did, whether or not anybody could be told: its deviations are judged on this alone (DEC-05).
 *
 * Everything is remembered by what it is about and never forgotten, and is looked up by what the stay says in the end: so an
 * act that a wrong statement ended is judged by its first sending once that statement is corrected (DEC-29).
 */
export class WardRecord {
  readonly #ins = new Map<string, Step>();
  readonly #complete = new Map<string, { readonly atOnce: boolean; readonly step: Step }>();
  readonly #incomplete = new Set<string>();
  readonly #discharges = new Map<string, { readonly step: Step; readonly at: StatedTime }>();
  readonly #ready = new Map<number, Step>();
  readonly #handedOver = new Map<string, Step>();
  readonly #said = new Map<string, Step>();
  readonly #informed = new Map<string, Step>();
  /** Those that were noted last. */
  #recorded: Stay['recorded'] | undefined;
  #infos: Stay['infos'] | undefined;
  /** Times at which the patient went on leave, or came back from it. */
  readonly #leave: { readonly at: Instant; readonly begins: boolean }[] = [];
  /** By the times by which acts are judged. */
  readonly #expected: ExpectedSaid[] = [];
  /** Those that put another time in the place of one that was said before. */
  readonly #changes: ExpectedChange[] = [];
  #latestSent: StayEvent | undefined;
  #outOfOrder: OutOfOrder | undefined;

  /** Notes what a step made so. */
  note(stay: Stay, step: Step, parameters: Parameters): void {
    let isSent = false;
    for (const need of stay.need?.scopes ?? []) {
      if (!isSentOf(stay, need.scope)) continue;
      isSent = true;
      this.#first(this.#ins, runOf(stay, need), step);
    }
    if (isSent) this.#noteItems(stay, step, parameters);
    for (const { statedBy, at } of stay.discharges)
      if (!this.#discharges.has(statedBy)) this.#discharges.set(statedBy, { step, at });
    this.#noteFacts(stay, step);
    if (typeof stay.ready === 'object') this.#first(this.#ready, stay.ready.since, step);
    if (step.elsewhere) return;
    const { course, at } = step.event;
    if (course === 'leave-start' || course === 'leave-end') this.#leave.push({ at, begins: course === 'leave-start' });
    const { expectedDischarge } = step.event.encounter;
    if (expectedDischarge !== undefined) this.#noteExpected({ step, time: expectedDischarge ?? undefined });
    this.#noteOrder(step.event);
  }

  /** Most messages leave the facts as they are. */
  #noteFacts({ recorded, infos }: Stay, step: Step): void {
    if (recorded !== this.#recorded) for (const fact of recorded) this.#first(this.#said, keyOf(fact), step);
    if (infos !== this.#infos) for (const info of infos) this.#first(this.#informed, infoSlot(info), step);
    this.#recorded = recorded;
    this.#infos = infos;
  }

  /** Notes that the ward had handed over a notice, with a ground, for a party: whether or not the hub passed it on (DEC-23). */
  noteHandedOver(party: PartyId, slot: string, step: Step): void {
    this.#first(this.#handedOver, `${party}|${slot}`, step);
  }

  /** True when the ward has sent an INS in this visit once, whoever it was of. */
  get hasSent(): boolean {
    return this.#ins.size > 0;
  }

  /** When the ward sent the INS for a need, in the run that holds; undefined when it has not, or took its order back. */
  insFor(stay: Stay, need: ScopeNeed): Step | undefined {
    return isSentOf(stay, need.scope) ? this.#ins.get(runOf(stay, need)) : undefined;
  }

  /** When the ward first sent any INS of the need that holds. */
  firstIns(stay: Stay): Step | undefined {
    let first: Step | undefined;
    for (const need of stay.need?.scopes ?? []) {
      const step = this.insFor(stay, need);
      if (step && (!first || isBefore(step, first))) first = step;
    }
    return first;
  }

  /**
   * Whether the INS that was sent had the items of LUS 2:2 (INS-05, DEC-16).
   * @returns `at-once`, `never`, or the step that completed it
   */
  completion(stay: Stay): 'at-once' | 'never' | Step {
    const known = this.#complete.get(runKey(stay));
    if (!known) return 'never';
    return known.atOnce ? 'at-once' : known.step;
  }

  /** When the hub was told of a discharge. */
  discharge(statedBy: string): Step | undefined {
    return this.#discharges.get(statedBy)?.step;
  }

  /** When the patient had left, as the hub was first told of a discharge (UTS-03). */
  dischargedAtFirst(statedBy: string): StatedTime | undefined {
    return this.#discharges.get(statedBy)?.at;
  }

  /** When the ward first said a fact that holds. */
  said(fact: FactInForce): Step | undefined {
    return this.#said.get(keyOf(fact));
  }

  /** When the ward first stated the information of a slot, whoever could be told it by then. */
  statedInformation(slot: string): Step | undefined {
    return this.#informed.get(slot);
  }

  /** The first message that was taken in after one that was sent later; undefined while all came in the order of sending. */
  get outOfOrder(): OutOfOrder | undefined {
    return this.#outOfOrder;
  }

  /** When the patient was first said to be ready, in the run that holds. */
  readyIn(stay: Stay): Step | undefined {
    return typeof stay.ready === 'object' ? this.#ready.get(stay.ready.since) : undefined;
  }

  /** When the ward had handed over a notice for a party, with a ground. */
  handedOver(party: PartyId, slot: string): Step | undefined {
    return this.#handedOver.get(`${party}|${slot}`);
  }

  /** True when the patient was on leave: away from the ward, and not discharged. */
  isOnLeave(instant: Instant): boolean {
    const before = this.#leave.filter(({ at }) => at <= instant);
    return before.sort((a, b) => a.at - b.at).at(-1)?.begins ?? false;
  }

  /** The expected discharge that this ward had last stated before an act of it; undefined when none, or it was deleted. */
  expectedBefore(act: Step): { readonly time: StatedTime; readonly statedBy: string } | undefined {
    const last = this.#expected.findLast(({ step }) => isBefore(step, act));
    return last?.time && { time: last.time, statedBy: last.step.event.eventId };
  }

  /** The ward's last word on the expected discharge. */
  get lastExpected(): ExpectedSaid | undefined {
    return this.#expected.at(-1);
  }

  /** Every word that put another time in the place of one that was said before, in the order of saying. */
  get expectedChanges(): readonly ExpectedChange[] {
    return this.#changes;
  }

  /** A word that is not the latest makes a change of its own, or none, and may make or unmake that of the next word. */
  #noteExpected(said: ExpectedSaid): void {
    const place = insertInOrder(this.#expected, said, (a, b) => compareSteps(a.step, b.step));
    if (said.time === undefined) return;
    const next = this.#expected.slice(place + 1).find(({ time }) => time !== undefined);
    if (next) {
      const known = this.#changes.findIndex(({ step }) => step === next.step);
      if (known >= 0) this.#changes.splice(known, 1);
      this.#noteChange(next, said.time);
    }
    this.#noteChange(said, this.#expected.findLast(({ time }, index) => index < place && time !== undefined)?.time);
  }

  #noteChange({ step, time }: ExpectedSaid, before: StatedTime | undefined): void {
    if (time && before && time.iso !== before.iso)
      insertInOrder(this.#changes, { step, time }, (a, b) => compareSteps(a.step, b.step));
  }

  /** What is said beside the stay, or is taken in at the same instant, has no order of its own. */
  #noteOrder(event: StayEvent): void {
    if (event.beside) return;
    const latest = this.#latestSent;
    if (!latest || event.sentAt >= latest.sentAt) this.#latestSent = event;
    else if (event.intakeAt > latest.intakeAt) this.#outOfOrder ??= { event, after: latest };
  }

  #noteItems(stay: Stay, step: Step, parameters: Parameters): void {
    const key = runKey(stay);
    if (this.#complete.has(key)) return;
    if (missingItems(stay, parameters).length > 0) this.#incomplete.add(key);
    else this.#complete.set(key, { atOnce: !this.#incomplete.has(key), step });
  }

  /** The act is the message that was taken in when the stay came to say it; a later one that changes nothing is none. */
  #first<Key>(map: Map<Key, Step>, key: Key, step: Step): void {
    if (!map.has(key)) map.set(key, step);
  }
}

/** A fact said again keeps its time; one said otherwise (`Y`, then `N`) is another word. */
function keyOf({ code, scopes, at, values }: FactInForce): string {
  return `${code}|${scopeKey(scopes)}|${at}|${values.join()}`;
}

/** A stay that became another person's, or was revived, is judged anew (DEC-15, DEC-18). */
function runKey(stay: Stay): string {
  return `${stay.personKey}|${stay.revival}`;
}

function runOf(stay: Stay, need: ScopeNeed): string {
  const order = stay.terms.ins === 'ordered' ? orderedBy(stay.insOrders, need.scope) : undefined;
  return `${runKey(stay)}|${need.scope}|${need.statedBy}|${order ?? ''}`;
}
