import { createRequire } from 'node:module';
import { readHeadersAsTexts } from './kafkajs-reader.ts';

const internal = createRequire(import.meta.url);

/** Puts right what kafkajs 2.2.4 spends processor time on for nothing. What it says to a broker stays the same, byte for byte. */
export function correctKafkajs(): void {
  lookWhileRequestsWait();
  writeWithoutZeros();
  readHeadersAsTexts();
}

/** What of kafkajs's queue of requests, one per connection, is known here. */
interface RequestQueue {
  readonly pending: readonly unknown[];
  scheduleCheckPendingRequests: (this: RequestQueue) => void;
}

/**
 * kafkajs asks itself every millisecond whether requests wait, on every connection, from its first answer to its end
 * (its issues 1556 and 1704): a tenth of a processor for each process that does nothing. Requests wait only while a broker
 * throttles; whoever makes one wait has the queue looked at, and each look the next one.
 */
function lookWhileRequestsWait(): void {
  const { prototype } = internal('kafkajs/src/network/requestQueue') as { prototype: RequestQueue };
  const look = prototype.scheduleCheckPendingRequests;
  prototype.scheduleCheckPendingRequests = function () {
    if (this.pending.length > 0) look.call(this);
  };
}

/** What of kafkajs's writer is known here: only what stands before `offset` is ever read. */
interface Encoder {
  buf: Buffer;
  offset: number;
  ensureAvailable: (this: Encoder, bytes: number) => void;
  writeUVarInt: (this: Encoder, value: number) => Encoder;
}

/** The largest array of bytes that V8 keeps among its other objects: a larger one is memory of its own, to be got and given back. */
const WITHIN_THE_HEAP = 64;
/** Of a whole number of 32 bits in groups of seven. */
const LONGEST_VARINT = 5;

/**
 * kafkajs makes a writer for each record and for each header of it, and each begins with 512 bytes set to zero, grows by
 * others set to zero, and makes a buffer of its own for each length: a tenth of the hub's main thread under load, its garbage
 * not counted. A writer begins small instead, grows by memory as it is, and writes lengths where they belong.
 */
function writeWithoutZeros(): void {
  const encoder = internal('kafkajs/src/protocol/encoder') as { prototype: Encoder; nextPowerOfTwo: () => number };
  // Asked for the first size of a writer, and by the method that is replaced below.
  encoder.nextPowerOfTwo = () => WITHIN_THE_HEAP;
  encoder.prototype.ensureAvailable = function (bytes) {
    const needed = this.offset + bytes;
    if (needed <= this.buf.length) return;
    const grown = Buffer.allocUnsafe(2 ** (32 - Math.clz32(needed - 1)));
    this.buf.copy(grown, 0, 0, this.offset);
    this.buf = grown;
  };
  encoder.prototype.writeUVarInt = function (value) {
    this.ensureAvailable(LONGEST_VARINT);
    let rest = value >>> 0;
    for (; rest > 0x7f; rest >>>= 7) this.buf[this.offset++] = (rest & 0x7f) | 0x80;
    this.buf[this.offset++] = rest;
    return this;
  };
}
