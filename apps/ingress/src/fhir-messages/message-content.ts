/** What a sender makes anew when it sends the same message again (MR7). */
const OF_THE_BUNDLE: ReadonlySet<string> = new Set(['id', 'timestamp', 'meta']);
const OF_A_PROVENANCE: ReadonlySet<string> = new Set(['recorded']);
const NOTHING: ReadonlySet<string> = new Set();

/**
 * What a message says, as bytes: all of it but what a sender makes anew when it sends it again, which is the Bundle's id,
 * timestamp and meta, and when a Provenance was recorded. Members are put in order, for a program that writes JSON anew may
 * order them anew. Two messages of the same bytes say the same. The bytes are what a message is known by for ever: a change here
 * would answer every message that comes again as a new one.
 * @param bundle JSON, of bounded depth
 */
export function contentOf(bundle: unknown): Buffer {
  return Buffer.from(JSON.stringify(pairsOf(bundle as Readonly<Record<string, unknown>>, OF_THE_BUNDLE)));
}

function ordered(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(ordered);
  const isProvenance = 'resourceType' in value && value.resourceType === 'Provenance';
  return pairsOf(value as Readonly<Record<string, unknown>>, isProvenance ? OF_A_PROVENANCE : NOTHING);
}

/** The members of an object but some, as a list: an object would bring names that are numbers into an order of its own. */
function pairsOf(value: Readonly<Record<string, unknown>>, left: ReadonlySet<string>): unknown[] {
  const pairs: unknown[] = [];
  for (const name of Object.keys(value).sort()) if (!left.has(name)) pairs.push([name, ordered(value[name])]);
  return pairs;
}
