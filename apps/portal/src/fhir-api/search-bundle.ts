import type { Bundle, BundleEntry, FhirResource, Reference } from 'fhir/r4.js';
import type { IdMaker } from '#libs/platform';
import { composed } from '../view/compose.ts';
import { isResourceType, type ResourceType } from '../view/resource-type.ts';
import type { StoredRow, ViewResource } from '../view/row.ts';
import { writeCursor } from './cursor.ts';
import type { Search } from './search.ts';

export interface Page {
  readonly matches: readonly StoredRow[];
  /** The rows after these: there is a next page. */
  readonly more: boolean;
}

/** Cuts the one row that tells of a next page. */
export function pageOf(rows: readonly StoredRow[], { count }: Search): Page {
  return { matches: rows.slice(0, count), more: rows.length > count };
}

function address(base: string, search: Search, cursor: string | undefined): string {
  const pairs = [...search.applied, ...(cursor === undefined ? [] : [['_cursor', cursor] as const])];
  const query = pairs.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join('&');
  return `${base}/${search.type}?${query}`;
}

const entryOf =
  (base: string, mode: 'match' | 'include') =>
  (resource: ViewResource): BundleEntry<FhirResource> => ({
    fullUrl: `${base}/${resource.resourceType}/${resource.id ?? ''}`,
    resource,
    search: { mode },
  });

function nextLink(base: string, ids: IdMaker, search: Search, last: StoredRow): string {
  const key = last[search.sort.column] ?? 0;
  return address(base, search, writeCursor(ids, search.scope, { key, id: last.id }));
}

/** What the resources of a page point at, by the references that `_include` names. */
export function includedIds(matches: readonly StoredRow[], { include }: Search): Map<ResourceType, Set<string>> {
  const wanted = new Map<ResourceType, Set<string>>();
  for (const reference of matches.flatMap((row) => include.flatMap(({ name }) => referencesOf(composed(row), name)))) {
    const [type, id] = reference.reference?.split('/') ?? [];
    if (isResourceType(type) && id !== undefined) wanted.set(type, (wanted.get(type) ?? new Set()).add(id));
  }
  return wanted;
}

/** The elements behind the reference parameters that may be included (search-parameters.ts). */
function referencesOf(resource: ViewResource, name: string): Reference[] {
  const found: Partial<Record<string, Reference | Reference[]>> = {
    subject: 'subject' in resource ? resource.subject : undefined,
    encounter: resource.resourceType === 'DetectedIssue' ? resource.implicated : encounterIn(resource),
    implicated: 'implicated' in resource ? resource.implicated : undefined,
    focus: 'focus' in resource ? resource.focus : undefined,
    owner: 'owner' in resource ? resource.owner : undefined,
    recipient: 'recipient' in resource ? resource.recipient : undefined,
  };
  return [found[name] ?? []].flat();
}

const encounterIn = (resource: ViewResource) => ('encounter' in resource ? resource.encounter : undefined);

/**
 * The answer to a search. `self` says what was applied, `next` where the rest is; `total` only when this page is all there
 * is, since counting costs and, from page to page, lies.
 */
export function searchBundle(
  { base, ids }: { readonly base: string; readonly ids: IdMaker },
  search: Search,
  { matches, more }: Page,
  included: readonly StoredRow[],
): Bundle {
  const last = matches.at(-1);
  const entry = [
    ...matches.map(composed).map(entryOf(base, 'match')),
    ...included.map(composed).map(entryOf(base, 'include')),
  ];
  return {
    resourceType: 'Bundle',
    type: 'searchset',
    ...(search.after === undefined && !more ? { total: matches.length } : {}),
    link: [
      { relation: 'self', url: address(base, search, undefined) },
      ...(more && last !== undefined ? [{ relation: 'next', url: nextLink(base, ids, search, last) }] : []),
    ],
    ...(entry.length === 0 ? {} : { entry }),
  };
}
