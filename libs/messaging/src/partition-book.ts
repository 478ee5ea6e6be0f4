import type { KafkaPort } from './kafka.ts';
import { MessagingError } from './messaging-error.ts';
import type { PlacedRecord } from './produce-request.ts';
import { encodeRecord, type LaneMark, type OutRecord } from './record.ts';
import { pause, within } from './waiting.ts';

const seed = 0x9747b28c;
const mixer = 0x5bd1e995;

/** Kafka's murmur2 (clients, Utils.java): every client of any language then agrees on the partition of a key. */
function murmur2(data: Buffer): number {
  const whole = data.length & ~3;
  let h = seed ^ data.length;
  for (let at = 0; at < whole; at += 4) {
    let k = Math.imul(data.readInt32LE(at), mixer);
    k = Math.imul(k ^ (k >>> 24), mixer);
    h = Math.imul(h, mixer) ^ k;
  }
  const rest = data.length - whole;
  if (rest === 3) h ^= data.readUInt8(whole + 2) << 16;
  if (rest >= 2) h ^= data.readUInt8(whole + 1) << 8;
  if (rest >= 1) h = Math.imul(h ^ data.readUInt8(whole), mixer);
  h = Math.imul(h ^ (h >>> 13), mixer);
  return h ^ (h >>> 15);
}

/** In: key and number of partitions of the topic. Out: the key's partition, as Kafka's default partitioner has it. */
export function partitionOf(key: string, partitions: number): number {
  return (murmur2(Buffer.from(key)) & 0x7fffffff) % partitions;
}

/** A record with or without the relay's mark. */
export type SendableRecord = OutRecord & Partial<LaneMark>;

/** Knows how many partitions each topic has, and so where a record goes: a send is bounded in bytes per partition. */
export class PartitionBook {
  readonly #kafka: KafkaPort;
  readonly #counts = new Map<string, number>();

  constructor(kafka: KafkaPort) {
    this.#kafka = kafka;
  }

  /** In: records. Out: each in Kafka's form with its partition; undefined when a topic is still unknown. */
  place(records: readonly SendableRecord[]): PlacedRecord[] | undefined {
    const placed: PlacedRecord[] = [];
    for (const record of records) {
      const partitions = this.#counts.get(record.topic);
      if (partitions === undefined) return undefined;
      placed.push(placeRecord(record, partitions));
    }
    return placed;
  }

  /** As `place`, asking Kafka first. In: deadline in ms of the machine's clock. Errors: MessagingError `unavailable`, `refused` (no such topic). */
  async placeSlowly(records: readonly SendableRecord[], deadline: number): Promise<PlacedRecord[]> {
    for (const topic of new Set(records.map((record) => record.topic))) {
      if (!this.#counts.has(topic)) this.#counts.set(topic, await this.#ask(topic, deadline));
    }
    return records.map((record) => placeRecord(record, this.#counts.get(record.topic) ?? 1));
  }

  async #ask(topic: string, deadline: number): Promise<number> {
    for (;;) {
      const asked = this.#kafka.partitionCount(topic);
      if (!(await within(Math.max(deadline - Date.now(), 1), asked)))
        throw new MessagingError('unavailable', 'Kafka does not answer');
      try {
        return await asked;
      } catch (error) {
        const refused = error instanceof MessagingError && error.code === 'refused';
        if (refused || Date.now() + 100 >= deadline) throw error;
        await pause(100);
      }
    }
  }
}

function placeRecord(record: SendableRecord, partitions: number): PlacedRecord {
  const { lane, seq } = record;
  const mark = lane === undefined || seq === undefined ? undefined : { lane, seq };
  return { topic: record.topic, partition: partitionOf(record.key, partitions), record: encodeRecord(record, mark) };
}
