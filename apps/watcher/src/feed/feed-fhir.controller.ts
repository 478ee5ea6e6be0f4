import { Controller, Get, Inject, Param, Query, Req, Res } from '@nestjs/common';
import type { Bundle, CapabilityStatement, DetectedIssue, FhirResource, MeasureReport } from 'fhir/r4.js';
import type { ServerResponse } from 'node:http';
import type { Pool } from 'pg';
import { CASE_STATES, isWrittenAsCode } from '#libs/domain';
import { Described, FHIR_JSON, Operation, PublicAddress, refuse, type HttpRequest } from '#libs/http';
import { fault, isUuid } from '#libs/platform';
import type { FeedRow } from '../life/case-body.ts';
import { statement } from '../query.ts';
import { FEED } from './deviation-feed.controller.ts';
import { issueOf, reportId, reportOf, statusOf } from './feed-resources.ts';
import { isMonth, publishedMonth, publishedMonths } from './published-months.ts';

/** $1 code, $2 month, $3 the states, $4 the id of the row before, $5 how many. In the order of random ids, which tells nothing. */
const FOUND = statement(
  'feed-rows-found',
  `select feed_row from deviation_case where feed_row is not null and ($1::text is null or code = $1)
     and ($2::text is null or month = $2) and ($3::text[] is null or state = any($3)) and feed_id > $4
   order by feed_id limit $5`,
);
const ONE = statement('feed-row', `select feed_row from deviation_case where feed_id = $1 and feed_row is not null`);

const MOST = 200;
const RESOURCE = { 'application/fhir+json': { type: 'object', required: ['resourceType'] } } as const;

/**
 * The feed as a FHIR server of its own, for those whom it is for: the ids of its rows are random and lead to nothing else, so its
 * base is not that of the parties (`/fhir`), where an observer has nothing.
 *
 *   DetectedIssue   live rows: `code`, `identified` (a month), `status`, `_id`, `_count`; `_cursor` by the link `next`
 *   MeasureReport   closed months as they were published, with the corrections since: `period` (a month, `ge`, `le`)
 */
@Controller('deviation-feed/fhir')
export class FeedFhirController {
  readonly #pool: Pool;
  readonly #address: PublicAddress;

  constructor(@Inject(FEED) pool: Pool, @Inject(PublicAddress) address: PublicAddress) {
    this.#pool = pool;
    this.#address = address;
  }

  @Get('metadata')
  @Operation('fhir-capabilities')
  @Described({ summary: 'What the feed can be asked for', answer: RESOURCE })
  metadata(@Res({ passthrough: true }) response: ServerResponse): CapabilityStatement {
    return inFhir(response, CAPABILITIES);
  }

  @Get('DetectedIssue')
  @Operation('deviation-feed')
  @Described({ summary: 'Live rows of deviations', answer: RESOURCE })
  async issues(
    @Req() request: HttpRequest,
    @Res({ passthrough: true }) response: ServerResponse,
    @Query() query: Readonly<Record<string, unknown>>,
  ): Promise<Bundle> {
    const asked = askedOf(query, ['code', 'identified', 'status', '_id', '_count', '_cursor']);
    if (asked['_id'] !== undefined) return this.#bundle(request, response, asked, await this.#byId(asked['_id']));
    const count = countOf(asked['_count']);
    const { rows } = await this.#pool.query<{ feed_row: string }>(
      FOUND([
        codeOf(asked['code']),
        asked['identified'] === undefined ? null : monthOf(asked['identified'], 'identified'),
        asked['status'] === undefined ? null : statesOf(asked['status']),
        cursorOf(asked['_cursor']),
        count + 1,
      ]),
    );
    const page = rows.slice(0, count).map(read);
    const last = rows.length > count ? page.at(-1)?.id : undefined;
    return this.#bundle(request, response, asked, page.map(issueOf), last);
  }

  @Get('DetectedIssue/:id')
  @Operation('deviation-feed')
  @Described({ summary: 'A live row', answer: RESOURCE })
  async issue(@Res({ passthrough: true }) response: ServerResponse, @Param('id') id: string): Promise<DetectedIssue> {
    return inFhir(response, (await this.#byId(id))[0] ?? refuse(fault('not-found')));
  }

  @Get('MeasureReport')
  @Operation('deviation-feed')
  @Described({ summary: 'Closed months, and what was corrected since', answer: RESOURCE })
  async reports(
    @Req() request: HttpRequest,
    @Res({ passthrough: true }) response: ServerResponse,
    @Query() query: Readonly<Record<string, unknown>>,
  ): Promise<Bundle> {
    const asked = askedOf(query, ['period']);
    const isAsked = periodOf(query['period']);
    const months = (await publishedMonths(this.#pool)).filter(isAsked);
    const reports: MeasureReport[] = [];
    for (const month of months) reports.push(...(await this.#report(month)));
    return this.#bundle(request, response, asked, reports);
  }

  @Get('MeasureReport/:id')
  @Operation('deviation-feed')
  @Described({ summary: 'A closed month', answer: RESOURCE })
  async report(@Res({ passthrough: true }) response: ServerResponse, @Param('id') id: string): Promise<MeasureReport> {
    const month = id.slice(-7);
    const found = isMonth(month) && reportId(month) === id ? await this.#report(month) : [];
    return inFhir(response, found[0] ?? refuse(fault('not-found')));
  }

  async #byId(id: string): Promise<DetectedIssue[]> {
    if (!isUuid(id)) return [];
    const { rows } = await this.#pool.query<{ feed_row: string }>(ONE([id]));
    return rows.map(read).map(issueOf);
  }

  async #report(month: string): Promise<MeasureReport[]> {
    const table = await publishedMonth(this.#pool, month);
    return table ? [reportOf(table)] : [];
  }

  #bundle(
    request: HttpRequest,
    response: ServerResponse,
    asked: Asked,
    found: readonly (DetectedIssue | MeasureReport)[],
    after?: string,
  ): Bundle {
    const base = `${this.#address.baseOf(request)}/deviation-feed/fhir`;
    const type = request.url?.match(/fhir\/(\w+)/)?.[1] ?? '';
    const link = (more: Asked): string => {
      const query = new URLSearchParams({ ...asked, ...more }).toString();
      return query === '' ? `${base}/${type}` : `${base}/${type}?${query}`;
    };
    return inFhir(response, {
      resourceType: 'Bundle',
      type: 'searchset',
      link: [
        { relation: 'self', url: link({}) },
        ...(after === undefined ? [] : [{ relation: 'next', url: link({ _cursor: after }) }]),
      ],
      ...(found.length > 0 && {
        entry: found.map((resource) => ({
          ...{ fullUrl: `${base}/${resource.resourceType}/${resource.id ?? ''}`, resource },
          search: { mode: 'match' as const },
        })),
      }),
    });
  }
}

function inFhir<T extends FhirResource>(response: ServerResponse, resource: T): T {
  response.setHeader('content-type', FHIR_JSON);
  return resource;
}

const read = ({ feed_row: row }: { readonly feed_row: string }): FeedRow => JSON.parse(row) as FeedRow;

type Asked = Readonly<Record<string, string>>;

/** Each parameter once, and none that is not known: one that was ignored would answer more than was asked for. */
function askedOf(query: Readonly<Record<string, unknown>>, known: readonly string[]): Asked {
  const asked: Record<string, string> = {};
  for (const [name, value] of Object.entries(query)) {
    if (!known.includes(name)) refuse(fault('unknown-parameter'));
    // `period=ge…&period=le…` is read where it is meant (`periodOf`).
    asked[name] = Array.isArray(value) && name === 'period' ? value.join(',') : textOf(value, name);
  }
  return asked;
}

const textOf = (value: unknown, name: string): string =>
  typeof value === 'string' ? value : refuse(fault('bad-parameter', name));

function countOf(value: string | undefined): number {
  const count = Number(value ?? 50);
  if (!Number.isInteger(count) || count < 1) refuse(fault('bad-parameter', '_count'));
  return Math.min(count, MOST);
}

/** A code by itself or with its system before it (`system|code`). */
function codeOf(value: string | undefined): string | null {
  if (value === undefined) return null;
  const code = value.split('|').at(-1) ?? '';
  return isWrittenAsCode(code) ? code : refuse(fault('bad-parameter', 'code'));
}

function statesOf(value: string): string[] {
  const states = CASE_STATES.filter((state) => statusOf({ state }) === value);
  return states.length > 0 ? states : refuse(fault('bad-parameter', 'status'));
}

const cursorOf = (value: string | undefined): string =>
  value === undefined ? '' : isUuid(value) ? value : refuse(fault('bad-cursor'));

const monthOf = (value: string, name: string): string =>
  isMonth(value) ? value : refuse(fault('bad-parameter', name));

/** `2026-05`, `ge2026-01`, `le2026-12`, or two of them. */
function periodOf(value: unknown): (month: string) => boolean {
  const parts = value === undefined ? [] : [value].flat().map((one) => textOf(one, 'period'));
  const bounds = parts.map((part) => {
    const prefix = /^(?:eq|ge|le)/.exec(part)?.[0] ?? 'eq';
    const month = monthOf(part.replace(/^(?:eq|ge|le)/, ''), 'period');
    return (one: string): boolean => (prefix === 'ge' ? one >= month : prefix === 'le' ? one <= month : one === month);
  });
  return (month) => bounds.every((isIn) => isIn(month));
}

const CAPABILITIES: CapabilityStatement = {
  ...{ resourceType: 'CapabilityStatement', status: 'active', date: '2026-11-28', kind: 'instance' },
  ...{ fhirVersion: '4.0.1', format: ['application/fhir+json'] },
  implementation: { description: 'The feed of deviations, for Storsthlm and HSF' },
  rest: [
    {
      mode: 'server',
      resource: [
        {
          type: 'DetectedIssue',
          interaction: [{ code: 'read' }, { code: 'search-type' }],
          searchParam: [
            { name: 'code', type: 'token' },
            { name: 'identified', type: 'date', documentation: 'a month' },
            { name: 'status', type: 'token' },
            { name: '_id', type: 'token' },
          ],
        },
        {
          type: 'MeasureReport',
          interaction: [{ code: 'read' }, { code: 'search-type' }],
          searchParam: [{ name: 'period', type: 'date', documentation: 'a month, with ge and le' }],
        },
      ],
    },
  ],
};
