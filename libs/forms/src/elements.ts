import { GROUNDS } from '#libs/domain';
import { TIME_PATTERN } from './form-check.ts';

/** JSON Schema of what several forms hold. */

/** Text for people. No control character but a line's end is ever stored (SAL-4). */
export const TEXT = {
  type: 'string',
  minLength: 1,
  maxLength: 4000,
  pattern: '^[^\\u0000-\\u0009\\u000b-\\u001f\\u007f-\\u009f]*$',
} as const;
export const SHORT_TEXT = { ...TEXT, maxLength: 200, pattern: '^[^\\u0000-\\u001f\\u007f-\\u009f]*$' } as const;
/** An id of ours, as the hub writes it: in another spelling it would name nothing. */
export const UUID = { type: 'string', pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' } as const;
export const TIME = { type: 'string', pattern: TIME_PATTERN } as const;
export const PARTY = { type: 'string', pattern: '^[A-Za-z0-9-]{1,60}$' } as const;
export const HSA_ID = { type: 'string', pattern: '^SE[0-9]{10}-[A-Za-z0-9]{1,18}$' } as const;
export const MUNICIPALITY = { type: 'string', pattern: '^[0-9]{4}$' } as const;
/** Who a person is at the one who answers: an id, never a name. */
export const PERSON_AT_WORK = { type: 'string', pattern: '^[A-Za-z0-9@._:-]{1,64}$' } as const;
export const STATED_GROUNDS = {
  type: 'array',
  minItems: 1,
  maxItems: GROUNDS.length,
  uniqueItems: true,
  items: { enum: GROUNDS },
} as const;

/** An object with these keys and no other: a mistyped key would silently be unstated. */
export function closed(
  properties: Readonly<Record<string, object>>,
  required: readonly string[],
): Readonly<Record<string, unknown>> {
  return { type: 'object', additionalProperties: false, required: [...required], properties };
}
