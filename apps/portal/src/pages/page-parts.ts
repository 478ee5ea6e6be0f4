import type { County } from '#libs/county';
import { MUNICIPAL_KINDS } from '#libs/domain';
import type { IdMaker } from '#libs/platform';
import type { Option } from './layout/form-parts.tsx';

/** What the pages are given by the module that holds them. */

export const PAGES_CLOCK = Symbol('clock of the pages');
/** Makes the id by which a view knows a person. */
export const PAGES_IDS = Symbol('ids of the pages');
export type PagesIds = Pick<IdMaker, 'patientOf'>;
/** Who there is, what they are, and what they are called. */
export const PAGES_COUNTY = Symbol('county of the pages');
export type PagesCounty = Pick<County, 'agreement' | 'directory' | 'partiesOn' | 'nameOf' | 'senderIds'>;

/** What those are called who are known on a local date; anybody else stands by the id. */
export function namesOn(county: Pick<PagesCounty, 'nameOf'>, date: string): (id: string) => string {
  return (id) => county.nameOf(id, date) ?? id;
}

/** Who can be told of a stay on a local date, to choose from: municipalities and boards, but no city as a whole, and clinics. */
export function tellableUnits(county: Pick<PagesCounty, 'partiesOn'>, date: string): Option[] {
  return county
    .partiesOn(date)
    .filter(({ divided, kind }) => divided !== true && (MUNICIPAL_KINDS.has(kind) || kind === 'clinic'))
    .map(({ id, name }): Option => [id, name]);
}
