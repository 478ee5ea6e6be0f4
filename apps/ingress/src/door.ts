import { isAcknowledgement, messageTypeOf, readHeader, type MessageHeaderFields } from '#libs/hl7v2';
import { headerFaults, headerlessFault, senderCaller, type Agreement, type County } from '#libs/county';
import { fault, type Fault } from '#libs/platform';

/** How a message came, and so for whom it may speak: a plain connection is anybody's. */
export type Origin =
  | { readonly kind: 'plain' }
  /** Mutual TLS: the names in the peer's certificate. */
  | { readonly kind: 'certificate'; readonly names: ReadonlySet<string> }
  /** HTTP: the caller's name (contract 1). */
  | { readonly kind: 'caller'; readonly name: string };

export const PLAIN: Origin = { kind: 'plain' };

/**
 * Whether the sender of an agreement is who came. One whose agreement names certificates comes with one of them or with its
 * token, never in the clear: else whoever reaches the port could speak for it. And a certificate that no agreement names speaks
 * for nobody.
 */
function maySpeakFor({ id, certificates = [] }: Agreement, origin: Origin): boolean {
  if (origin.kind === 'caller') return origin.name === senderCaller(id);
  if (origin.kind === 'certificate') return certificates.some((name) => origin.names.has(name));
  return certificates.length === 0;
}

/**
 * What the MSH decides: taken in under an agreement, refused (AR) with nothing stored, or not answered at all, since it is
 * itself an answer.
 */
export type Examined =
  | { readonly kind: 'acknowledgement' }
  | { readonly kind: 'taken'; readonly header: MessageHeaderFields; readonly agreement: Agreement }
  | { readonly kind: 'refused'; readonly header: MessageHeaderFields | undefined; readonly fault: Fault };

/**
 * Looks at a message's header alone (architecture 2.1): is there a sender with an agreement in force on that local date, is it
 * the one who came, and does the hub take such messages from it? Everything that only the content can tell is taken in and found out later.
 * @param read the header, where it has been read
 */
export function examine(
  bytes: Buffer,
  county: Pick<County, 'agreementOf'>,
  today: string,
  origin: Origin,
  read = readHeader(bytes),
): Examined {
  if (isAcknowledgement(bytes, read.ok ? read.value : undefined)) return { kind: 'acknowledgement' };
  if (!read.ok) return { kind: 'refused', header: undefined, fault: headerlessFault(read.fault, bytes) };
  const header = read.value;
  const agreement = county.agreementOf(header, today);
  if (agreement === undefined) return { kind: 'refused', header, fault: fault('unknown-sender', 'MSH-4') };
  const [refusal] = maySpeakFor(agreement, origin)
    ? headerFaults(header, messageTypeOf(header, bytes), agreement)
    : [fault('sender-not-bound', 'MSH-4')];
  return refusal ? { kind: 'refused', header, fault: refusal } : { kind: 'taken', header, agreement };
}
