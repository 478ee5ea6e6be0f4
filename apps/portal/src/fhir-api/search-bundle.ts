import type { Bundle, BundleEntry, FhirResource, Reference } from 'fhir/r4.js';
import type { IdMaker } from '#libs/platform';
import { composed, isResourceType, type ResourceType, type StoredRow, type ViewResource } from '../view/row.ts';
import { shaped } from './answer-shape.ts';
import { type Search, writeCursor } from './search.ts';

export interface Page {
  /** What was found, each row read once. */
  readonly matches: readonly ViewResource[];
  /** The last row of a page that is not the last page. */
  readonly continues: StoredRow | undefined;
}

/** Cuts the one row that tells of a next page. */
export function pageOf(rows: readonly StoredRow[], { count }: Search): Page {
  const shown = rows.slice(0, count);
  return { matches: shown.map(composed), continues: rows.length > count ? shown.at(-1) : undefined };
}

function address(base: string, search: Search, cursor: string | undefined): string {
  const pairs = [...search.applied, ...(cursor === undefined ? [] : [['_cursor', cursor] as const])];
  const query = pairs.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join('&');
  return `${base}/${search.type}?${query}`;
}

const entryOf =
  (base: string, { shape }: Search, mode: 'match' | 'include') =>
  (resource: ViewResource): BundleEntry<FhirResource> => ({
    fullUrl: `${base}/${resource.resourceType}/${resource.id ?? ''}`,
    // What comes along is wanted for what it is; `_elements` names those of the type that was searched.
    resource: shaped(resource, mode === 'match' ? shape : { ...shape, elements: undefined }),
    search: { mode },
  });

function nextLink(base: string, ids: IdMaker, search: Search, last: StoredRow): string {
  const key = last[search.sort.column] ?? 0;
  return address(base, search, writeCursor(ids, search.scope, { key, id: last.id }));
}

/** What the resources of a page point at, by the references that `_include` names. */
export function includedIds({ matches }: Page, { include }: Search): Map<ResourceType, Set<string>> {
  const wanted = new Map<ResourceType, Set<string>>();
  for (const reference of matches.flatMap((one) => include.flatMap(({ name }) => referencesOf(one, name)))) {
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

/** Where links lead, and the ids by which a place in a search is signed. */
export interface LinkMaker {
  readonly base: string;
  readonly ids: IdMaker;
}

/**
 * The answer to a search. `self` says what was applied, `next` where the rest is.
 * @param counted how many there are on all pages, where that was asked for; otherwise `total` is told only when this page is
 * all there is, since counting costs and, from page to page, lies
 */
export function searchBundle(
  { base, ids }: LinkMaker,
  search: Search,
  { matches, continues }: Page,
  included: readonly StoredRow[],
  counted: number | undefined,
): Bundle {
  const isWhole = search.total === 'free' && search.after === undefined && continues === undefined;
  const total = counted ?? (isWhole ? matches.length : undefined);
  const entry = [
    ...matches.map(entryOf(base, search, 'match')),
    ...included.map(composed).map(entryOf(base, search, 'include')),
  ];
  return {
    resourceType: 'Bundle',
    type: 'searchset',
    ...(total === undefined ? {} : { total }),
    link: [
      { relation: 'self', url: address(base, search, undefined) },
      ...(continues === undefined ? [] : [{ relation: 'next', url: nextLink(base, ids, search, continues) }]),
    ],
    ...(entry.length === 0 ? {} : { entry }),
  };
}

/** The answer to a search that asks only how many there are: no entries, no pages. */
export function countBundle(base: string, search: Search, total: number): Bundle {
  const link = [{ relation: 'self', url: address(base, search, undefined) }];
  return { resourceType: 'Bundle', type: 'searchset', total, link };
}
