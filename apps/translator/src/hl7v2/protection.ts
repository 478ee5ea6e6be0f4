import type { Protection } from '#libs/domain';
import type { Hl7Message, Repetition } from '#libs/hl7v2';
import type { Agreement } from '#libs/county';
import type { Findings } from '../findings.ts';
import { placeOf, textAt, valueAt } from './places.ts';

/** What a message says of the protection of the person. */
export interface PersonProtection {
  readonly protection?: Protection;
  readonly protectionDeleted?: true;
}

/** The strictest first (RTE-40): when a sender states several, the strictest is kept. */
export const STRICTEST_FIRST: readonly Protection[] = [
  'unknown',
  'fingeradePersonuppgifter',
  'skyddadFolkbokforing',
  'sekretessmarkering',
];

/** ARV-2, table 0206: `X` changes nothing. */
const NO_CHANGE = 'X';
const DELETE = 'D';

/**
 * Protection of the person (DEC-23): ARV-3 of any ARV. A code that the agreement does not list, or none, is a protection of
 * unknown kind and handled as the strictest: most codes that a sender makes up for itself mean one. A deletion, of ARV or of
 * PV2-22, lifts nothing; it is handed on for a person to confirm, unless the same message states a protection.
 */
export function readPersonProtection(message: Hl7Message, agreement: Agreement, findings: Findings): PersonProtection {
  const { protectedPerson, protectedVisit } = agreement.fields;
  let deleted = valueAt(message, protectedVisit).kind === 'null';
  const stated = new Set<Protection>();
  for (const restriction of message.all(protectedPerson.segment)) {
    // An ARV is there to restrict, with a code or without one; another segment says something only where the field does.
    const action = protectedPerson.segment === 'ARV' ? restriction.text(2)?.trim().toUpperCase() : NO_CHANGE;
    const field = restriction.field(protectedPerson.field);
    if (action === DELETE || field.isNull) deleted = true;
    else if (action !== NO_CHANGE || !field.isAbsent) {
      const repetitions = field.isAbsent ? [undefined] : field.repetitions;
      for (const code of repetitions) stated.add(kindOf(code, agreement, findings));
    }
  }
  const protection = STRICTEST_FIRST.find((kind) => stated.has(kind));
  if (protection !== undefined) return { protection };
  return deleted ? { protectionDeleted: true } : {};
}

function kindOf(repetition: Repetition | undefined, agreement: Agreement, findings: Findings): Protection {
  const { protectedPerson } = agreement.fields;
  const code =
    repetition
      ?.text(protectedPerson.component ?? 1)
      ?.trim()
      .toUpperCase() ?? '';
  const kind = agreement.protectionCodes.get(code);
  if (kind === undefined) findings.flag('unknown-protection', placeOf(protectedPerson));
  return kind ?? 'unknown';
}

/**
 * Protection of this visit alone: PV2-22 `Y` does not say of which kind (DEC-23). A value that is neither yes nor no is taken
 * as yes: whoever wrote it had something to say. Silence is not "unprotected".
 */
export function readVisitProtection(
  message: Hl7Message,
  { fields, indicators }: Agreement,
  findings: Findings,
): Protection | undefined {
  const written = textAt(message, fields.protectedVisit)?.toUpperCase();
  const said = indicators.get(written ?? '');
  if (!written || said === 'N') return undefined;
  if (said === undefined) findings.flag('bad-indicator', placeOf(fields.protectedVisit));
  return 'unknown';
}
