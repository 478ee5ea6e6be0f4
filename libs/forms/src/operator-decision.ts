import {
  CALL_CHANNELS,
  GROUNDS,
  NOTICE_KINDS,
  UNIT_ROLES,
  type CallChannel,
  type Identity,
  type Ground,
  type NoticeKind,
  type UnitRole,
} from '#libs/domain';
import { ownFields } from './form-check.ts';

/**
 * A decision of the operator as it lies on `inbound` (kind `operator-decision`): who decided is in the record's headers, what
 * and why stands here. The hub itself writes it, from the operations under `/operations`, and reads it again on every replay.
 * That another directory takes effect for a stay is written the same way, by the router.
 */
export type OperatorDecision = { readonly stay: string; readonly reason: string } & (
  | { readonly kind: 'released'; readonly recipient: string; readonly ground: Ground; readonly role?: UnitRole }
  | {
      readonly kind: 'call-recorded';
      readonly recipient: string;
      /** Milliseconds since 1970. */
      readonly at: number;
      readonly notice?: NoticeKind;
      readonly channel?: CallChannel;
    }
  | {
      readonly kind: 'directory-changed';
      /** Names the version by which the stay is decided anew. */
      readonly version: string;
      /** Milliseconds since 1970. */
      readonly at: number;
    }
  /** Of the person of the stay, by all ids that the person is known by; in this stay also what was said of the visit alone. */
  | { readonly kind: 'protection-lifted'; readonly persons: readonly string[] }
  /** The person of the stay is the person of another stay too: the identities that are given up, and those that remain. */
  | {
      readonly kind: 'persons-joined';
      readonly persons: readonly string[];
      readonly from: readonly Identity[];
      readonly survivor: readonly Identity[];
    }
  /** The stay `other` is this one: what is said of it is said of this. `persons`: of both. */
  | { readonly kind: 'stays-joined'; readonly persons: readonly string[]; readonly other: string }
  /** `persons`: of whom the earlier decision was, where it was one on persons. */
  | { readonly kind: 'undone'; readonly decision: string; readonly persons?: readonly string[] }
);

/** What a person may write as a reason. */
export const LONGEST_REASON = 300;

/** Reads a decision; undefined for what is none, which only somebody else can have written. */
export function readOperatorDecision(bytes: Uint8Array): OperatorDecision | undefined {
  const value = ownFields(bytes);
  const { kind, stay, reason, recipient, ground, role, at, notice, channel, decision, version } = value;
  if (typeof stay !== 'string' || typeof reason !== 'string') return undefined;
  const persons = textsIn(value['persons']);
  if (kind === 'undone') {
    return typeof decision === 'string' ? { kind, stay, reason, decision, ...(persons && { persons }) } : undefined;
  }
  if (kind === 'protection-lifted') return persons && { kind, stay, reason, persons };
  if (kind === 'persons-joined') {
    const [from, survivor] = [identitiesIn(value['from']), identitiesIn(value['survivor'])];
    return persons && from && survivor && { kind, stay, reason, persons, from, survivor };
  }
  if (kind === 'stays-joined') {
    const { other } = value;
    return persons && typeof other === 'string' ? { kind, stay, reason, persons, other } : undefined;
  }
  if (kind === 'directory-changed') {
    return typeof version === 'string' && typeof at === 'number' ? { kind, stay, reason, version, at } : undefined;
  }
  if (typeof recipient !== 'string') return undefined;
  if (kind === 'released') {
    const [known, of] = [oneOf(GROUNDS, ground), oneOf(UNIT_ROLES, role)];
    return known && { kind, stay, reason, recipient, ground: known, ...(of && { role: of }) };
  }
  if (kind !== 'call-recorded' || typeof at !== 'number') return undefined;
  const [told, by] = [oneOf(NOTICE_KINDS, notice), oneOf(CALL_CHANNELS, channel)];
  return { kind, stay, reason, recipient, at, ...(told && { notice: told }), ...(by && { channel: by }) };
}

/** One text at least, or undefined. */
function textsIn(value: unknown): string[] | undefined {
  const texts = Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];
  return texts.length > 0 ? texts : undefined;
}

function identitiesIn(value: unknown): Identity[] | undefined {
  const all = Array.isArray(value) ? value.filter(isIdentity) : [];
  return all.length > 0 ? all : undefined;
}

function isIdentity(value: unknown): value is Identity {
  const one = typeof value === 'object' && value !== null ? (value as Partial<Identity>) : {};
  return [one.type, one.system, one.value].every((text) => typeof text === 'string');
}

/** The word of a list that a value is; undefined for any other value. */
export function oneOf<Word extends string>(words: readonly Word[], value: unknown): Word | undefined {
  return words.find((word) => word === value);
}
