import { createRequire } from 'node:module';

/*
 * How a produce request is written (Kafka protocol: Produce v3 to v7, record batch v2). kafkajs makes a buffer for each
 * number, header and record and copies each into the next; here all is written into one, at a third of the cost
 * (docs/decisions/small-parts-of-our-own.md). Which request it is, to whom it goes and what its answer says stay kafkajs's.
 */

/** A record that is written here; any other message of whichever producer is written by kafkajs. */
export class ProducedRecord {
  readonly key: string;
  readonly value: Buffer;
  readonly headers: Record<string, string>;
  readonly partition: number;

  constructor(record: Pick<ProducedRecord, 'key' | 'value' | 'headers'>, partition: number) {
    this.key = record.key;
    this.value = record.value;
    this.headers = record.headers;
    this.partition = partition;
  }
}

interface PartitionData<Message> {
  readonly partition: number;
  readonly messages: readonly Message[];
}

interface Produce<Message> {
  readonly acks: number;
  readonly timeout: number;
  readonly topicData: readonly { readonly topic: string; readonly partitions: readonly PartitionData<Message>[] }[];
}

/** What kafkajs copies into the request that it sends. */
interface Encoded {
  readonly buf: Buffer;
  readonly buffer: Buffer;
}

interface Made {
  readonly request: { encode: () => Promise<Encoded> };
}

/** What of kafkajs's Produce is known here: by the version that was agreed with the broker, what makes a request. */
interface ProduceDefinition {
  protocol: (agreed: { readonly version: number }) => (produce: Produce<unknown>) => Made;
}

const ofKafkajs = createRequire(import.meta.url);

/** The first version with record batches. */
const WITH_BATCHES = 3;

function writeOwnRecords(definition: ProduceDefinition): void {
  const { protocol } = definition;
  definition.protocol = (agreed) => (produce) => {
    const made = protocol(agreed)(produce);
    if (agreed.version >= WITH_BATCHES && isOurs(produce))
      made.request.encode = () => Promise.resolve(written(produce));
    return made;
  };
}

function isOurs(produce: Produce<unknown>): produce is Produce<ProducedRecord> {
  return produce.topicData.every(({ partitions }) =>
    partitions.every(({ messages }) => messages.every((message) => message instanceof ProducedRecord)),
  );
}

function written({ acks, timeout, topicData }: Produce<ProducedRecord>): Encoded {
  const request = new Bytes();
  // Without a transaction.
  request.int16(-1).int16(acks).int32(timeout).int32(topicData.length);
  for (const { topic, partitions } of topicData) {
    const length = Buffer.byteLength(topic);
    request.int16(length).text(topic, length).int32(partitions.length);
    for (const { partition, messages } of partitions) {
      request.int32(partition);
      writeBatch(request, messages);
    }
  }
  const buffer = request.all();
  return { buf: buffer, buffer };
}

/** Bytes of a batch before its attributes: size, base offset, length, leader's epoch, version of the format, checksum. */
const SIZE = 4;
const OFFSET_AND_LENGTH = 12;
const BEFORE_ATTRIBUTES = SIZE + OFFSET_AND_LENGTH + 9;

/** As of a producer without an id: the broker numbers nothing. */
function writeBatch(request: Bytes, messages: readonly ProducedRecord[]): void {
  const start = request.length;
  const now = BigInt(Date.now());
  request.int32(0).int64(0n).int32(0).int32(0).int8(2).int32(0);
  request.int16(0).int32(messages.length - 1);
  request.int64(now).int64(now).int64(-1n).int16(0).int32(0).int32(messages.length);
  for (const [place, message] of messages.entries()) writeRecord(request, message, place);
  const bytes = request.all().subarray(start);
  bytes.writeInt32BE(bytes.length - SIZE, 0);
  bytes.writeInt32BE(bytes.length - SIZE - OFFSET_AND_LENGTH, OFFSET_AND_LENGTH);
  bytes.writeUInt32BE(crc32c(bytes.subarray(BEFORE_ATTRIBUTES)), BEFORE_ATTRIBUTES - 4);
}

function writeRecord(request: Bytes, { key, value, headers }: ProducedRecord, place: number): void {
  const texts = [key, ...Object.entries(headers).flat()];
  const lengths = texts.map((text) => Buffer.byteLength(text));
  const headerCount = (texts.length - 1) / 2;
  // Attributes and the time since the batch's are a byte each.
  let size = 2 + sizeOfVarint(place) + sizeOfVarint(value.length) + value.length + sizeOfVarint(headerCount);
  for (const length of lengths) size += sizeOfVarint(length) + length;
  request.varint(size).int8(0).int8(0).varint(place);
  for (const [at, text] of texts.entries()) {
    const length = lengths[at] ?? 0;
    request.varint(length).text(text, length);
    if (at === 0) request.varint(value.length).bytes(value).varint(headerCount);
  }
}

/** The polynomial of CRC-32C (RFC 3720), its lowest power first. */
const CASTAGNOLI = 0x82f63b78;

/** Of each byte, what it does to the sum when 0 to 7 more bytes follow: eight bytes are then taken at once. */
const TABLES = new DataView(new ArrayBuffer(8 * 256 * 4));
for (let byte = 0; byte < 256; byte++) {
  let sum = byte;
  for (let bytesAfter = 0; bytesAfter < 8; bytesAfter++) {
    for (let bit = 0; bit < 8; bit++) sum = (sum >>> 1) ^ (sum & 1 ? CASTAGNOLI : 0);
    TABLES.setInt32((bytesAfter * 256 + byte) * 4, sum);
  }
}
const effect = (byte: number, bytesAfter: number): number => TABLES.getInt32((bytesAfter * 256 + (byte & 0xff)) * 4);

function crc32c(bytes: Buffer): number {
  let sum = -1;
  let at = 0;
  for (; at + 8 <= bytes.length; at += 8) {
    const first = sum ^ bytes.readInt32LE(at);
    const then = bytes.readInt32LE(at + 4);
    sum =
      effect(first, 7) ^
      effect(first >>> 8, 6) ^
      effect(first >>> 16, 5) ^
      effect(first >>> 24, 4) ^
      effect(then, 3) ^
      effect(then >>> 8, 2) ^
      effect(then >>> 16, 1) ^
      effect(then >>> 24, 0);
  }
  for (; at < bytes.length; at++) sum = effect(sum ^ bytes.readUInt8(at), 0) ^ (sum >>> 8);
  return ~sum >>> 0;
}

/** Numbers of any sign as Kafka's varints have them, the small ones first. */
const zigzag = (value: number): number => ((value << 1) ^ (value >> 31)) >>> 0;

function sizeOfVarint(value: number): number {
  return Math.max(1, Math.ceil((32 - Math.clz32(zigzag(value))) / 7));
}

const FIRST_ROOM = 65_536;

/** Bytes as they are written, one after the other. */
class Bytes {
  #room = Buffer.allocUnsafe(FIRST_ROOM);
  #end = 0;

  get length(): number {
    return this.#end;
  }

  /** All that was written; of no use any more once more is written. */
  all(): Buffer {
    return this.#room.subarray(0, this.#end);
  }

  int8(value: number): this {
    this.#make(1);
    this.#end = this.#room.writeInt8(value, this.#end);
    return this;
  }

  int16(value: number): this {
    this.#make(2);
    this.#end = this.#room.writeInt16BE(value, this.#end);
    return this;
  }

  int32(value: number): this {
    this.#make(4);
    this.#end = this.#room.writeInt32BE(value, this.#end);
    return this;
  }

  int64(value: bigint): this {
    this.#make(8);
    this.#end = this.#room.writeBigInt64BE(value, this.#end);
    return this;
  }

  varint(value: number): this {
    this.#make(5);
    let rest = zigzag(value);
    for (; rest > 0x7f; rest >>>= 7) this.#end = this.#room.writeUInt8((rest & 0x7f) | 0x80, this.#end);
    this.#end = this.#room.writeUInt8(rest, this.#end);
    return this;
  }

  /** @param length in bytes */
  text(text: string, length: number): this {
    this.#make(length);
    this.#end += this.#room.write(text, this.#end, length);
    return this;
  }

  bytes(bytes: Buffer): this {
    this.#make(bytes.length);
    this.#end += bytes.copy(this.#room, this.#end);
    return this;
  }

  #make(bytes: number): void {
    if (this.#end + bytes <= this.#room.length) return;
    const wider = Buffer.allocUnsafe(Math.max(2 * this.#room.length, this.#end + bytes));
    this.#room.copy(wider, 0, 0, this.#end);
    this.#room = wider;
  }
}

writeOwnRecords(
  (ofKafkajs('kafkajs/src/protocol/requests') as { requests: { Produce: ProduceDefinition } }).requests.Produce,
);
