import type { Hl7Message, Value } from '#libs/hl7v2';
import type { FieldPath } from '#libs/platform';

/** The value where the agreement says that it stands: first segment of the name, first repetition. */
export function valueAt(message: Hl7Message, path: FieldPath): Value {
  return message.value(path.segment, path.field, path.component ?? 1, path.subcomponent ?? 1);
}

/** The text there; undefined for absent and null alike. */
export function textAt(message: Hl7Message, path: FieldPath): string | undefined {
  return message.text(path.segment, path.field, path.component ?? 1, path.subcomponent ?? 1);
}

/** `PV1-3.4`: how a fault names the place. */
export function placeOf({ segment, field, component, subcomponent }: FieldPath): string {
  return [`${segment}-${field}`, component, subcomponent].filter((part) => part !== undefined).join('.');
}
