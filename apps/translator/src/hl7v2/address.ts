import { isBetweenDates, type RegisteredAddress, type Stated } from '#libs/domain';
import { textOf, type Hl7Message, type Repetition } from '#libs/hl7v2';
import type { Agreement, FieldPath } from '#libs/county';
import type { Findings } from '../findings.ts';
import { placeOf, textAt, wholeText } from './places.ts';

const MUNICIPALITY = /^\d{4}$/;
/** XAD.9, where the municipality of the registered address stands in a field of its own. */
const MUNICIPALITY_COMPONENT = 9;
const DISTRICT = /^(?:\d{4}-)?([a-z][a-z-]*)$/;

/**
 * The registered address (folkbokföring): the repetition of type `L`, or `H` where the agreement says so and no `L` is
 * there; of several the first that holds on the day. The caller leaves it out of a protected person's event.
 * @param today local date of sending
 */
export function readAddress(
  message: Hl7Message,
  agreement: Agreement,
  today: string,
  findings: Findings,
): Stated<RegisteredAddress> {
  const { segment, field: number } = agreement.fields.address;
  const field = message.first(segment)?.field(number);
  if (field === undefined || field.isAbsent) return undefined;
  if (field.isNull) return null;
  const repetitions = field.repetitions;
  for (const type of agreement.addressTypes) {
    const ofType = repetitions.filter((repetition) => repetition.text(7)?.trim().toUpperCase() === type);
    const found = ofType.find((repetition) => holds(repetition, today)) ?? ofType[0];
    if (found) return addressOf(found, message, agreement, findings);
  }
  return undefined;
}

/**
 * Some senders list the addresses that a person had before, or will have: XAD.13 and XAD.14, or the range in XAD.12. A month or a
 * year alone is compared as far as it says something; zeros say nothing.
 */
function holds(xad: Repetition, today: string): boolean {
  const [from, to] = [xad.text(13) ?? xad.text(12), xad.text(14) ?? xad.text(12, 2)].map(
    (text) => /^(?!0000)\d{4,8}/.exec(text?.trim() ?? '')?.[0],
  );
  return isBetweenDates(today.replaceAll('-', ''), from, to);
}

/**
 * The municipality in which the person stays now, where it is another than that of registration, or there is none: of the
 * repetition of type `C` (current or temporary, table 0190) that holds on the day. Only its code says anything: no street is
 * looked up (RTE-22).
 * @param today local date of sending
 */
export function readStayingIn(
  message: Hl7Message,
  agreement: Agreement,
  today: string,
  findings: Findings,
): Stated<string> {
  const { address, addressMunicipality } = agreement.fields;
  const field = message.first(address.segment)?.field(address.field);
  if (field === undefined || field.isAbsent) return undefined;
  if (field.isNull) return null;
  const current = field.repetitions.find(
    (repetition) => repetition.text(7)?.trim().toUpperCase() === 'C' && holds(repetition, today),
  );
  if (current === undefined) return undefined;
  const isInAddress = addressMunicipality.segment === address.segment && addressMunicipality.field === address.field;
  const component = isInAddress ? addressMunicipality.component : undefined;
  const stated = current.value(component ?? MUNICIPALITY_COMPONENT);
  if (stated.kind === 'null') return null;
  const text = textOf(stated)?.trim().toLowerCase();
  if (text === undefined || text === '') return undefined;
  const [code] = MUNICIPALITY.exec(agreement.addressCodes.get(text) ?? text) ?? [];
  if (code === undefined)
    findings.unstated('bad-address-code', placeOf({ ...address, component: component ?? MUNICIPALITY_COMPONENT }));
  return code;
}

function addressOf(
  xad: Repetition,
  message: Hl7Message,
  agreement: Agreement,
  findings: Findings,
): Stated<RegisteredAddress> {
  const { fields } = agreement;
  const place = placeOf(fields.address);
  const text = (component: number): string | undefined => wholeText(xad, component, place, findings);
  const lines = [streetOf(xad, text), text(2)].filter((line) => line !== undefined);
  const [city, postalCode] = [text(3), text(5)];
  // A code that is none decides nothing, since a wrong board would be told.
  const code = (path: FieldPath, form: RegExp): string | undefined => {
    const text = codeAt(xad, message, path, fields.address);
    if (text === '') return undefined;
    const match = form.exec(agreement.addressCodes.get(text) ?? text);
    if (match === null) findings.unstated('bad-address-code', placeOf(path));
    return match?.[1] ?? match?.[0];
  };
  const municipality = code(fields.addressMunicipality, MUNICIPALITY);
  const district = code(fields.addressDistrict, DISTRICT);
  const address: RegisteredAddress = {
    lines,
    ...(postalCode !== undefined && { postalCode }),
    ...(city !== undefined && { city }),
    ...(municipality !== undefined && { municipality }),
    ...(district !== undefined && { district }),
  };
  if (lines.length > 0 || Object.keys(address).length > 1) return address;
  return isDeleted(xad) ? null : undefined;
}

/** The street; where only its parts are given, name and number. */
function streetOf(xad: Repetition, text: (component: number) => string | undefined): string | undefined {
  if (xad.text(1) !== undefined) return text(1);
  const parts = [xad.text(1, 2), xad.text(1, 3)].map((part) => part?.trim()).filter((part) => part);
  return parts.length > 0 ? parts.join(' ') : text(1);
}

/** The text of a code, in lower case: of this repetition, or of another field where the agreement says that it stands there. */
function codeAt(xad: Repetition, message: Hl7Message, path: FieldPath, address: FieldPath): string {
  const isOfAddress = path.segment === address.segment && path.field === address.field;
  const text = isOfAddress ? xad.text(path.component ?? 1, path.subcomponent ?? 1) : textAt(message, path);
  return text?.trim().toLowerCase() ?? '';
}

/** Only nulls besides the type: the address is taken back. */
function isDeleted(xad: Repetition): boolean {
  const parts = [1, 2, 3, 5, 9, 10].map((component) => xad.value(component));
  return parts.some(({ kind }) => kind === 'null') && parts.every((part) => textOf(part) === undefined);
}
