import type { PartyId } from '../routing/party.ts';
import { orderedBy, type ScopeNeed } from '../stay/need.ts';
import type { Stay } from '../stay/stay.ts';
import type { Parameters } from '../rules/parameters.ts';
import { sentScopes } from './ins-clocks.ts';
import { missingItems } from './ins-items.ts';
import { isBefore, type Step } from './step.ts';

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
  readonly #discharges = new Map<string, Step>();
  readonly #ready = new Map<number, Step>();
  readonly #handedOver = new Map<string, Step>();
  readonly #expected: { readonly step: Step; readonly start: number | undefined }[] = [];

  /** Notes what a step made so. */
  note(stay: Stay, step: Step, parameters: Parameters): void {
    const sent = new Set(sentScopes(stay));
    for (const need of stay.need?.scopes ?? [])
      if (sent.has(need.scope)) this.#first(this.#ins, runOf(stay, need), step);
    if (sent.size > 0) this.#noteItems(stay, step, parameters);
    for (const { statedBy } of stay.discharges) this.#first(this.#discharges, statedBy, step);
    if (typeof stay.ready === 'object') this.#first(this.#ready, stay.ready.since, step);
    const expected = step.elsewhere ? undefined : step.event.encounter.expectedDischarge;
    if (expected !== undefined) this.#expected.push({ step, start: expected?.start });
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
    return sentScopes(stay).includes(need.scope) ? this.#ins.get(runOf(stay, need)) : undefined;
  }

  /** When the ward first sent any INS of the need that holds. */
  firstIns(stay: Stay): Step | undefined {
    const all = (stay.need?.scopes ?? []).flatMap((need) => this.insFor(stay, need) ?? []);
    return all.reduce<Step | undefined>((first, step) => (first && !isBefore(step, first) ? first : step), undefined);
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
    return this.#discharges.get(statedBy);
  }

  /** When the patient was first said to be ready, in the run that holds. */
  readyIn(stay: Stay): Step | undefined {
    return typeof stay.ready === 'object' ? this.#ready.get(stay.ready.since) : undefined;
  }

  /** When the ward had handed over a notice for a party, with a ground. */
  handedOver(party: PartyId, slot: string): Step | undefined {
    return this.#handedOver.get(`${party}|${slot}`);
  }

  /** The expected discharge that this ward had last stated before an act of it; undefined when none, or it was deleted. */
  expectedBefore(act: Step): { readonly start: number; readonly statedBy: string } | undefined {
    const before = this.#expected.filter(({ step }) => isBefore(step, act));
    const last = before.reduce<(typeof before)[number] | undefined>(
      (latest, one) => (latest && isBefore(one.step, latest.step) ? latest : one),
      undefined,
    );
    return last?.start === undefined ? undefined : { start: last.start, statedBy: last.step.event.eventId };
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

/** A stay that became another person's, or was revived, is judged anew (DEC-15, DEC-18). */
function runKey(stay: Stay): string {
  return `${stay.personKey}|${stay.revival}`;
}

function runOf(stay: Stay, need: ScopeNeed): string {
  const order = stay.terms.ins === 'ordered' ? orderedBy(stay.insOrders, need.scope) : undefined;
  return `${runKey(stay)}|${need.scope}|${need.statedBy}|${order ?? ''}`;
}
