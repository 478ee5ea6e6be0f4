import kafkajs from 'kafkajs';
import type { Producer, RecordMetadata, TopicMessages } from 'kafkajs';
import type { KafkaPort } from './kafka.ts';
import type { MessagingError } from './messaging-error.ts';
import { place, encodedSize, type EncodedRecord } from './record.ts';

/** Where a record lies; `timestamp` is the broker's append time in ms, -1 unless the topic keeps append time. */
export interface RecordAck {
  topic: string;
  partition: number;
  offset: bigint;
  timestamp: number;
}

/** A record that knows its partition. */
export interface PlacedRecord {
  topic: string;
  partition: number;
  record: EncodedRecord;
}

/** What goes out in one produce request or not at all, and the promise that waits for it. */
export class CommitUnit {
  readonly placed: readonly PlacedRecord[];
  /** Bytes per topic and partition. */
  readonly sizes: ReadonlyMap<string, number>;
  readonly bytes: number;
  readonly deadline: number;
  readonly acks: Promise<RecordAck[]>;
  settled = false;
  /** Goes out in a request of its own: one like it made a shared request fail. */
  alone = false;
  #resolve: (acks: RecordAck[]) => void = () => undefined;
  #reject: (error: MessagingError) => void = () => undefined;

  constructor(placed: readonly PlacedRecord[], deadline: number) {
    this.placed = placed;
    this.deadline = deadline;
    this.acks = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    const sizes = new Map<string, number>();
    let bytes = 0;
    for (const { topic, partition, record } of placed) {
      const where = place(topic, partition);
      const size = encodedSize(record);
      sizes.set(where, (sizes.get(where) ?? 0) + size);
      bytes += size;
    }
    this.sizes = sizes;
    this.bytes = bytes;
  }

  /** Whether each partition takes it: none is full, nor would it be above the bound beside what is `used` of it. */
  fits(used: ReadonlyMap<string, number>, full: ReadonlySet<string>, maxBytes: number): boolean {
    for (const [where, size] of this.sizes) {
      if (full.has(where) || (used.get(where) ?? 0) + size > maxBytes) return false;
    }
    return true;
  }

  done(acks: RecordAck[]): void {
    this.settled = true;
    this.#resolve(acks);
  }

  failed(error: MessagingError): void {
    this.settled = true;
    this.#reject(error);
  }
}

/**
 * Takes from the front what fits into one produce request: in order within each partition, none above the bound.
 * A unit that alone is above the bound goes alone, so that it can only fail alone.
 * In: units waiting, bound in bytes per partition and in records. Out: those to send now; `waiting` keeps the rest in order.
 */
export function takeFitting(waiting: CommitUnit[], maxBytes: number, maxRecords: number): CommitUnit[] {
  const taken: CommitUnit[] = [];
  const left: CommitUnit[] = [];
  const used = new Map<string, number>();
  // A partition whose next unit had to wait takes no later one: that would overtake.
  const full = new Set<string>();
  let records = 0;
  let at = 0;
  for (; at < waiting.length && records < maxRecords; at++) {
    const unit = waiting[at];
    if (unit === undefined || unit.settled) continue;
    const alone = unit.alone || !unit.fits(NOTHING_USED, NONE_FULL, maxBytes);
    if (alone && taken.length === 0 && left.length === 0) {
      taken.push(unit);
      at++;
      break;
    }
    if (alone || !unit.fits(used, full, maxBytes)) {
      left.push(unit);
      for (const where of unit.sizes.keys()) full.add(where);
      continue;
    }
    taken.push(unit);
    records += unit.placed.length;
    for (const [where, size] of unit.sizes) used.set(where, (used.get(where) ?? 0) + size);
  }
  waiting.splice(0, at, ...left);
  return taken;
}

const NOTHING_USED: ReadonlyMap<string, number> = new Map();
const NONE_FULL: ReadonlySet<string> = new Set();

/** In: records in order, bounds in bytes and number. Out: the same in parts, none above a bound unless it is one record. */
export function partsWithin(placed: readonly PlacedRecord[], maxBytes: number, maxRecords: number): PlacedRecord[][] {
  const parts: PlacedRecord[][] = [];
  let bytes = Infinity;
  for (const each of placed) {
    const size = encodedSize(each.record);
    const part = parts.at(-1);
    if (part === undefined || bytes + size > maxBytes || part.length >= maxRecords) {
      parts.push([each]);
      bytes = size;
    } else {
      part.push(each);
      bytes += size;
    }
  }
  return parts;
}

// Node finds only some of kafkajs's names by itself.
const { Partitioners } = kafkajs;

/**
 * In: port. Out: a plain producer. Never an idempotent one: kafkajs's loses acknowledged records (docs/parts.md),
 * while what a plain one repeats is harmless by id and by lane and seq.
 */
export function plainProducer(kafka: KafkaPort): Producer {
  return kafka.client.producer({
    idempotent: false,
    allowAutoTopicCreation: false,
    createPartitioner: Partitioners.DefaultPartitioner,
    retry: { initialRetryTime: 50, maxRetryTime: 500, retries: 4 },
  });
}

/** In: a connected producer and units. Out: for each unit its acknowledgements, in the order of its records. Errors: kafkajs's, for the whole. */
export async function sendUnits(producer: Producer, units: readonly CommitUnit[]): Promise<RecordAck[][]> {
  const topics = new Map<string, TopicMessages>();
  for (const { placed } of units) {
    for (const { topic, partition, record } of placed) {
      const known = topics.get(topic);
      const message = { ...record, partition };
      if (known === undefined) topics.set(topic, { topic, messages: [message] });
      else known.messages.push(message);
    }
  }
  const metadata = await producer.sendBatch({ acks: -1, topicMessages: [...topics.values()] });
  return acknowledgements(units, metadata);
}

/** A partition's records of one request get consecutive offsets from its base, in the order they were given. */
function acknowledgements(units: readonly CommitUnit[], metadata: readonly RecordMetadata[]): RecordAck[][] {
  const bases = new Map(metadata.map((entry) => [place(entry.topicName, entry.partition), entry]));
  const counted = new Map<string, bigint>();
  return units.map(({ placed }) =>
    placed.map(({ topic, partition }) => {
      const where = place(topic, partition);
      const base = bases.get(where);
      const index = counted.get(where) ?? 0n;
      counted.set(where, index + 1n);
      const first = BigInt(base?.baseOffset ?? base?.offset ?? -1);
      return {
        topic,
        partition,
        offset: first < 0n ? -1n : first + index,
        timestamp: Number(base?.logAppendTime ?? -1),
      };
    }),
  );
}
