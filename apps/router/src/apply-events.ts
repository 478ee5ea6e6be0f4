import type { Bundle, FhirResource } from 'fhir/r4.js';
import type { StayEvent } from '#libs/domain';
import { isUnreadable, readEventBundle, visitIdOf } from '#libs/fhir';
import type { InRecord, OutRecord } from '#libs/messaging';
import type { Tx } from '#libs/persistence';
import { UnreadableRecord } from '#libs/platform';
import { CaseBook } from './case-book.ts';
import { putEvents, removeEvents } from './event.queries.ts';
import { markTransferred } from './lock.queries.ts';
import { putNotices } from './notice.queries.ts';
import type { RoutingRules } from './routing-rules.ts';
import type { StayCase } from './stay-case.ts';
import type { StayCache } from './stay-cache.ts';
import { lockAndLoad } from './stay-locks.ts';
import { putSaidStays } from './said-stays/said-stay.queries.ts';
import { putTasks } from './task.queries.ts';

/** A record of `events` that is no event: the consumer finds it among its neighbours and sets it aside. */
export class UnreadableEvent extends UnreadableRecord {
  constructor(place: string) {
    super(place, 'bad-event');
  }
}

/** What was done with a batch. */
export interface Outcome {
  readonly applied: number;
  readonly duplicates: number;
  readonly said: readonly Said[];
  /** To be called when the transaction is committed, and only then. */
  readonly committed: () => void;
}

/** What is to be said because of a record. */
export interface Said {
  readonly because: InRecord;
  readonly records: readonly OutRecord[];
}

interface Read {
  readonly event: StayEvent;
  readonly visitId: string | undefined;
  readonly record: InRecord;
}

/**
 * Applies records of `events` within the consumer's transaction: locks, loads, decides in memory, writes back.
 * @param cache what is kept of stays from one batch to the next
 * @returns the records to be said, in order: the caller puts them into the outbox of the same transaction
 * @throws UnreadableEvent when a record cannot be read
 */
export async function applyEvents(
  tx: Tx,
  records: readonly InRecord[],
  rules: RoutingRules,
  cache: StayCache,
): Promise<Outcome> {
  const read = records.map(readRecord);
  const { known, versions } = await lockAndLoad(
    tx,
    read.map((one) => one.event),
    cache,
  );
  const book = new CaseBook(known, rules);
  const said: Said[] = [];
  let duplicates = 0;
  for (const { event, visitId, record } of read) {
    const { traceparent, partition: part } = record;
    const records = book.apply(event, { traceparent, part, visitId });
    if (records) said.push({ because: record, records });
    else duplicates++;
  }
  const changes = book.changes();
  // Sent together: none needs another's answer, and they run in this order.
  await Promise.all([
    removeEvents(tx, changes.removedEvents),
    putEvents(tx, changes.events),
    markTransferred(tx, changes.transferred),
    putNotices(tx, changes.told),
    putTasks(tx, changes.tasks),
    putSaidStays(tx, changes.said),
  ]);
  const committed = (): void => {
    for (const stay of book.toKeep()) keep(stay, versions, cache);
  };
  return { applied: read.length - duplicates, duplicates, said, committed };
}

function keep(stay: StayCase, versions: ReadonlyMap<string, number>, cache: StayCache): void {
  const version = versions.get(stay.stayId);
  if (version === undefined) return;
  stay.written();
  cache.keep(stay, version);
}

function readRecord(record: InRecord): Read {
  const value: unknown = JSON.parse(record.value.toString('utf8'));
  const event = readEventBundle(value);
  if (isUnreadable(event)) throw new UnreadableEvent(event.unreadable);
  return { event, visitId: visitIdOf(value as Bundle<FhirResource>), record };
}
