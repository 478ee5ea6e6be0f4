import { Controller, Get, Inject, Query, Req, Res, UseFilters, UseGuards } from '@nestjs/common';
import type { ServerResponse } from 'node:http';
import { isWrittenAsCode, localDate, type PublishedMonth } from '#libs/domain';
import { Operation, refuse } from '#libs/http';
import { fault, type Clock } from '#libs/platform';
import { pdfOf } from '../documents/pdf.ts';
import { HubResources } from '../hub-resources.ts';
import type { Option } from '../layout/form-parts.tsx';
import { sendPage } from '../layout/page.tsx';
import { PageFilter } from '../page-filter.tsx';
import { namesOn, PAGES_CLOCK, PAGES_COUNTY, type PagesCounty } from '../page-parts.ts';
import { PageFor, PageGuard } from '../page-guard.ts';
import { type PageRequest, type PageUser, sendFile, User } from '../page-request.ts';
import { fullTimeWords } from '../time-words.ts';
import { boardsIn, monthReport, municipalitiesIn, reportCsv, type ReportOf } from './month-report.ts';
import { isPublishable, publicPage, reportDocument, ReportPage } from './report-page.tsx';
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
        code={typeof code === 'string' && isWrittenAsCode(code) ? code : undefined}
        unit={typeof unit === 'string' && unit !== '' ? unit : undefined}
      />,
    );
  }

  /** All that is published of a month: measure, dimension and count. */
  @Get(':month/tal')
  @Operation('pages')
  @PageFor('observer')
  async numbers(@User() user: PageUser, @Req() request: PageRequest, @Res() response: ServerResponse): Promise<void> {
    const name = monthIn(request);
    const path = `/deviation-feed/months/${name}`;
    const { status, body } = await this.#hub.ask(user, request, { path, accept: 'text/csv' });
    if (status !== 200 || typeof body !== 'string') return refuse(fault('not-found'));
    sendFile(response, { name: `avvikelser-${name}.csv`, type: 'text/csv; charset=utf-8', content: body });
  }

  @Get([':month/rapport', ':month/kommun/:of', ':month/namnd/:of', ':month/sjukhus/:of'])
  @Operation('pages')
  @PageFor('observer')
  async report(@User() user: PageUser, @Req() request: PageRequest, @Res() response: ServerResponse): Promise<void> {
    const { report, name, month } = await this.#asked(user, request);
    const nameOf = this.#names();
    const named = (ids: readonly string[]): Option[] => ids.map((id): Option => [id, nameOf(id)]);
    const parts = { user, report, name, address: (request.originalUrl ?? '').split('?')[0] ?? '' };
    sendPage(
      response,
      <ReportPage
        {...parts}
        municipalities={named(municipalitiesIn(month))}
        boards={named(boardsIn(month))}
        hospitals={this.#hospitals().map(({ id, name: of }): Option => [id, of])}
      />,
    );
  }

  @Get([
    ...[':month/rapport/:form', ':month/kommun/:of/:form'],
    ...[':month/namnd/:of/:form', ':month/sjukhus/:of/:form'],
  ])
  @Operation('pages')
  @PageFor('observer')
  async file(@User() user: PageUser, @Req() request: PageRequest, @Res() response: ServerResponse): Promise<void> {
    const { report, name } = await this.#asked(user, request);
    const { form = '', of = 'lanet' } = request.params ?? {};
    const file = `avvikelser-${report.month}-${of}`;
    if (form === 'csv') {
      sendFile(response, { name: `${file}.csv`, type: 'text/csv; charset=utf-8', content: reportCsv(report) });
    } else if (form === 'pdf') {
      const content = await pdfOf(reportDocument(report, name, fullTimeWords(this.#clock.now())));
      sendFile(response, { name: `${file}.pdf`, type: 'application/pdf', content });
    } else if (form === 'sida' && isPublishable(report.of)) {
      sendFile(response, { name: `${file}.html`, type: 'text/html; charset=utf-8', content: publicPage(report, name) });
    } else refuse(fault('not-found'));
  }

  /** The report that an address names. A municipality or a board of which nothing can be shown has none. */
  async #asked(user: PageUser, request: PageRequest) {
    const date = monthIn(request);
    const months = (await this.#months(user, request)) ?? [];
    const earlier = months[months.indexOf(date) + 1];
    const [month, before] = await Promise.all([
      this.#month(user, request, date),
      earlier === undefined ? Promise.resolve(undefined) : this.#month(user, request, earlier),
    ]);
    if (month === undefined) return refuse(fault('not-found'));
    const { of, name } = this.#reportOf(month, request);
    return { month, name, report: monthReport(month, before, of) };
  }

  #reportOf(month: PublishedMonth, request: PageRequest): { readonly of: ReportOf; readonly name: string } {
    const [, , , kind] = (request.originalUrl ?? '').split('/');
    const id = request.params?.['of'];
    if (id === undefined) return { of: { kind: 'county' }, name: 'Hela länet' };
    const hospital = kind === 'sjukhus' ? this.#hospitals().find((one) => one.id === id) : undefined;
    if (hospital) return { of: { kind: 'hospital', ...hospital }, name: hospital.name };
    const name = this.#names()(id);
    if (kind === 'kommun' && municipalitiesIn(month).includes(id)) return { of: { kind: 'municipality', id }, name };
    if (kind === 'namnd' && boardsIn(month).includes(id)) return { of: { kind: 'board', id }, name };
    return refuse(fault('not-found'));
  }

  /** The organisations that send, each with what counts as a unit of it. */
  #hospitals(): { readonly id: string; readonly name: string; readonly units: readonly string[] }[] {
    const date = localDate(this.#clock.now());
    return this.#county.senderIds().flatMap((id) => {
      const agreement = this.#county.agreement(id, date);
      if (agreement === undefined) return [];
      const { name, organisation, wards } = agreement;
      return [{ id, name, units: [organisation, ...wards.map(({ hsaId }) => hsaId)] }];
    });
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
