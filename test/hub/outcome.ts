import {
  isUnreadable,
  readDeviation,
  readNoticeBundle,
  readTask,
  type DeviationRecord,
  type NoticeView,
  type TaskRecord,
  type Unreadable,
} from '#libs/fhir';
import type { InRecord, TopicNames } from '#libs/messaging';
import { distinct } from './log-reader.ts';

/** Categories by party, in the order in which they first appeared. */
export type Told = Readonly<Record<string, readonly string[]>>;

/** What lies on a hub's topics, read as its recipients read it: of one id the first record alone. */
export class Outcome {
  readonly #records: readonly InRecord[];
  readonly #topics: TopicNames;
  #notices: readonly NoticeView[] | undefined;
  #versions: readonly DeviationRecord[] | undefined;

  /** @param records all records, repeats and all */
  constructor(records: readonly InRecord[], topics: TopicNames) {
    this.#records = [...records];
    this.#topics = topics;
  }

  /** All records, repeats and all. */
  get records(): readonly InRecord[] {
    return this.#records;
  }

  /** One topic as its readers keep it. */
  on(topic: string): InRecord[] {
    return distinct(this.#records.filter((record) => record.topic === topic));
  }

  /** Every notice that was told, party by party in order. */
  get notices(): readonly NoticeView[] {
    const told = this.#records.filter(({ kind, topic }) => this.#isDelivery(topic) && kind !== 'answer');
    return (this.#notices ??= distinct(told).map((record) =>
      readable(readNoticeBundle(JSON.parse(record.value.toString()))),
    ));
  }

  #isDelivery(topic: string): boolean {
    const party = this.#topics.partyOf(topic);
    return party !== undefined && topic === this.#topics.deliveries(party);
  }

  /** What each party was told of a stay. */
  told(stayId: string): Told {
    return byParty(this.notices.filter((notice) => notice.stayId === stayId));
  }

  /** Every version of every deviation, in order. */
  get deviationVersions(): readonly DeviationRecord[] {
    return (this.#versions ??= this.on(this.#topics.deviations).map(({ value }) =>
      readable(readDeviation(JSON.parse(value.toString()))),
    ));
  }

  /** Codes of a stay that have ever been flagged, open or not, each once. */
  everFlagged(stayId: string): string[] {
    const codes = this.deviationVersions.filter((one) => one.stayId === stayId).map(({ deviation }) => deviation.code);
    return [...new Set(codes)].sort();
  }

  /** Codes that are open (or suspected) now, as often as they are. */
  open(stayId: string): string[] {
    return this.deviations(stayId)
      .filter(({ status }) => status !== 'cancelled')
      .map(({ deviation }) => deviation.code)
      .sort();
  }

  /** The last version of each deviation of a stay. */
  deviations(stayId: string): DeviationRecord[] {
    return lastVersions(this.deviationVersions.filter((one) => one.stayId === stayId));
  }

  /** The last version of each Task of a stay. */
  tasks(stayId: string): TaskRecord[] {
    const all = this.on(this.#topics.tasks).map(({ value }) => readable(readTask(JSON.parse(value.toString()))));
    return lastVersions(all.filter((one) => one.stayId === stayId));
  }
}

/** Notices that hold: told, and not taken back by a later one. */
export function inForce(notices: readonly NoticeView[]): NoticeView[] {
  const withdrawn = new Set(notices.flatMap(({ withdraws }) => withdraws));
  return notices.filter(({ withdraws, deliveryId }) => withdraws.length === 0 && !withdrawn.has(deliveryId));
}

/** Categories by party, in order. */
export function byParty(notices: readonly NoticeView[]): Told {
  const told: Record<string, string[]> = {};
  for (const { recipient, category, withdraws } of notices) {
    // A withdrawal without a code of its own is the kind with a status (contract 4).
    const isMarked = withdraws.length > 0 && !category.endsWith('-WITHDRAWN');
    (told[recipient] ??= []).push(isMarked ? `${category} withdrawn` : category);
  }
  return told;
}

function lastVersions<T extends { readonly id: string; readonly version?: number }>(versions: readonly T[]): T[] {
  const last = new Map<string, T>();
  for (const one of versions) {
    if ((last.get(one.id)?.version ?? 0) <= (one.version ?? 1)) last.set(one.id, one);
  }
  return [...last.values()];
}

function readable<T extends object>(view: T | Unreadable): T {
  if (isUnreadable(view)) throw new Error(view.unreadable);
  return view;
}
