import type { EventFinding, FindingGrade } from '#libs/domain';
import { entryOf, fault, type Fault, type FaultName } from '#libs/platform';

/**
 * How many findings an event lists, and how many faults a rejection. A finding is longer than the shortest OBX that gives one: without a bound, a message full
 * of them would become an event that is too large for its topic, and be rejected.
 */
const MOST = 100;

/**
 * What is wrong with one message, gathered while it is read, so that the sender is told all of it at once.
 *
 * Few things reject a message (SAL-1): then no event is made. Everything else stands on the event as a finding (SAL-5), and
 * whoever found it reads on as if the field had been empty, or by the reading that is told.
 */
export class Findings {
  readonly #faults = new Map<string, Fault>();
  readonly #found = new Map<string, EventFinding>();

  /** The message cannot be taken (SAL-1). */
  reject(name: FaultName, place: string): void {
    if (this.#faults.size < MOST) this.#faults.set(`${name} ${place}`, fault(name, place));
  }

  /** Why the message cannot be taken, each thing once. */
  get faults(): readonly Fault[] {
    return [...this.#faults.values()];
  }

  /** In a field that no duty and no notice uses (SAL-2). */
  note(name: FaultName, place: string): void {
    this.add('noted', name, place);
  }

  /** In a field that a duty or a notice uses: it counts as not stated (SAL-3). */
  unstated(name: FaultName, place: string): void {
    this.add('unstated', name, place);
  }

  /** Read otherwise than it was written, or written otherwise than was agreed (SAL-4). */
  flag(name: FaultName, place: string): void {
    this.add('flagged', name, place);
  }

  /** What stands on the event, each thing once. */
  get onEvent(): readonly EventFinding[] {
    return [...this.#found.values()];
  }

  /** Of a grade that somebody else has found. */
  add(grade: FindingGrade, code: FaultName, place: string): void {
    if (this.#found.size < MOST) this.#found.set(`${grade} ${code} ${place}`, { grade, code, place });
    else this.#found.set('more', { grade: 'flagged', code: 'more-findings', place: 'MSH' });
  }
}

/** What is wrong with a message, for who has to mend it; nothing of its content. */
export interface Problem {
  readonly code: string;
  readonly place?: string;
  readonly text: string;
  readonly remedy: string;
  /** Of a message that is taken all the same (rules 12.9): noted, unstated or flagged. */
  readonly grade?: string;
}

/** A fault in the words of the one table of errors. */
export function problemOf(of: Fault): Problem {
  const { code, text, remedy } = entryOf(of);
  return { code, ...(of.place !== undefined && { place: of.place }), text, remedy };
}
