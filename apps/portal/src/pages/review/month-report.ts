import { codesIn, codeText, countsOf, type Dimension, DISCHARGES, type PublishedMonth } from '#libs/domain';

/** Whom a report is of: the county, a municipality, one of its district boards, or a hospital with all its wards. */
export type ReportOf =
  | { readonly kind: 'county' }
  | { readonly kind: 'municipality' | 'board'; readonly id: string }
  | { readonly kind: 'hospital'; readonly id: string; readonly units: readonly string[] };

/** One code of a report. */
export interface ReportRow {
  readonly code: string;
  readonly name: string;
  /** Undefined: none, or held back. */
  readonly count: number | undefined;
  /** Something of it is held back: what stands there is the least it can be. */
  readonly isLeast: boolean;
  /** Of the month before, as far as that is published. */
  readonly before: number | undefined;
  /** Share of what ended, here and in the whole county. */
  readonly share: number | undefined;
  readonly countyShare: number | undefined;
}

/** A month of one of these, as it may be handed over: made of the published table alone, so that it tells no more than that. */
export interface MonthReport {
  readonly of: ReportOf;
  readonly month: string;
  readonly publishedAt: string;
  readonly threshold: number;
  /** Stays that ended; undefined: none, or held back. */
  readonly discharges: number | undefined;
  readonly rows: readonly ReportRow[];
  /** Something that could belong here is held back. */
  readonly isHidden: boolean;
}

interface Counted {
  readonly count: number | undefined;
  readonly isHidden: boolean;
}

/** What is published of a measure for whom the report is of. A hospital has what its wards have that are shown. */
function countOf(month: PublishedMonth, measure: string, of: ReportOf): Counted {
  if (of.kind === 'county') return { count: countsOf(month, measure, 'total')[0]?.count, isHidden: false };
  const dimension: Dimension = of.kind === 'hospital' ? 'unit' : of.kind;
  const own = new Set(of.kind === 'hospital' ? of.units : [of.id]);
  const lines = countsOf(month, measure, dimension).filter(({ value }) => own.has(value));
  const count = lines.length === 0 ? undefined : lines.reduce((sum, line) => sum + line.count, 0);
  return { count, isHidden: isHidden(month, measure, dimension) };
}

const shareOf = (count: number | undefined, of: number | undefined): number | undefined =>
  count === undefined || of === undefined || of === 0 ? undefined : count / of;

/**
 * The report of a month.
 * @param before the month before it; absent where none is published
 */
export function monthReport(month: PublishedMonth, before: PublishedMonth | undefined, of: ReportOf): MonthReport {
  const ended = countOf(month, DISCHARGES, of);
  const inCounty = countOf(month, DISCHARGES, { kind: 'county' }).count;
  const codes = [...new Set([...codesIn(month), ...(before ? codesIn(before) : [])])].sort();
  const rows = codes.map((code): ReportRow => {
    const { count, isHidden: isLeast } = countOf(month, code, of);
    return {
      ...{ code, name: codeText(code).name, count, isLeast, before: before && countOf(before, code, of).count },
      // A hospital's count and what ended there may lack different wards: their quotient would be nobody's share.
      share: of.kind === 'hospital' && (isLeast || ended.isHidden) ? undefined : shareOf(count, ended.count),
      countyShare: shareOf(countOf(month, code, { kind: 'county' }).count, inCounty),
    };
  });
  const shown = of.kind === 'county' ? rows : rows.filter((row) => row.count !== undefined || row.before !== undefined);
  const { month: name, publishedAt, threshold } = month;
  return {
    ...{ of, month: name, publishedAt, threshold, discharges: ended.count, rows: shown },
    isHidden: ended.isHidden || rows.some(({ isLeast }) => isLeast),
  };
}

/** The municipalities of which something is shown in a month, by id. */
export function municipalitiesIn(month: PublishedMonth): string[] {
  return shownIn(month, 'municipality', /^\d{4}$/);
}

/** The district boards of which something is shown in a month, by id; addresses whose board nobody knows are no board's. */
export function boardsIn(month: PublishedMonth): string[] {
  return shownIn(month, 'board', /^\d{4}-/);
}

function shownIn(month: PublishedMonth, dimension: Dimension, ids: RegExp): string[] {
  const all = countsOf(month, DISCHARGES, dimension).map(({ value }) => value);
  return [...new Set(all)].filter((value) => ids.test(value)).sort();
}

/** `2026-05` as people say it. */
export function monthWords(month: string): string {
  return new Intl.DateTimeFormat('sv-SE', { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(
    Date.parse(`${month}-15T12:00:00Z`),
  );
}

export const shareWords = (share: number | undefined): string =>
  share === undefined ? '–' : `${(share * 100).toFixed(1).replace('.', ',')} %`;

export const countWords = (count: number | undefined): string => (count === undefined ? '–' : `${count}`);

/** A report as CSV for a spreadsheet: semicolons, a decimal comma, the first row names the columns. */
export function reportCsv({ month, discharges, rows }: MonthReport): string {
  const share = (value: number | undefined): string => (value === undefined ? '' : value.toFixed(4).replace('.', ','));
  const lines = rows.map(({ code, name, count, before, share: own, countyShare }) =>
    [month, code, name, count ?? '', before ?? '', discharges ?? '', share(own), share(countyShare)].join(';'),
  );
  const head = 'manad;kod;avvikelse;antal;manaden_fore;utskrivningar;andel;andel_i_lanet';
  return `\uFEFF${[head, ...lines].join('\r\n')}\r\n`;
}

/** What a group is part of: where something of a wider one is held back, nothing of what is below it may be there. */
const WIDER: Readonly<Record<Dimension, readonly Dimension[]>> = {
  total: [],
  stratum: ['total'],
  unit: ['total', 'stratum'],
  'municipality-kind': ['total'],
  municipality: ['total', 'municipality-kind'],
  board: ['total', 'municipality-kind', 'municipality'],
  sex: ['total'],
  age: ['total'],
};

/**
 * True where something of a measure is held back: then what is not there may be none, or too few to be shown.
 * @param within the group that is asked of; any of the dimension where none is given
 */
export function isHidden(
  { hidden }: Pick<PublishedMonth, 'hidden'>,
  measure: string,
  dimension: Dimension,
  within?: string,
): boolean {
  return hidden.some(
    (line) =>
      line.measure === measure &&
      (WIDER[dimension].includes(line.dimension) ||
        (line.dimension === dimension && (within === undefined || line.within === within))),
  );
}
