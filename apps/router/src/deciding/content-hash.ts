import { createHash } from 'node:crypto';
import type { NoticeContent } from '#libs/domain';
import { actOf, type ToldNotice } from '../loading/told-notice.ts';

const MOST_REMEMBERED = 2000;
/** Every event makes all acts of its stay anew, mostly as they were: the plain text is many times cheaper to make. */
const remembered = new Map<string, string>();

/** A fingerprint of what a notice says; the order of the fields does not matter, an absent and an undefined one are alike. */
export function contentHash(content: NoticeContent): string {
  const text = JSON.stringify(content);
  const known = remembered.get(text);
  if (known !== undefined) return known;
  const hash = createHash('sha256').update(canonical(content)).digest('base64url');
  if (remembered.size >= MOST_REMEMBERED) remembered.clear();
  remembered.set(text, hash);
  return hash;
}

/**
 * True when a notice that was told said this content. The version before named the issuer of a local number (DEC-35): that
 * alone is no other content, and nobody is told again for it.
 */
export function isSaidBy(content: NoticeContent, notice: ToldNotice): boolean {
  const hash = contentHash(content);
  if (hash === notice.contentHash) return true;
  if (content.person.identity.type !== 'other') return false;
  const told = actOf(notice).content;
  const identity = { ...told.person.identity, system: '' };
  return contentHash({ ...told, person: { ...told.person, identity } }) === hash;
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  fields.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([name, field]) => `${JSON.stringify(name)}:${canonical(field)}`).join(',')}}`;
}
