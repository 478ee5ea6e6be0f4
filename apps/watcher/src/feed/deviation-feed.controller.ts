import { Controller, Get, Inject, Param, Query, Req, Res } from '@nestjs/common';
import type { ServerResponse } from 'node:http';
import type { Pool } from 'pg';
import { INSTANT, Described, listOf, objectOf, Operation, refuse, TEXT, type HttpRequest } from '#libs/http';
import { PAIRS } from '#libs/domain';
import { fault } from '#libs/platform';
import type { FeedRow } from '../life/case-body.ts';
import { statement } from '../query.ts';
import { isMonth, pairsOf, patternsOf, publishedMonth, publishedMonths, type Period } from './published-months.ts';

export const FEED = Symbol('the feed of deviations');

const NUMBER = { type: 'number' } as const;
const ROW = objectOf({
  ...{ id: TEXT, version: NUMBER, state: TEXT, code: TEXT, step: NUMBER, severity: NUMBER },
  ...{ careType: TEXT, month: TEXT, hospitalKind: TEXT, municipalityKind: TEXT },
});
const LINE = objectOf({ measure: TEXT, dimension: TEXT, within: TEXT, value: TEXT, count: NUMBER });
const GROUP = objectOf({ measure: TEXT, dimension: TEXT, within: TEXT });
const RECURRING = objectOf({
  units: listOf(objectOf({ measure: TEXT, unit: TEXT, within: TEXT, count: NUMBER, of: NUMBER, flags: listOf(TEXT) })),
  pairs: listOf(objectOf({ measure: TEXT, kind: TEXT, first: TEXT, second: TEXT })),
});
const TABLE = objectOf(
  {
    ...{ month: TEXT, publishedAt: INSTANT, threshold: NUMBER, corrections: TEXT },
    ...{ lines: listOf(LINE), hidden: listOf(GROUP), recurring: RECURRING },
  },
  // Not of a month that was published before the hub looked for it.
  ['recurring'],
);
const RATE = {
  type: 'object',
  required: ['unit', 'within', 'month', 'count', 'of', 'rate', 'interval', 'flags'],
} as const;

const PAIR_RATE = {
  type: 'object',
  required: ['first', 'second', 'count', 'of', 'rate', 'interval'],
} as const;

/** $1 month, or null for all. In the order of their random ids, which tells nothing. */
const ROWS = statement(
  'feed-rows',
  `select feed_row from deviation_case where feed_row is not null and ($1::text is null or month = $1) order by feed_id`,
);

/**
 * What Storsthlm and HSF get (rules 12.5): live rows without unit, municipality, sex or age; closed months as tables in which small
 * numbers are held back; rates over them. No text of a person, no protected person, nothing that names a stay.
 */
@Controller()
export class DeviationFeedController {
  readonly #pool: Pool;

  constructor(@Inject(FEED) pool: Pool) {
    this.#pool = pool;
  }

  @Get('deviation-feed')
  @Operation('deviation-feed')
  @Described({
    summary: 'Live rows of deviations, of a month where one is asked for',
    answer: { 'application/json': objectOf({ rows: listOf(ROW) }), 'text/csv': TEXT },
  })
  async rows(
    @Req() request: HttpRequest,
    @Res({ passthrough: true }) response: ServerResponse,
    @Query('month') month: unknown,
  ): Promise<object | string> {
    const { rows } = await this.#pool.query<{ feed_row: string }>(ROWS([month === undefined ? null : monthOf(month)]));
    const read = rows.map(({ feed_row: row }) => JSON.parse(row) as FeedRow);
    return wantsCsv(request) ? csv(response, read, Object.keys(ROW['properties'] as object)) : { rows: read };
  }

  @Get('deviation-feed/months')
  @Operation('deviation-feed')
  @Described({
    summary: 'Closed months that are published',
    answer: { 'application/json': objectOf({ months: listOf(TEXT) }) },
  })
  async months(): Promise<object> {
    return { months: await publishedMonths(this.#pool) };
  }

  @Get('deviation-feed/months/:month')
  @Operation('deviation-feed')
  @Described({
    summary: 'The table of a closed month, the same each time, and how many corrections came since',
    answer: { 'application/json': TABLE, 'text/csv': TEXT },
  })
  async month(
    @Req() request: HttpRequest,
    @Res({ passthrough: true }) response: ServerResponse,
    @Param('month') month: string,
  ): Promise<object | string> {
    const table = (await publishedMonth(this.#pool, monthOf(month))) ?? refuse(fault('not-found'));
    if (!wantsCsv(request)) return table;
    // The last line is no count: it says what was corrected since, in the words that JSON has.
    const corrections = { measure: 'corrections', dimension: '', within: '', value: table.corrections };
    return csv(response, [...table.lines, corrections], Object.keys(LINE['properties'] as object));
  }

  @Get('deviation-patterns')
  @Operation('deviation-patterns')
  @Described({
    summary: 'Rate of a measure per unit over published months, against its own past and its peers',
    answer: { 'application/json': objectOf({ measure: TEXT, rates: listOf(RATE) }) },
  })
  async patterns(
    @Query('code') code: unknown,
    @Query('from') from: unknown,
    @Query('to') to: unknown,
  ): Promise<object> {
    const measure = measureOf(code);
    const period = periodOf(from, to);
    return { measure, rates: await patternsOf(this.#pool, measure, period) };
  }

  @Get('deviation-pairs')
  @Operation('deviation-pairs')
  @Described({
    summary: 'Rate of a code per clinic and board, or board and hospital, of the stays that ended in some months',
    answer: { 'application/json': objectOf({ measure: TEXT, pair: TEXT, pairs: listOf(PAIR_RATE) }) },
  })
  async pairs(
    @Query('pair') pair: unknown,
    @Query('code') code: unknown,
    @Query('from') from: unknown,
    @Query('to') to: unknown,
  ): Promise<object> {
    const measure = measureOf(code);
    const kind = PAIRS.find((known) => known === pair) ?? refuse(fault('bad-parameter', 'pair'));
    const period = periodOf(from, to);
    return { measure, pair: kind, pairs: await pairsOf(this.#pool, kind, measure, period) };
  }
}

function measureOf(code: unknown): string {
  return typeof code === 'string' && /^[A-Za-z0-9-]{1,40}$/.test(code) ? code : refuse(fault('bad-parameter', 'code'));
}

function periodOf(from: unknown, to: unknown): Period {
  return { from: from === undefined ? '0000-01' : monthOf(from), to: to === undefined ? '9999-12' : monthOf(to) };
}

function monthOf(value: unknown): string {
  return typeof value === 'string' && isMonth(value) ? value : refuse(fault('bad-parameter', 'month'));
}

const wantsCsv = ({ headers }: HttpRequest): boolean => /\btext\/csv\b/.test(headers.accept ?? '');

/** Codes and numbers alone stand here, so nothing needs quoting. */
function csv(response: ServerResponse, rows: readonly object[], names: readonly string[]): string {
  response.setHeader('content-type', 'text/csv; charset=utf-8');
  const lines = rows.map((row) => {
    const cells = new Map<string, unknown>(Object.entries(row));
    return names.map((name) => textIn(cells.get(name))).join(';');
  });
  return [names.join(';'), ...lines, ''].join('\r\n');
}

const textIn = (cell: unknown): string => (typeof cell === 'string' || typeof cell === 'number' ? `${cell}` : '');
