/** `PV1-3.4` taken apart. */
export interface FieldPath {
  readonly segment: string;
  readonly field: number;
  readonly component?: number;
  readonly subcomponent?: number;
}

/** `PV1-3.4` -> its parts; undefined when the text is no place in a message. */
export function fieldPath(text: string): FieldPath | undefined {
  const parts = /^([A-Z][A-Z0-9]{2})-([1-9]\d?)(?:\.([1-9]\d?))?(?:\.([1-9]\d?))?$/.exec(text);
  if (parts === null) return undefined;
  const [, segment = '', field, component, subcomponent] = parts;
  return {
    segment,
    field: Number(field),
    ...(component === undefined ? {} : { component: Number(component) }),
    ...(subcomponent === undefined ? {} : { subcomponent: Number(subcomponent) }),
  };
}
