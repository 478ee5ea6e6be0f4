import type { County } from '#libs/county';

/** What the pages are given by the module that holds them. */

export const PAGES_CLOCK = Symbol('clock of the pages');
/** Who there is, what they are, and what they are called. */
export const PAGES_COUNTY = Symbol('county of the pages');
export type PagesCounty = Pick<County, 'agreement' | 'directory' | 'partiesOn' | 'nameOf' | 'senderIds'>;
