import type { DetectedIssue, MeasureReport, MeasureReportGroup, MeasureReportGroupStratifier } from 'fhir/r4.js';
import { isWrittenAsCode, plusDays, type MonthLine, type PublishedMonth } from '#libs/domain';
import { EXTENSION, FHIR_BASE, SYSTEM } from '#libs/fhir';
import type { FeedRow } from '../life/case-body.ts';

/*
 * The feed as FHIR has it (rules 12.5): a live row is a DetectedIssue of a month, under the random id of the feed; the table of a closed
 * month is a MeasureReport. They say what the row and the table say, and nothing else.
 */

const STATUS: Readonly<Record<string, DetectedIssue['status']>> = { closed: 'cancelled', rejected: 'entered-in-error' };
/** FHIR has three grades, the rules four. */
const gradeOf = (severity: number): DetectedIssue['severity'] =>
  severity >= 4 ? 'high' : severity === 3 ? 'moderate' : 'low';

/** How a row's case stands, in FHIR's words; the exact state is a part of the extension. */
export const statusOf = ({ state }: Pick<FeedRow, 'state'>): DetectedIssue['status'] => STATUS[state] ?? 'final';

/** A live row. No day stands in it: that it is of a month is all that is said of time. */
export function issueOf(row: FeedRow): DetectedIssue {
  const { id, version, code, severity, step, careType, hospitalKind, municipalityKind, state } = row;
  const parts = { state, careType, hospitalKind, municipalityKind };
  return {
    resourceType: 'DetectedIssue',
    id,
    meta: { versionId: String(version) },
    extension: [
      { url: EXTENSION.deviationSeverity, valueInteger: severity },
      {
        url: EXTENSION.deviationFeed,
        extension: [
          { url: 'step', valueInteger: step },
          ...Object.entries(parts).map(([url, valueCode]) => ({ url, valueCode })),
        ],
      },
    ],
    status: statusOf(row),
    code: { coding: [{ system: SYSTEM.deviation, code }] },
    severity: gradeOf(severity),
    identifiedDateTime: row.month,
    author: { type: 'Device', display: 'Bryggan' },
  };
}

/** The one id of a month's report: it is never another. */
export const reportId = (month: string): string => `deviations-${month}`;

/** The table of a closed month, and how many corrections came since it was published. */
export function reportOf(table: PublishedMonth & { readonly corrections: string }): MeasureReport {
  const { month, publishedAt, corrections, threshold, lines, hidden } = table;
  const groups = Map.groupBy([...lines, ...hidden], ({ measure }) => measure);
  return {
    resourceType: 'MeasureReport',
    id: reportId(month),
    extension: [
      {
        url: EXTENSION.feedMonth,
        extension: [
          { url: 'threshold', valueInteger: threshold },
          { url: 'corrections', valueCode: corrections },
        ],
      },
    ],
    status: 'complete',
    type: 'summary',
    measure: `${FHIR_BASE}/Measure/deviations`,
    date: publishedAt,
    period: { start: `${month}-01`, end: lastDay(month) },
    group: [...groups].map(([measure, own]) => groupOf(measure, own)),
  };
}

type Cell = MonthLine | Omit<MonthLine, 'value' | 'count'>;

const isLine = (cell: Cell): cell is MonthLine => 'count' in cell;

function groupOf(measure: string, cells: readonly Cell[]): MeasureReportGroup {
  const total = cells.find((cell): cell is MonthLine => isLine(cell) && cell.dimension === 'total');
  const others = cells.filter(({ dimension }) => dimension !== 'total');
  const byDimension = Map.groupBy(others, ({ dimension, within }) => `${dimension}|${within}`);
  return {
    code: isWrittenAsCode(measure) ? { coding: [{ system: SYSTEM.deviation, code: measure }] } : { text: measure },
    ...(total && { population: [{ count: total.count }] }),
    ...(byDimension.size > 0 && { stratifier: [...byDimension.values()].map(stratifierOf) }),
  };
}

/** A group of counts. One of which something is held back says so: what is not there may be zero, or small. */
function stratifierOf(cells: readonly Cell[]): MeasureReportGroupStratifier {
  const [{ dimension, within } = { dimension: '', within: '' }] = cells;
  const lines = cells.filter(isLine);
  return {
    ...(lines.length < cells.length && {
      extension: [{ url: EXTENSION.dataAbsentReason, valueCode: 'masked' }],
    }),
    code: [{ text: dimension }, ...(within === '' ? [] : [{ text: within }])],
    ...(lines.length > 0 && {
      stratum: lines.map(({ value, count }) => ({ value: { text: value }, population: [{ count }] })),
    }),
  };
}

function lastDay(month: string): string {
  const inNext = plusDays(`${month}-28`, 4);
  return plusDays(`${inNext.slice(0, 7)}-01`, -1);
}
