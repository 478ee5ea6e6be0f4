import type { VNode } from 'preact';

/** Rows on a page of a list: as many as a worker scans. */
const ROWS = 30;

/** Which page of a list an address asks for; the first for anything that is no number of one. */
export function pageIn(asked: unknown): number {
  return typeof asked === 'string' && /^[1-9]\d{0,4}$/.test(asked) ? Number(asked) : 1;
}

/** Where a page of a list begins, and how many rows it has. */
export const rowsOf = (page: number): { readonly from: number; readonly most: number } => ({
  from: (page - 1) * ROWS,
  most: ROWS,
});

interface PagingProps {
  readonly page: number;
  readonly more: boolean;
  readonly addressOf: (page: number) => string;
}

/** The way to the pages before and after; nothing where there is only one. */
export function Paging({ page, more, addressOf }: PagingProps): VNode | null {
  if (page === 1 && !more) return null;
  return (
    <nav aria-label="Sidor" class="pages">
      {page > 1 && <a href={addressOf(page - 1)}>Föregående</a>}
      <span>Sida {page}</span>
      {more && <a href={addressOf(page + 1)}>Nästa</a>}
    </nav>
  );
}
