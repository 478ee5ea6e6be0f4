import { createHmac, createSecretKey, hash, type KeyObject } from 'node:crypto';

const BLOCK = 64;
const DIGEST = 32;
/** Most of what is hashed is an id or a message; what is larger is hashed in pieces, and is not copied. */
const MOST_BYTES = 16 * 1024;
/** Of a text in UTF-8, for each of its units of UTF-16. */
const MOST_BYTES_PER_UNIT = 3;

/**
 * HMAC-SHA-256 (RFC 2104) under one key, as the two hashes that it is, each made by one call. An Hmac of Node's is an object beside
 * the heap, and a front door that makes half a dozen ids of each message has the collector look after all of them.
 */
export class KeyedHash {
  readonly #key: KeyObject;
  /** The key padded with 0x36, and room for what is hashed. */
  readonly #inner = Buffer.alloc(BLOCK + MOST_BYTES, 0x36);
  /** The key padded with 0x5c, and room for the inner hash. */
  readonly #outer = Buffer.alloc(BLOCK + DIGEST, 0x5c);

  constructor(secret: Uint8Array) {
    this.#key = createSecretKey(secret);
    const key = secret.length > BLOCK ? hash('sha256', secret, 'buffer') : secret;
    key.forEach((byte, at) => {
      this.#inner[at] = byte ^ 0x36;
      this.#outer[at] = byte ^ 0x5c;
    });
  }

  /** Of a text in UTF-8 and the bytes behind it, in hex. */
  hex(text: string, bytes: Uint8Array = NONE): string {
    if (text.length * MOST_BYTES_PER_UNIT + bytes.length > MOST_BYTES) {
      return createHmac('sha256', this.#key).update(text).update(bytes).digest('hex');
    }
    const end = BLOCK + this.#inner.write(text, BLOCK);
    this.#inner.set(bytes, end);
    this.#outer.write(hash('sha256', this.#inner.subarray(0, end + bytes.length), 'binary'), BLOCK, 'binary');
    return hash('sha256', this.#outer, 'hex');
  }
}

const NONE = new Uint8Array();
