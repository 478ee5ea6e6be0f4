import type { Bundle, FhirResource } from 'fhir/r4.js';
import { inIntakeOrder } from '#libs/domain';
import { isUnreadable, readArrivedEvent, visitIdOf } from '#libs/fhir';
import type { InRecord, OutRecord } from '#libs/messaging';
import type { Tx } from '#libs/persistence';
import { UnreadableRecord } from '#libs/platform';
import { GivingWay, isOfPerson, type ArrivedEvent, type StayCache } from '#libs/stays';
import { CaseBook } from './deciding/case-book.ts';
import { rulesNow, type RoutingRules } from './routing-rules.ts';
import type { StayCase } from './deciding/stay-case.ts';
import { loadStays } from './deciding/load-stays.ts';
import { putNotices } from './telling/told-notices.ts';
import { putTasks } from './telling/given-tasks.ts';
import { STAYS } from './router-schema.ts';
import { putSaidStays } from './said-stays/said-stays.ts';

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
  readonly event: ArrivedEvent;
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
  cache: StayCache<StayCase>,
): Promise<Outcome> {
  const read = records.flatMap((record) => readRecord(record) ?? []);
  // One county from the first stay taken from the cache to the last kept in it.
  const now = rulesNow(rules);
  const kept = cache.under(now.county.version);
  const { known, versions } = await loadStays(
    tx,
    read.map((one) => one.event),
    kept,
  );
  const book = new CaseBook(known, now);
  const said: Said[] = [];
  let duplicates = 0;
  const givingWay = new GivingWay(tx);
  for (const { event, visitId, record } of tiesInOrder(read)) {
    const { traceparent, partition: part, timestamp: publishedAt } = record;
    const records = await givingWay.through(book.applying(event, { traceparent, part, publishedAt, visitId }));
    await givingWay.next();
    if (records) said.push({ because: record, records });
    else duplicates++;
  }
  const changes = book.changes();
  // Sent together: none needs another's answer, and they run in this order.
  await Promise.all([
    STAYS.removeEvents(tx, changes.removedEvents),
    STAYS.putEvents(tx, changes.events),
    STAYS.putPersonEvents(tx, changes.personEvents),
    STAYS.markSentOn(tx, changes.sentOn),
    STAYS.joinStays(tx, changes.joined),
    putNotices(tx, changes.told),
    putTasks(tx, changes.tasks),
    putSaidStays(tx, changes.said),
  ]);
  const committed = (): void => {
    for (const stay of book.toKeep()) {
      const version = versions.get(stay.stayId);
      if (version === undefined) continue;
      stay.written();
      kept.keep(stay, version);
    }
  };
  return { applied: read.length - duplicates, duplicates, said, committed };
}

/** @returns undefined for a record that changes nobody's being told */
function readRecord(record: InRecord): Read | undefined {
  const value: unknown = JSON.parse(record.value.toString('utf8'));
  const event = readArrivedEvent(record.kind, value);
  if (!event) return undefined;
  if (isUnreadable(event)) throw new UnreadableEvent(event.unreadable);
  return { event, visitId: visitIdOf(value as Bundle<FhirResource>), record };
}

/**
 * The records of a batch, those that one stay took in at one instant (a group commit has one) in the order in which the stay has
 * them, in the places that they had together. A history goes on from where it was when an event comes last, and begins anew
 * when one comes before what was read: a sender whose every update was made before the last would have it begin anew each time.
 */
function tiesInOrder(read: readonly Read[]): readonly Read[] {
  const inOrder = [...read];
  const ofStays = read.flatMap((one, place) => (isOfPerson(one.event) ? [] : [{ one, place, event: one.event }]));
  const ties = Map.groupBy(ofStays, ({ event: { stayId, intakeAt } }) => `${stayId} ${intakeAt}`);
  for (const tied of ties.values()) {
    if (tied.length === 1) continue;
    const readOf = new Map(tied.map(({ event, one }) => [event, one]));
    for (const [n, event] of inIntakeOrder(tied.map((one) => one.event)).entries()) {
      const [one, place] = [readOf.get(event), tied[n]?.place];
      if (one && place !== undefined) inOrder[place] = one;
    }
  }
  return inOrder;
}
