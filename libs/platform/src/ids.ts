import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';

const MOST_REMEMBERED = 20_000;

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** True of a text that is written as an id of the hub is: whatever comes from outside is asked before it is looked for. */
export function isUuid(text: string): boolean {
  return UUID.test(text);
}

/**
 * Ids are made, not drawn (architecture 2.4): HMAC-SHA-256 under the installation's secret over a purpose and its parts,
 * cut to a UUID of version 8. The same facts give the same id on every replay and every replica, and nobody without the
 * secret can go back to them. Parts are joined with their lengths, so that `ab`+`c` and `a`+`bc` are two things.
 */
export class IdMaker {
  readonly #key: KeyObject;
  /** The ids of a stay are asked for with each of its messages, by every app; that of a message is not, and would crowd them out. */
  readonly #made = new Map<string, string>();

  constructor(secret: Uint8Array) {
    if (secret.length < 16) throw new Error('The id secret must have at least 16 bytes');
    this.#key = createSecretKey(secret);
  }

  /** A message as it came: sender and bytes, for HTTP the Idempotency-Key too. The same bytes again are the same message. */
  inbound(sender: string, bytes: Uint8Array, idempotencyKey = ''): string {
    return asUuid(
      createHmac('sha256', this.#key)
        .update(joined('inbound', [sender, idempotencyKey]))
        .update(bytes)
        .digest('hex'),
    );
  }

  /** The nth event of an inbound message (0 unless it was a batch). */
  event(inboundId: string, ordinal: number): string {
    return this.#once('event', [inboundId, `${ordinal}`]);
  }

  /** The `rejected` record of the nth event of an inbound message. */
  rejection(inboundId: string, ordinal: number): string {
    return this.#once('rejection', [inboundId, `${ordinal}`]);
  }

  /** A stay: the sender's organisation (HSA-id) and its visit id. */
  stay(organisation: string, visitId: string): string {
    return this.#make('stay', [organisation, visitId]);
  }

  /** A notice to one recipient. `actKey` holds kind, recipient, slot and stating event; `generation` counts its revivals. */
  delivery(stayId: string, actKey: string, generation: number): string {
    return this.#make('delivery', [stayId, actKey, `${generation}`]);
  }

  /** The withdrawal of what holds in a slot, by the event that ended it. */
  withdrawal(
    stayId: string,
    kind: string,
    recipient: string,
    slot: string,
    statedBy: string,
    generation: number,
  ): string {
    return this.#once('withdrawal', [stayId, kind, recipient, slot, statedBy, `${generation}`]);
  }

  /** The dispatcher's receipt of a delivery. */
  receipt(deliveryId: string): string {
    return this.#once('receipt', [deliveryId]);
  }

  /** A deviation: never with its due time, so that a later judgement finds the same one. */
  deviation(stayId: string, code: string, occasion: string): string {
    return this.#make('deviation', [stayId, code, occasion]);
  }

  /** A Task. */
  task(stayId: string, code: string, occasion: string): string {
    return this.#make('task', [stayId, code, occasion]);
  }

  /** A person inside the hub, by one identity: the lock and the join of what holds for all stays of the person. */
  patient(system: string, value: string): string {
    return this.#make('patient', [system, value]);
  }

  /** A person as one party sees them: no two parties can join on it. */
  patientOf(party: string, system: string, value: string): string {
    return this.#make('patient-of', [party, system, value]);
  }

  /** Key of `inbound` and `events` for a stay (architecture 2.3): spread and publishing order, never identity. */
  spreadKey(organisation: string, visitId: string): string {
    return this.#make('spread', [organisation, visitId]);
  }

  /** Key of `inbound` and `events` when there is no visit id. */
  spreadKeyOfPatient(system: string, value: string): string {
    return this.#make('spread-patient', [system, value]);
  }

  /** Key of `inbound` for a reply, by what it answers. */
  spreadKeyOfReference(reference: string): string {
    return this.#make('spread-reference', [reference]);
  }

  /** The opaque sender of a delivery: a party can answer it and learns neither hospital nor ward (rules 12.4). */
  replyAddress(senderId: string, stayId: string): string {
    return this.#make('reply-address', [senderId, stayId]);
  }

  /** Any other kind of id: give each kind a purpose of its own. */
  other(purpose: string, ...parts: string[]): string {
    return this.#once(`other:${purpose}`, parts);
  }

  #make(purpose: string, parts: readonly string[]): string {
    const text = joined(purpose, parts);
    const known = this.#made.get(text);
    if (known !== undefined) return known;
    const made = this.#hashed(text);
    if (this.#made.size >= MOST_REMEMBERED) this.#made.clear();
    this.#made.set(text, made);
    return made;
  }

  #once(purpose: string, parts: readonly string[]): string {
    return this.#hashed(joined(purpose, parts));
  }

  #hashed(text: string): string {
    return asUuid(createHmac('sha256', this.#key).update(text).digest('hex'));
  }
}

function joined(purpose: string, parts: readonly string[]): string {
  let text = `${purpose.length}:${purpose}`;
  for (const part of parts) text += `${part.length}:${part}`;
  return text;
}

/** The first 128 bits of a digest, but the version (8) and the two bits of the variant. */
function asUuid(hex: string): string {
  const variant = '89ab'.charAt(Number.parseInt(hex.charAt(16), 16) & 3);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
