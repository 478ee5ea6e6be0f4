import type { Protection, RegisteredAddress, Stated } from '#libs/domain';
import { textOf, type Hl7Message, type Repetition } from '#libs/hl7v2';
import type { Agreement } from '#libs/platform';

const MUNICIPALITY = /^\d{4}$/;
const DISTRICT = /^(?:\d{4}-)?([a-z][a-z-]*)$/;

/**
 * The registered address (folkbokföring): the repetition of type `L`, or `H` where the agreement says so and no `L` is
 * there. A protected person's address is never put on the event, whatever the sender wrote (contract 5, RTE-43).
 */
export function readAddress(
  message: Hl7Message,
  agreement: Agreement,
  protection: Protection | undefined,
): Stated<RegisteredAddress> {
  if (protection !== undefined) return undefined;
  const { segment, field: number } = agreement.fields.address;
  const field = message.first(segment)?.field(number);
  if (field === undefined || field.isAbsent) return undefined;
  if (field.isNull) return null;
  const repetitions = field.repetitions;
  for (const type of agreement.addressTypes) {
    const found = repetitions.find((repetition) => repetition.text(7) === type);
    if (found) return addressOf(found, agreement);
  }
  return undefined;
}

function addressOf(xad: Repetition, { fields }: Agreement): Stated<RegisteredAddress> {
  const part = (component: number, sub = 1): string | undefined => xad.text(component, sub)?.trim();
  const street = part(1) ?? [part(1, 2), part(1, 3)].filter(Boolean).join(' ');
  const lines = [street, part(2)].filter((line) => line !== undefined && line !== '');
  const [city, postalCode] = [part(3), part(5)];
  const municipality = part(fields.addressMunicipality.component ?? 9);
  const district = DISTRICT.exec(part(fields.addressDistrict.component ?? 10)?.toLowerCase() ?? '')?.[1];
  const address: RegisteredAddress = {
    lines: lines as string[],
    ...(postalCode !== undefined && { postalCode }),
    ...(city !== undefined && { city }),
    ...(municipality !== undefined && MUNICIPALITY.test(municipality) && { municipality }),
    ...(district !== undefined && { district }),
  };
  if (lines.length > 0 || Object.keys(address).length > 1) return address;
  return isDeleted(xad) ? null : undefined;
}

/** Only nulls besides the type: the address is taken back. */
function isDeleted(xad: Repetition): boolean {
  const parts = [1, 2, 3, 5, 9, 10].map((component) => xad.value(component));
  return parts.some(({ kind }) => kind === 'null') && parts.every((part) => textOf(part) === undefined);
}
