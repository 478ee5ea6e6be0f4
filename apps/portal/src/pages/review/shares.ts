import { CALL_MEASURES, countsOf, DISCHARGES, failureOf, NEED_MEASURES, type PublishedMonth } from '#libs/domain';
import { isHidden } from './month-report.ts';

/** One part of a unit's stays. */
export interface SharePart {
  readonly name: string;
  readonly count: number;
  /** Nobody can see how many of these belong to the part before it: small numbers are held back. */
  readonly isUncertain?: boolean;
}

/** How the stays of a unit are divided: the parts together are all of them. */
export interface UnitShares {
  readonly unit: string;
  readonly of: number;
  readonly parts: readonly SharePart[];
}

/** The failure that a notice of admission is missing or late, by its first code. */
const NOTICE = 'INS-01';

const countIn = (month: PublishedMonth, measure: string, unit: string): number | undefined =>
  countsOf(month, measure, 'unit').find(({ value }) => value === unit)?.count;

function unitsWith(month: PublishedMonth, measures: readonly string[]): string[] {
  return [...new Set(measures.flatMap((measure) => countsOf(month, measure, 'unit').map(({ value }) => value)))].sort();
}

function sharesOf(month: PublishedMonth, parts: readonly (readonly [measure: string, name: string])[]): UnitShares[] {
  return unitsWith(
    month,
    parts.map(([measure]) => measure),
  ).map((unit) => {
    const counted = parts.map(([measure, name]) => ({ name, count: countIn(month, measure, unit) ?? 0 }));
    return { unit, of: counted.reduce((sum, { count }) => sum + count, 0), parts: counted };
  });
}

/** What was said of need after the discharge, per unit: a unit stands here where all three of its counts can be shown. */
export function needShares(month: PublishedMonth): UnitShares[] {
  return sharesOf(month, [
    [NEED_MEASURES.stated, 'Behov angivet'],
    [NEED_MEASURES.none, 'Inget behov'],
    [NEED_MEASURES['not-stated'], 'Inte bedömt'],
  ]);
}

/** Of the stays for which a plan was to be called to, those with a call by the region's open care, per unit. */
export function callShares(month: PublishedMonth): UnitShares[] {
  return sharesOf(month, [
    [CALL_MEASURES.called, 'Kallelse gjord'],
    [CALL_MEASURES['not-called'], 'Ingen kallelse'],
  ]);
}

/**
 * Of the stays with a need, those whose notice of admission came in time, per unit. Made of what is published alone, so that it
 * tells no more than that does: a code that is held back at the unit may be some of those that look to be in time, and then the share
 * is the highest that it can be.
 */
export function noticeShares(month: PublishedMonth): UnitShares[] {
  const measures = [...month.lines, ...month.hidden].map(({ measure }) => measure);
  const codes = [...new Set(measures)].filter((code) => failureOf(code) === NOTICE);
  return unitsWith(month, [NEED_MEASURES.stated]).map((unit) => {
    const of = countIn(month, NEED_MEASURES.stated, unit) ?? 0;
    const within = countsOf(month, DISCHARGES, 'unit').find(({ value }) => value === unit)?.within;
    const late = codes.reduce((sum, code) => sum + (countIn(month, code, unit) ?? 0), 0);
    const isUncertain = codes.some(
      (code) => countIn(month, code, unit) === undefined && isHidden(month, code, 'unit', within),
    );
    const count = Math.max(0, of - late);
    return {
      ...{ unit, of },
      parts: [
        { name: 'I tid', count, isUncertain },
        { name: 'Sent eller inte alls', count: of - count },
      ],
    };
  });
}
