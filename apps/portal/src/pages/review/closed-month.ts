import type { Dimension, PublishedMonth } from '#libs/domain';

/** The codes that a month has counts of, in their order. */
export function codesIn({ lines }: Pick<PublishedMonth, 'lines'>): string[] {
  return [...new Set(lines.map(({ measure }) => measure))].filter((measure) => /^[A-Z]{3}-\d\d$/.test(measure)).sort();
}

/** True where something of a measure is held back: then what is not there may be none, or too few to be shown. */
export function isHidden({ hidden }: Pick<PublishedMonth, 'hidden'>, measure: string, dimension: Dimension): boolean {
  return hidden.some((line) => line.measure === measure && line.dimension === dimension);
}
