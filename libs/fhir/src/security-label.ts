import type { Coding, Meta } from 'fhir/r4.js';
import type { Protection } from '#libs/domain';
import { SYSTEM } from './addresses.ts';

const DEMOGRAPHIC: Coding = { system: SYSTEM.actCode, code: 'DEMO' };

const LABELS: Readonly<Record<Protection, readonly Coding[]>> = {
  sekretessmarkering: [DEMOGRAPHIC, { system: SYSTEM.securityLabel, code: 'sekretessmarkering' }],
  skyddadFolkbokforing: [DEMOGRAPHIC, { system: SYSTEM.securityLabel, code: 'skyddadFolkbokforing' }],
  // HL7 Sweden has no code for these two; its binding is extensible.
  fingeradePersonuppgifter: [DEMOGRAPHIC, { system: SYSTEM.protection, code: 'fingeradePersonuppgifter' }],
  unknown: [DEMOGRAPHIC, { system: SYSTEM.protection, code: 'unknown' }],
};

/** The labels of a protected identity (SE-24), or undefined for a person without protection. */
export function securityLabels(protection: Protection | undefined): Coding[] | undefined {
  return protection === undefined ? undefined : [...LABELS[protection]];
}

/**
 * The meta of a resource. Every resource made from a protected person's must carry the label (architecture 5): take all
 * metas from here, so that none forgets it.
 */
export function metaOf(protection: Protection | undefined, profile?: string, version?: number): Meta | undefined {
  if (protection === undefined && profile === undefined && version === undefined) return undefined;
  return {
    ...(version === undefined ? {} : { versionId: String(version) }),
    ...(profile === undefined ? {} : { profile: [profile] }),
    ...(protection === undefined ? {} : { security: [...LABELS[protection]] }),
  };
}

/** True when the text is a kind of protection. */
export const isProtection = (code: string | undefined): code is Protection =>
  code !== undefined && Object.hasOwn(LABELS, code);

/** The protection that a resource's labels state; undefined when there is none. */
export function protectionOf(meta: Meta | undefined): Protection | undefined {
  const code = meta?.security?.find(
    ({ system }) => system === SYSTEM.securityLabel || system === SYSTEM.protection,
  )?.code;
  return isProtection(code) ? code : undefined;
}
