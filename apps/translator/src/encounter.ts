import type { EncounterClass, EncounterStatement, Leaving, Stated } from '#libs/domain';
import type { Hl7Message } from '#libs/hl7v2';
import type { Agreement } from '#libs/platform';
import type { Findings } from './findings.ts';
import { isHsaId } from './hsa-id.ts';
import { placeOf, textAt, valueAt } from './places.ts';
import { readTime } from './times.ts';

/** Table 0004; other codes are classes that no rule asks for. */
const CLASSES: ReadonlyMap<string, EncounterClass> = new Map<string, EncounterClass>([
  ['I', 'IMP'],
  ['E', 'EMER'],
  ['O', 'AMB'],
  ['P', 'PRENC'],
]);

/**
 * What a message says of the stay (contract 5). Only what stands there: an empty PV1-44 or PV1-45 stays unstated, and the
 * fold takes EVN-6 in its place where that is right.
 */
export function readEncounter(message: Hl7Message, agreement: Agreement, findings: Findings): EncounterStatement {
  const { fields } = agreement;
  const time = (path: typeof fields.admittedAt) => readTime(valueAt(message, path), placeOf(path), findings);
  const encounterClass = readClass(message, agreement);
  const ward = readWard(message, agreement);
  const start = time(fields.admittedAt);
  const end = time(fields.dischargedAt);
  const expectedDischarge = time(fields.expectedDischarge);
  const leaving = readLeaving(message, agreement);
  return {
    ...(encounterClass !== undefined && { class: encounterClass }),
    ...(ward !== undefined && { ward }),
    ...(start !== undefined && { start }),
    ...(end !== undefined && { end }),
    ...(expectedDischarge !== undefined && { expectedDischarge }),
    ...(leaving !== undefined && { leaving }),
  };
}

function readClass(message: Hl7Message, { fields }: Agreement): EncounterClass | undefined {
  const code = textAt(message, fields.class);
  return code === undefined ? undefined : (CLASSES.get(code.toUpperCase()) ?? 'OTHER');
}

/** The HSA-id of the ward: the component itself or, where it is a name with an id (HD), its second part. */
function readWard(message: Hl7Message, { fields }: Agreement): Stated<string> {
  const path = fields.ward;
  if (valueAt(message, path).kind === 'null') return null;
  const parts = [textAt(message, path), textAt(message, { ...path, subcomponent: 2 })];
  return parts.map((part) => part?.trim()).find(isHsaId);
}

/** Table 0112 as the agreement reads it: a code that it does not list is a way home; nothing stated leaves what was known. */
function readLeaving(message: Hl7Message, { fields, leaving }: Agreement): Leaving | undefined {
  const code = textAt(message, fields.leaving)?.trim();
  if (code === undefined) return undefined;
  return leaving[code] ?? leaving[code.padStart(2, '0')] ?? 'home';
}
