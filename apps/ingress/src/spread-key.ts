import { parseMessage, type Hl7Message } from '#libs/hl7v2';
import type { Agreement } from '#libs/county';
import type { IdMaker } from '#libs/platform';

/**
 * Key of the record on `inbound`: the visit, else the patient, else the message itself (architecture 2.3). It spreads and
 * keeps the publishing order of a stay; correctness never rests on it, so the bytes are read as Latin-1 and nothing is
 * checked. What cannot be parsed is kept all the same.
 */
export function spreadKeyOf(bytes: Buffer, agreement: Agreement, controlId: string, ids: IdMaker): string {
  const message = parseMessage(bytes.toString('latin1'));
  const byContent = message.ok ? keyByContent(message.value, agreement, ids) : undefined;
  return byContent ?? ids.other('spread-message', agreement.id, controlId);
}

function keyByContent(message: Hl7Message, { organisation, fields }: Agreement, ids: IdMaker): string | undefined {
  const { visitId: at, identities } = fields;
  const visitId = message.text(at.segment, at.field, at.component ?? 1, at.subcomponent ?? 1)?.trim();
  if (visitId) return ids.spreadKey(organisation, visitId);
  const patient = message.text(identities.segment, identities.field)?.trim();
  if (!patient) return undefined;
  const assigner = [1, 2].map((sub) => message.text(identities.segment, identities.field, 4, sub) ?? '').join('&');
  return ids.spreadKeyOfPatient(assigner, patient);
}
