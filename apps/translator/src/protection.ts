import type { Protection } from '#libs/domain';
import type { Hl7Message } from '#libs/hl7v2';
import type { Agreement } from '#libs/platform';
import { textAt } from './places.ts';

/** The strictest first (RTE-40): when a sender states several, the strictest is kept. */
const STRICTEST_FIRST: readonly Protection[] = [
  'fingeradePersonuppgifter',
  'skyddadFolkbokforing',
  'sekretessmarkering',
];

/**
 * Protection of the person: ARV-3 (`SEKR` `SKYDD` `FING`) in any ARV that is not a deletion (ARV-2 `D`); PV2-22 `Y`
 * alone is protection of unknown kind, handled as the strictest (contract 5). No statement is not "unprotected".
 */
export function readProtection(message: Hl7Message, agreement: Agreement): Protection | undefined {
  const { segment, field, component } = agreement.fields.protectedPerson;
  const stated = new Set<Protection>();
  for (const restriction of message.all(segment)) {
    if (segment === 'ARV' && restriction.text(2) === 'D') continue;
    for (const repetition of restriction.field(field).repetitions) {
      const kind = agreement.protectionCodes[repetition.text(component ?? 1)?.toUpperCase() ?? ''];
      if (kind !== undefined) stated.add(kind);
    }
  }
  if (stated.has('unknown')) return 'unknown';
  const strictest = STRICTEST_FIRST.find((kind) => stated.has(kind));
  if (strictest !== undefined) return strictest;
  return textAt(message, agreement.fields.protectedVisit)?.toUpperCase().startsWith('Y') ? 'unknown' : undefined;
}
