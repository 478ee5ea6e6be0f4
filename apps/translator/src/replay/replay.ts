import { randomUUID } from 'node:crypto';
import { FilePersonRegister, type County } from '#libs/county';
import type { Identity, OperatorEvent, PartyEvent } from '#libs/domain';
import { isUnreadable, readPartyEventBundle, readOperatorEvent, readSenderEvent, type Unreadable } from '#libs/fhir';
import {
  GroupCommitProducer,
  isGarbled,
  OffsetReader,
  pause,
  scanPartition,
  type GarbledRecord,
  type InRecord,
  type KafkaPort,
  type OutRecord,
  type PartitionEnd,
  type TopicNames,
} from '#libs/messaging';
import { fault } from '#libs/platform';
import { intakeOf, MENDED, mendedRecord, rejectedRecord } from '../records.ts';
import { translateRecords, type RecordParts, type TranslatedRecord } from '../translate-record.ts';
import { isChosen, NOTHING_DONE, type Progress, type ReplayChoice } from './command-line.ts';

export interface ReplayParts extends RecordParts {
  readonly county: Pick<County, 'agreement' | 'directory' | 'testPersons'>;
  readonly kafka: KafkaPort;
  readonly topics: Pick<TopicNames, 'inbound' | 'events' | 'rejected'>;
}

/** The events on the topic were made under another secret: a replay would give every stay a second identity. */
export class AnotherSecret extends Error {}

/** Published at a time. */
const MOST_AT_ONCE = 100;

/**
 * Reads `inbound` anew, from its beginning to where it ended when the replay began, and puts on `events` what today's
 * translator makes of it (architecture 2.2, 2.5). Nothing is stored: what lies on `events` and `rejected` tells what is left to do, so that
 * a replay that was killed, at any instant, is run again and goes on, and one that is done has nothing to do.
 *
 *   its event lies on `events` with this revision, or a higher one    unchanged: not published, unless named by its id
 *   its event does not, or with a lower revision                      published: consumers replace what they have
 *   it is rejected, and its rejection lies on `rejected`              unchanged
 *   it is rejected, and was not                                       rejected: what was read of it before stays in force
 *
 * Of what was rejected and is read now `rejected` says so, once: the same record again, of kind `rejected-mended`.
 *
 * One partition at a time: a message, its event and its rejection have one key, and all three topics as many partitions.
 * What comes in meanwhile is the running translator's; what both publish has one id and one revision.
 *
 * @param tell takes the progress, after every piece of work
 * @throws AnotherSecret before anything of that partition is published; MessagingError when Kafka goes away
 */
export async function replay(
  choice: ReplayChoice,
  parts: ReplayParts,
  tell: (progress: Progress) => void,
): Promise<Progress> {
  const { kafka, log, topics } = parts;
  const names = [topics.inbound, topics.events, topics.rejected];
  const ends = await new OffsetReader(kafka).endOffsets(names);
  const endOf = (topic: string): PartitionEnd[] => ends.get(topic) ?? [];
  const of = endOf(topics.inbound).reduce((sum, { low, high }) => sum + Number(high - low), 0);
  const producer = new GroupCommitProducer({ kafka, log });
  let progress: Progress = { of, ...NOTHING_DONE };
  try {
    for (const [partition, { low, high }] of endOf(topics.inbound).entries()) {
      if (low === high) continue;
      const there = await whatLies(partition, endOf, parts);
      await scan(parts, topics.inbound, partition, high, async (records) => {
        const done = await replayRecords(records, there, choice, parts, producer);
        // A log that retention cuts meanwhile has fewer records than were counted.
        progress = added(progress, done);
        tell(progress);
      });
    }
  } finally {
    await producer.stop();
  }
  return { ...progress, of: progress.read };
}

/** What lies on `events` and `rejected` of one partition. */
interface Lying {
  /** Event id -> its highest revision. */
  readonly revisions: Map<string, number>;
  /** Id of a rejection -> its record; undefined once it is said to be mended. */
  readonly rejections: Map<string, InRecord | undefined>;
}

async function whatLies(
  partition: number,
  endOf: (topic: string) => PartitionEnd[],
  parts: ReplayParts,
): Promise<Lying> {
  const { topics, ids } = parts;
  const there: Lying = { revisions: new Map(), rejections: new Map() };
  const end = (topic: string): bigint => {
    const { low, high } = endOf(topic)[partition] ?? { low: 0n, high: 0n };
    return low === high ? 0n : high;
  };
  await scan(parts, topics.events, partition, end(topics.events), (records) => {
    for (const record of records) {
      const event = isGarbled(record) ? undefined : eventIn(record);
      if (!event) continue;
      if (!isOfSecret(event, ids)) throw new AnotherSecret();
      const { eventId, revision } = event;
      there.revisions.set(eventId, Math.max(revision, there.revisions.get(eventId) ?? 0));
    }
    return Promise.resolve();
  });
  await scan(parts, topics.rejected, partition, end(topics.rejected), (records) => {
    for (const record of records) {
      if (isGarbled(record)) continue;
      const isMended = record.kind === MENDED || (there.rejections.has(record.id) && !there.rejections.get(record.id));
      there.rejections.set(record.id, isMended ? undefined : record);
    }
    return Promise.resolve();
  });
  return there;
}

/**
 * Whether an event was made under this secret, as far as it tells: what a sender says does, by the id of its person, for each way
 * in makes the ids of its events in its own way. What a party or the operator says names no person and tells nothing.
 */
function isOfSecret(event: NonNullable<ReturnType<typeof eventIn>>, ids: ReplayParts['ids']): boolean {
  const made = (identities: readonly Identity[]) => identities.map(({ system, value }) => ids.patient(system, value));
  if ('patientId' in event) return made(event.patient.identities).includes(event.patientId);
  if (!('patientIds' in event) || (event.says.kind !== 'merged' && event.says.kind !== 'described')) return true;
  const known = made(event.says.patient.identities);
  return event.patientIds.some((id) => known.includes(id));
}

/** By the kind of a record of `events`; what is of no other kind is of a sender's message. */
const READERS_OF = new Map<string, (bundle: unknown) => PartyEvent | OperatorEvent | Unreadable>([
  ['party-event', readPartyEventBundle],
  ['operator-event', readOperatorEvent],
]);

function eventIn({ kind, value }: InRecord) {
  try {
    const bundle: unknown = JSON.parse(value.toString('utf8'));
    const event = (READERS_OF.get(kind) ?? readSenderEvent)(bundle);
    return isUnreadable(event) ? undefined : event;
  } catch {
    return undefined;
  }
}

async function scan(
  { kafka }: ReplayParts,
  topic: string,
  partition: number,
  until: bigint,
  handle: (records: readonly (InRecord | GarbledRecord)[]) => Promise<void>,
): Promise<void> {
  if (until === 0n) return;
  await scanPartition({ kafka, group: replayGroup(topic), topic, partition, until, handle });
}

/** The group by which a replay reads a topic once: its own, and one that the rights on Kafka name (`deploy/embedded/kafka-grants.ts`). */
export const replayGroup = (topic: string): string => `${topic}.replay.${randomUUID()}`;

type Done = Omit<Progress, 'of'>;

async function replayRecords(
  records: readonly (InRecord | GarbledRecord)[],
  there: Lying,
  choice: ReplayChoice,
  parts: ReplayParts,
  producer: GroupCommitProducer,
): Promise<Done> {
  const done = { ...NOTHING_DONE, read: records.length };
  const wanted: OutRecord[] = [];
  const wantedAnew = records.filter((one) => chosen(one, there, choice, parts));
  const readable = wantedAnew.filter((one): one is InRecord => !isGarbled(one));
  const translated = await translateRecords(readable, parts, new FilePersonRegister(parts.county));
  const readAnew = new Map<InRecord | GarbledRecord, TranslatedRecord | undefined>(
    readable.map((record, at) => [record, translated[at]]),
  );
  for (const record of wantedAnew) {
    for (const found of readings(record, readAnew.get(record), there, choice, parts)) {
      done[found.as] += 1;
      if (found.as !== 'unchanged') wanted.push(found.record);
    }
    wanted.push(...mendedBy(record, readAnew.get(record), there, parts));
  }
  await publish(wanted, choice.rate, producer);
  return done;
}

function chosen(
  record: InRecord | GarbledRecord,
  { rejections }: Lying,
  choice: ReplayChoice,
  { ids }: ReplayParts,
): boolean {
  const id = isGarbled(record) ? '' : record.id;
  // What no reader can name has a rejection of its own kind, and stays unreadable whatever is mended.
  const rejection = ids.rejection(id, 0);
  if (choice.rejected && !rejections.has(rejection)) return false;
  const named = { ids: [id, rejection], sender: record.headers['sender'], intakeAt: intakeOf(record).intakeAt };
  return isChosen(named, choice);
}

/** What becomes of one record that today's translator makes of a message. */
interface Found {
  readonly as: 'published' | 'unchanged' | 'rejected';
  readonly record: OutRecord;
}

function readings(
  inbound: InRecord | GarbledRecord,
  read: TranslatedRecord | undefined,
  there: Lying,
  choice: ReplayChoice,
  parts: ReplayParts,
): readonly Found[] {
  const { ids, topics } = parts;
  const rejection = (record: OutRecord): Found => ({
    as: there.rejections.has(record.id) ? 'unchanged' : 'rejected',
    record,
  });
  if (isGarbled(inbound) || read === undefined) {
    return [rejection(rejectedRecord([fault('undecodable-record')], inbound, intakeOf(inbound), topics.rejected, ids))];
  }
  const { translation, records } = read;
  if (translation.kind === 'rejection') return records.map(rejection);
  const [first] = translation.kind === 'events' ? translation.events.map(({ event }) => event) : translation.events;
  return records.map((record) => {
    const isThere = (there.revisions.get(record.id) ?? -1) >= (first?.revision ?? 0);
    return { as: isThere && !choice.ids.has(inbound.id) ? 'unchanged' : 'published', record };
  });
}

/** The rejection of a message that is read now, as a record that says so; nothing where it was none, or is said to be mended. */
function mendedBy(
  inbound: InRecord | GarbledRecord,
  read: TranslatedRecord | undefined,
  { rejections }: Lying,
  parts: ReplayParts,
): readonly OutRecord[] {
  if (isGarbled(inbound) || read === undefined) return [];
  const record = rejections.get(parts.ids.rejection(inbound.id, 0));
  if (record === undefined || read.translation.kind === 'rejection') return [];
  rejections.set(record.id, undefined);
  return [mendedRecord(record)];
}

/** @param rate records in a second, at most */
async function publish(records: readonly OutRecord[], rate: number, producer: GroupCommitProducer): Promise<void> {
  const size = Math.min(MOST_AT_ONCE, rate);
  for (let at = 0; at < records.length; at += size) {
    const some = records.slice(at, at + size);
    await Promise.all([producer.sendAll(some), pause((some.length / rate) * 1000)]);
  }
}

function added(progress: Progress, done: Done): Progress {
  return {
    of: progress.of,
    read: progress.read + done.read,
    published: progress.published + done.published,
    unchanged: progress.unchanged + done.unchanged,
    rejected: progress.rejected + done.rejected,
  };
}
