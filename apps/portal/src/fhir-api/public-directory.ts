import type { Organization } from 'fhir/r4.js';
import type { County } from '#libs/county';
import { startOfLocalDay } from '#libs/domain';
import { IDENTIFIER_SYSTEM } from '#libs/fhir';
import { rowOf } from '../view/columns.ts';
import type { StoredRow } from '../view/row.ts';
import { meets } from './search-values.ts';
import type { Search } from './search.ts';

/** Organisations that everyone may know of: the county's parties, the organisations of its agreements, their wards. */
export type PublicDirectory = ReadonlyMap<string, StoredRow>;

const HSA_ID = /^SE\d{10}-[0-9A-Z]+$/;
/** Where the law begins, and with it the county's files (LUS, in force 2018-01-01). */
const BEGINNING = '2018-01-01';

interface Listed {
  readonly id: string;
  readonly name: string;
  /** Local date from which it has been so. */
  readonly from: string;
  readonly active: boolean;
  readonly hsaId?: string | undefined;
  readonly partOf?: string;
}

function organizationOf({ id, name, active, hsaId, partOf }: Listed): Organization {
  const identifier = hsaId ?? (HSA_ID.test(id) ? id : undefined);
  return {
    resourceType: 'Organization',
    id,
    ...(identifier === undefined ? {} : { identifier: [{ system: IDENTIFIER_SYSTEM.hsa, value: identifier }] }),
    active,
    name,
    ...(partOf === undefined ? {} : { partOf: { reference: `Organization/${partOf}` } }),
  };
}

/** Whatever is listed twice counts as it is listed last: a hospital that is a party is shown as the party. */
function listed(county: County, date: string): Listed[] {
  const agreements = county.agreements();
  const inForce = (id: string) => county.agreement(id, date) !== undefined;
  const organisations = agreements.map(({ id, organisation, name, from }) => {
    return { id: organisation, name, from, active: inForce(id) };
  });
  const wards = agreements.flatMap(({ id, organisation: partOf, wards, from }) =>
    wards.map((ward) => ({ id: ward.hsaId, name: ward.name, from, active: inForce(id), partOf })),
  );
  const ended = county.partyIds().map((id) => {
    return { id, name: county.nameOf(id, date) ?? id, from: BEGINNING, active: false };
  });
  const parties = county.partiesOn(date).map((party) => ({ ...party, active: true }));
  const operator = { id: 'operator', name: 'Bryggans operatör', from: BEGINNING, active: true };
  return [operator, ...wards, ...organisations, ...ended, ...parties];
}

/** The public directory of a county on a local date, as rows that a search can look through. */
export function publicDirectory(county: County, date: string): PublicDirectory {
  return new Map(
    listed(county, date).map((one): [string, StoredRow] => {
      const row = rowOf(organizationOf(one), { audience: undefined, updatedAt: startOfLocalDay(one.from) });
      return [one.id, { ...row, version: 1 }];
    }),
  );
}

/** The organisations that a search finds: of the public directory, and the few that only the caller's own messages name. */
export const directoryMatches = (all: readonly StoredRow[], { conditions }: Search): StoredRow[] =>
  all.filter((row) => conditions.every((condition) => meets(row, condition)));

/**
 * A page of them. Same order and same cursor as a page from the database (search-sql.ts), in memory, since there are some
 * hundred.
 * @returns one row more than asked for, when there is one
 */
export function directoryPage(rows: readonly StoredRow[], search: Search): StoredRow[] {
  const { after, count, sort } = search;
  const sign = sort.descending ? -1 : 1;
  const compare = (a: { updatedAt: number; id: string }, b: { updatedAt: number; id: string }) =>
    sign * (a.updatedAt - b.updatedAt || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
  return rows
    .filter((row) => after === undefined || compare(row, { updatedAt: after.key, id: after.id }) > 0)
    .sort(compare)
    .slice(0, count + 1);
}
