import type { Caller } from '#libs/county';
import type { ResourceType } from '../view/row.ts';

/**
 * Which rows a caller can ask for. Every statement has it as its first condition; there is no other way to a row.
 *
 *   party      its own rows of the party view
 *   sender     its organisation's rows of the hub view; its deviations as a party, from the party view
 *   operator   all rows of the hub view
 *   observer   rows of the party view of a party that has none: Storsthlm and HSF get nothing here yet (rules 12.5)
 */
export type Place =
  | { readonly view: 'party'; readonly audience: string }
  | { readonly view: 'hub'; readonly audience: string | undefined };

/** Where a caller's resources of a type are. */
export function placeOf({ roles, party }: Caller, type: ResourceType): Place {
  if (roles.includes('operator')) return { view: 'hub', audience: undefined };
  if (roles.includes('sender') && type !== 'DetectedIssue') return { view: 'hub', audience: party };
  return { view: 'party', audience: party };
}

/**
 * True when rows with a protected person's label may be among search hits (RTE-45: no search hits, no lists). A Task and a
 * deviation say nothing of who the person is, and one that cannot be found is not done; all else is had by a direct read.
 */
export const showsProtected = (type: ResourceType): boolean => type === 'Task' || type === 'DetectedIssue';
