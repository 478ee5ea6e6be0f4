import type { Instant, PersonProtection } from '#libs/domain';
import type { DeviationRecord, TaskRecord } from '#libs/fhir';
import type { KeptEvent } from './event-set.ts';
import type { Kin } from './kin.ts';

/** All that the watcher keeps of one stay: what its judgement is made from, and what was said of it. */
export interface StayFile {
  readonly stayId: string;
  /** By event id. */
  readonly events: Map<string, KeptEvent>;
  /** Deviations as last said. */
  readonly deviations: readonly DeviationRecord[];
  /** Reminders as last said. */
  readonly reminders: readonly TaskRecord[];
  /** When the stay is to be judged again: name of the deadline -> instant. */
  readonly deadlines: ReadonlyMap<string, Instant>;
  /** When each notice was first there: id of the act -> instant. */
  readonly receipts: ReadonlyMap<string, Instant>;
}

/** What other stays and the hub bring to the judgement of one. */
export interface Surroundings {
  /** A protection that an event of the person's stated, this stay's included (rules 12.6). */
  readonly protection?: PersonProtection | undefined;
  /** The stays that may go on in this one or this one in them, itself included (DEC-08); empty: none. */
  readonly kin: readonly Kin[];
  /** A message of the stay lies unresolved in `rejected` (architecture 7). */
  readonly suspected: boolean;
  /** Its source is silent against its habit: whether it still is can be told at this instant. */
  readonly silentUntil?: Instant | undefined;
}

/** What a judgement changes in the file. */
export interface Verdict {
  readonly deviations: readonly DeviationRecord[];
  readonly reminders: readonly TaskRecord[];
  /** All deadlines from now on. */
  readonly deadlines: ReadonlyMap<string, Instant>;
}
