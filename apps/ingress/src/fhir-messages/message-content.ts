/** What a sender makes anew when it sends the same message again (MR7). */
const OF_THE_BUNDLE: ReadonlySet<string> = new Set(['id', 'timestamp', 'meta']);
const OF_A_PROVENANCE = 'recorded';

/**
 * What a message says, as bytes: all of it but what a sender makes anew when it sends it again, which is the Bundle's id,
 * timestamp and meta, and when a Provenance was recorded. Members are put in order, for a program that writes JSON anew may
 * order them anew. Two messages of the same bytes say the same.
 * @param bundle JSON, of bounded depth
 */
export function contentOf(bundle: unknown): Buffer {
  const members = Object.entries(bundle as Record<string, unknown>).filter(([name]) => !OF_THE_BUNDLE.has(name));
  return Buffer.from(JSON.stringify(ordered(Object.fromEntries(members))));
}

function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== 'object' || value === null) return value;
  const isProvenance = 'resourceType' in value && value.resourceType === 'Provenance';
  return Object.entries(value)
    .filter(([name]) => !(isProvenance && name === OF_A_PROVENANCE))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, member]): unknown => [name, ordered(member)]);
}
