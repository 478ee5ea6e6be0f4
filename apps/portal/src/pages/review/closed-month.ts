import type { Dimension, PublishedMonth } from '#libs/domain';

/** What a group is part of: where something of a wider one is held back, nothing of what is below it may be there. */
const WIDER: Readonly<Record<Dimension, readonly Dimension[]>> = {
  total: [],
  stratum: ['total'],
  unit: ['total', 'stratum'],
  'municipality-kind': ['total'],
  municipality: ['total', 'municipality-kind'],
  board: ['total', 'municipality-kind', 'municipality'],
  sex: ['total'],
  age: ['total'],
};

/**
 * True where something of a measure is held back: then what is not there may be none, or too few to be shown.
 * @param within the group that is asked of; any of the dimension where none is given
 */
export function isHidden(
  { hidden }: Pick<PublishedMonth, 'hidden'>,
  measure: string,
  dimension: Dimension,
  within?: string,
): boolean {
  return hidden.some(
    (line) =>
      line.measure === measure &&
      (WIDER[dimension].includes(line.dimension) ||
        (line.dimension === dimension && (within === undefined || line.within === within))),
  );
}
