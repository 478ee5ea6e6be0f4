import type { LegalForm } from '../events/terms.ts';

export type PartyId = string;
export type PartyKind = 'municipality' | 'district-board' | 'clinic' | 'hospital';

/** A party of the county in the period that the row holds (architecture 4: effective-dated data with its source). */
export interface Party {
  readonly id: PartyId;
  readonly name: string;
  readonly kind: PartyKind;
  /** Mostly one; a federation of region and municipality is both (RTE-08). Never empty. */
  readonly legalForms: readonly LegalForm[];
  /** Local dates `YYYY-MM-DD`, first day in and last day in force. */
  readonly from: string;
  readonly to?: string;
  /** The party that took over when this one ended (RTE-24). */
  readonly successor?: PartyId;
  readonly source: string;
}

/** The parties in force on a local date. */
export interface Directory {
  /** The party, or its successor when it has ended by then; undefined when the directory knows neither. */
  party(id: PartyId, date: string): Party | undefined;
  /** True for a municipality that is divided into boards, so that its bare code is no address (RTE-20). */
  isDivided(municipality: string, date: string): boolean;
}
