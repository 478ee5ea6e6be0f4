import { randomUUID } from 'node:crypto';
import { charsetNamed, decodeCharset, encodeCharset, readHeader, type Charset } from '#libs/hl7v2';
import { isGarbled, recordAt, type KafkaPort } from '#libs/messaging';
import type { InboundPlace } from '../../hub-view/rejections.ts';

/** A message as a person reads it. */
export interface InboundContent {
  /** By which way it came: `hl7v2`, or a form or a Bundle (JSON). */
  readonly kind: string;
  /** Lines as people have them. */
  readonly text: string;
  readonly charset: Charset;
}

/** Latin-1 shows every byte as something: a person who mends a message must see what cannot be read too. */
const ANY_BYTES: Charset = '8859/1';

/** A group of its own for each look, by a name that a Kafka with rights of its own lets the portal join. */
export const lookGroup = (topic: string): string => `${topic}.look.${randomUUID()}`;

/** Reads single messages of `inbound` for the operator's page, which asks for a reason and keeps it (rules 8.4). */
export class InboundContents {
  readonly #kafka: KafkaPort;
  readonly #topic: string;

  constructor(kafka: KafkaPort, topic: string) {
    this.#kafka = kafka;
    this.#topic = topic;
  }

  /** @returns undefined where nothing lies there any more. Errors: Kafka's */
  async read(place: InboundPlace): Promise<InboundContent | undefined> {
    const group = lookGroup(this.#topic);
    const record = await recordAt(this.#kafka, { ...place, group, topic: this.#topic });
    if (record === undefined || isGarbled(record)) return undefined;
    const { kind, value } = record;
    if (kind !== 'hl7v2') return { kind, text: value.toString('utf8'), charset: 'UNICODE UTF-8' };
    const { text, charset } = decoded(value);
    return { kind, text: text.replace(/\r\n?/g, '\n'), charset };
  }
}

function decoded(bytes: Buffer): { readonly text: string; readonly charset: Charset } {
  const header = readHeader(bytes);
  const read = decodeCharset(bytes, header.ok ? header.value.characterSet : '', ANY_BYTES);
  return read.ok ? read.value : { text: bytes.toString('latin1'), charset: ANY_BYTES };
}

/**
 * What a person has written, as HL7 has it: segments end with CR, in the charset that the message had.
 * @returns undefined for letters that the charset does not have
 */
export function hl7Bytes(text: string, charset: string): Buffer | undefined {
  return encodeCharset(text.trimEnd().replace(/\r?\n/g, '\r') + '\r', charsetNamed(charset) ?? 'UNICODE UTF-8');
}
