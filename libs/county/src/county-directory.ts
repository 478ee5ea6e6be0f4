import type { Directory, LegalForm, Party, PartyId } from '#libs/domain';

/** A party as the county's file has it. A divided municipality is named there, but is no address (RTE-20). */
export interface CountyParty extends Party {
  readonly hsaId?: string;
  readonly note?: string;
  readonly divided?: true;
}

/** A row of the file: most parties have one legal form, a federation of region and municipality has more (RTE-08). */
export interface PartyInFile extends Omit<CountyParty, 'legalForms'> {
  readonly legalForm: LegalForm | readonly LegalForm[];
}

/** The party that a row of the file is. */
export function partyOf({ legalForm, ...party }: PartyInFile): CountyParty {
  return { ...party, legalForms: typeof legalForm === 'string' ? [legalForm] : legalForm };
}

/** The effective-dated rows of `parties.json`, by id. Dates are local `YYYY-MM-DD`, so that text order is time's order. */
export class CountyDirectory implements Directory {
  readonly #rows = new Map<PartyId, CountyParty[]>();

  constructor(parties: readonly CountyParty[]) {
    for (const party of parties) this.#rows.set(party.id, [...this.rows(party.id), party]);
  }

  /** The party, or what became of it; undefined for strangers, for what had not begun, and for a divided municipality. */
  party(id: PartyId, date: string): CountyParty | undefined {
    const row = this.row(id, date);
    if (row !== undefined) return row.divided === true ? undefined : row;
    const ended = this.rows(id).filter(({ to }) => to !== undefined && to < date);
    const successor = ended.sort(byEnd).at(-1)?.successor;
    return successor === undefined ? undefined : this.party(successor, date);
  }

  isDivided(municipality: string, date: string): boolean {
    return this.row(municipality, date)?.divided === true;
  }

  /** The row in force itself, divided ones included, without successors. */
  row(id: PartyId, date: string): CountyParty | undefined {
    return this.rows(id).find((row) => isInForce(row, date));
  }

  rows(id: PartyId): readonly CountyParty[] {
    return this.#rows.get(id) ?? [];
  }

  all(): readonly CountyParty[] {
    return [...this.#rows.values()].flat();
  }
}

function byEnd(a: Party, b: Party): number {
  return (a.to ?? '9999') < (b.to ?? '9999') ? -1 : 1;
}

/** True when a local date lies in the period, first and last day included. */
export function isInForce({ from, to }: { readonly from: string; readonly to?: string }, date: string): boolean {
  return from <= date && (to === undefined || date <= to);
}

/** True when two periods share a day. */
export function overlap(
  a: { readonly from: string; readonly to?: string },
  b: { readonly from: string; readonly to?: string },
): boolean {
  return a.from <= (b.to ?? '9999-12-31') && b.from <= (a.to ?? '9999-12-31');
}
