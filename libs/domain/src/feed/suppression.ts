/**
 * Small numbers (rules 12.5; the threshold is an inference, rules 9). A count below the threshold is held back, and with it
 * so much else of its group that it cannot be worked out from the rest.
 */

/** Counts of one group by category: together they are the group's total, which a reader may know. */
export type Counts = ReadonlyMap<string, number>;

/**
 * What of a group may be shown.
 *
 * A group in which no count is small is shown whole. Otherwise the small ones are held back, and after them the smallest of
 * the rest, until those that are held back come to the threshold even without the largest of them: then neither the total
 * minus what is shown tells one of them, nor can whoever knows one of them, because it is its own, work out the others.
 * Zero is not shown: it looks like what is held back.
 *
 * @param isSmall besides the count itself: what else makes a category small, such as few of its denominator that are left
 * @returns the counts to show, and whether anything is held back
 */
export function shown(
  counts: Counts,
  threshold: number,
  isSmall: (category: string, count: number) => boolean,
): { readonly counts: Counts; readonly isHidden: boolean } {
  const positive = [...counts].filter(([, count]) => count > 0).sort(bySize);
  const hidden = positive.filter(([category, count]) => count < threshold || isSmall(category, count));
  if (hidden.length === 0) return { counts: new Map(positive), isHidden: false };
  const rest = positive.filter((one) => !hidden.includes(one));
  while (rest.length > 0 && !isEnough(hidden, threshold)) hidden.push(...rest.splice(0, 1));
  return { counts: new Map(rest), isHidden: true };
}

function isEnough(hidden: readonly (readonly [string, number])[], threshold: number): boolean {
  const sizes = hidden.map(([, count]) => count);
  return sizes.reduce((sum, size) => sum + size, 0) - Math.max(...sizes) >= threshold;
}

/** Smallest first; of equal ones by name, so that the same counts are always shown alike. */
function bySize([a, m]: readonly [string, number], [b, n]: readonly [string, number]): number {
  return m - n || (a < b ? -1 : 1);
}
