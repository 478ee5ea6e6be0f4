import { Controller, Get, Inject, Query, Req, Res, UseFilters, UseGuards } from '@nestjs/common';
import type { ServerResponse } from 'node:http';
import { codeText, countsOf, DISCHARGES, localDate, type Dimension, type PublishedMonth } from '#libs/domain';
import { Operation, refuse } from '#libs/http';
import { fault, type Clock } from '#libs/platform';
import { pdfOf, type PrintedDocument } from '../documents/pdf.ts';
import { HubResources } from '../hub-resources.ts';
import { sendPage } from '../layout/page.tsx';
import { PageFilter } from '../page-filter.tsx';
import { namesOn, PAGES_CLOCK, PAGES_COUNTY, type PagesCounty } from '../page-parts.ts';
import { PageFor, PageGuard } from '../page-guard.ts';
import { sendFile, User, type PageRequest } from '../page-request.ts';
import type { PageUser } from '../page-user.ts';
import { fullTimeWords } from '../time-words.ts';
import { codesIn } from './closed-month.ts';
import { ReviewPage } from './review-page.tsx';

/** As many months as a unit's past is judged by, and the one that is shown. */
const MONTHS = 13;
const MONTH = /^\d{4}-\d{2}$/;

/** What Storsthlm and HSF see of closed months: patterns, a report and the numbers. No person, and no count below the threshold. */
@Controller('uppfoljning')
@UseFilters(PageFilter)
@UseGuards(PageGuard)
export class ReviewController {
  readonly #hub: HubResources;
  readonly #clock: Clock;
  readonly #county: PagesCounty;

  constructor(
    @Inject(HubResources) hub: HubResources,
    @Inject(PAGES_CLOCK) clock: Clock,
    @Inject(PAGES_COUNTY) county: PagesCounty,
  ) {
    this.#hub = hub;
    this.#clock = clock;
    this.#county = county;
  }

  @Get()
  @Operation('pages')
  @PageFor('observer')
  async patterns(
    @User() user: PageUser,
    @Req() request: PageRequest,
    @Res() response: ServerResponse,
    @Query('manad') asked: unknown,
    @Query('kod') code: unknown,
    @Query('enhet') unit: unknown,
  ): Promise<void> {
    const months = await this.#months(user, request);
    const last = months?.find((month) => month === asked) ?? months?.[0];
    const named = (months ?? []).filter((month) => last !== undefined && month <= last).slice(0, MONTHS);
    const shown = await Promise.all(named.toReversed().map((month) => this.#month(user, request, month)));
    const parts = { user, months, shown: shown.filter((month) => month !== undefined), nameOf: this.#names() };
    sendPage(
      response,
      <ReviewPage
        {...parts}
        code={typeof code === 'string' && /^[A-Z]{3}-\d\d$/.test(code) ? code : undefined}
        unit={typeof unit === 'string' && unit !== '' ? unit : undefined}
      />,
    );
  }

  @Get(':month/csv')
  @Operation('pages')
  @PageFor('observer')
  async numbers(@User() user: PageUser, @Req() request: PageRequest, @Res() response: ServerResponse): Promise<void> {
    const name = monthIn(request);
    const path = `/deviation-feed/months/${name}`;
    const { status, body } = await this.#hub.ask(user, request, { path, accept: 'text/csv' });
    if (status !== 200 || typeof body !== 'string') return refuse(fault('not-found'));
    sendFile(response, { name: `avvikelser-${name}.csv`, type: 'text/csv; charset=utf-8', content: body });
  }

  @Get(':month/pdf')
  @Operation('pages')
  @PageFor('observer')
  async report(@User() user: PageUser, @Req() request: PageRequest, @Res() response: ServerResponse): Promise<void> {
    const name = monthIn(request);
    const month = (await this.#month(user, request, name)) ?? refuse(fault('not-found'));
    const content = await pdfOf(monthReport(month, this.#names(), fullTimeWords(this.#clock.now())));
    sendFile(response, { name: `avvikelser-${name}.pdf`, type: 'application/pdf', content });
  }

  /** The closed months, the latest first. */
  async #months(user: PageUser, request: PageRequest): Promise<string[] | undefined> {
    const { status, body } = await this.#hub.ask(user, request, { path: '/deviation-feed/months' });
    if (status !== 200) return undefined;
    const { months } = body as { readonly months: readonly string[] };
    return months.toReversed();
  }

  async #month(user: PageUser, request: PageRequest, month: string): Promise<PublishedMonth | undefined> {
    const { status, body } = await this.#hub.ask(user, request, { path: `/deviation-feed/months/${month}` });
    return status === 200 ? (body as PublishedMonth) : undefined;
  }

  #names(): (unit: string) => string {
    return namesOn(this.#county, localDate(this.#clock.now()));
  }
}

function monthIn({ params }: PageRequest): string {
  const month = params?.['month'] ?? '';
  return MONTH.test(month) ? month : refuse(fault('not-found'));
}

/** The report of a month as it is handed over: what is held back is held back here too. */
function monthReport(month: PublishedMonth, nameOf: (unit: string) => string, made: string): PrintedDocument {
  const total = (measure: string): string => `${countsOf(month, measure, 'total')[0]?.count ?? '–'}`;
  const codes = codesIn(month);
  const by = (dimension: Dimension): string[][] =>
    codes.flatMap((code) =>
      countsOf(month, code, dimension).map(({ value, count }) => [
        code,
        nameOf(value),
        `${count}`,
        `${countsOf(month, DISCHARGES, dimension).find((line) => line.value === value)?.count ?? '–'}`,
      ]),
    );
  const table = (dimension: Dimension, head: string) =>
    ({ kind: 'table', columns: ['Kod', head, 'Antal', 'Utskrivningar'], rows: by(dimension) }) as const;
  return {
    title: `Avvikelser ${month.month}`,
    origin: `Framtagen ur Bryggan ${made}. Publicerad ${month.publishedAt.slice(0, 10)}. Tal under ${month.threshold} visas inte.`,
    parts: [
      { kind: 'facts', facts: [['Utskrivningar', total(DISCHARGES)]] },
      { kind: 'heading', text: 'Hela länet' },
      {
        kind: 'table',
        columns: ['Kod', 'Avvikelse', 'Antal'],
        rows: codes.map((code) => [code, codeText(code).name, total(code)]),
      },
      { kind: 'heading', text: 'Per enhet' },
      table('unit', 'Enhet'),
      { kind: 'heading', text: 'Per kommun och stadsdelsnämnd' },
      table('municipality', 'Kommun'),
    ],
  };
}
