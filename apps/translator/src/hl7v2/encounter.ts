import type { EncounterClass, EncounterStatement, Leaving, Stated } from '#libs/domain';
import type { Hl7Message } from '#libs/hl7v2';
import type { Agreement } from '#libs/county';
import type { Findings } from '../findings.ts';
import { placeOf, readUnit, statedOnly, textAt, valueAt, wholeText } from './places.ts';
import { readVisitProtection } from './protection.ts';
import type { MessageTimes } from './times.ts';

/**
 * What a message says of the stay (contract 5). Only what stands there: an empty PV1-44 or PV1-45 stays unstated, and the
 * fold takes EVN-6 in its place where that is right.
 */
export function readEncounter(
  message: Hl7Message,
  agreement: Agreement,
  times: MessageTimes,
  findings: Findings,
): EncounterStatement {
  const { fields } = agreement;
  const time = (path: typeof fields.admittedAt) => times.read(valueAt(message, path), placeOf(path));
  const [start, end] = [time(fields.admittedAt), time(fields.dischargedAt)];
  if (start && end && end.end <= start.start) findings.flag('implausible-order', placeOf(fields.dischargedAt));
  const said = statedOnly<EncounterStatement>({
    class: readClass(message, agreement, findings),
    ward: readWard(message, agreement, findings),
    start,
    end,
    expectedDischarge: time(fields.expectedDischarge),
    leaving: readLeaving(message, agreement, findings),
    receivingUnit: readReceivingUnit(message, agreement, findings),
    admissionType: textAt(message, fields.admissionType) || undefined,
    protection: readVisitProtection(message, agreement, findings),
  });
  const { expectedDischarge: expected } = said;
  if (start && expected && expected.end <= start.start)
    findings.flag('implausible-order', placeOf(fields.expectedDischarge));
  return said;
}

/** A class that the agreement does not have counts as not stated: one guessed wrong starts or ends the duties of inpatient care. */
function readClass(
  message: Hl7Message,
  { fields, classes }: Agreement,
  findings: Findings,
): EncounterClass | undefined {
  const code = textAt(message, fields.class)?.toUpperCase();
  if (!code) return undefined;
  const known = classes.get(code);
  if (known === undefined) findings.unstated('bad-class', placeOf(fields.class));
  return known;
}

/** The ward; one that the agreement does not list is taken all the same, under the organisation's legal form. */
function readWard(message: Hl7Message, agreement: Agreement, findings: Findings): Stated<string> {
  const { fields, wards } = agreement;
  const ward = readUnit(message, fields.ward, agreement, findings);
  if (ward && !wards.some(({ hsaId }) => hsaId === ward)) findings.flag('unknown-ward', placeOf(fields.ward));
  return ward;
}

/**
 * Table 0112 as the agreement reads it: a code that it does not list is a way home; nothing stated leaves what was known. One that
 * is no code of the table may say that somebody is dead: its sender is told how it was read.
 */
function readLeaving(message: Hl7Message, { fields, leaving }: Agreement, findings: Findings): Leaving | undefined {
  const code = textAt(message, fields.leaving);
  if (!code) return undefined;
  const known = leaving.get(code) ?? leaving.get(code.padStart(2, '0'));
  if (known === undefined && !/^\d{1,2}$/.test(code)) findings.flag('unknown-leaving', placeOf(fields.leaving));
  return known ?? 'home';
}

/** The unit that takes over, as the sender names it, or by the HSA-id that the agreement has for that. */
function readReceivingUnit(message: Hl7Message, { fields, units }: Agreement, findings: Findings): Stated<string> {
  const { segment, field, component = 1 } = fields.transferTo;
  const unit = message.first(segment)?.field(field).first;
  if (unit?.value(component).kind === 'null') return null;
  const text = unit && wholeText(unit, component, placeOf(fields.transferTo), findings);
  return units.get(text ?? '') ?? (text || undefined);
}
