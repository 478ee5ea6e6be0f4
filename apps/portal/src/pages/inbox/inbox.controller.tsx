import { Controller, Get, Inject, Query, Req, Res, UseFilters, UseGuards } from '@nestjs/common';
import type { ServerResponse } from 'node:http';
import { daysBetween, endOfLocalDay, HOUR, localDate, type Instant } from '#libs/domain';
import { Operation } from '#libs/http';
import type { Clock } from '#libs/platform';
import { GivenAnswers } from '../answers/given-answers.ts';
import { doneWords } from '../answers/read-answer-form.ts';
import { Audit } from '../audit.ts';
import { sendPage } from '../layout/page.tsx';
import { pageIn, rowsOf } from '../layout/paging.tsx';
import { PageFilter } from '../page-filter.tsx';
import { PAGES_CLOCK, PAGES_COUNTY, type PagesCounty } from '../page-parts.ts';
import { PageFor, PageGuard } from '../page-guard.ts';
import { User, type PageRequest } from '../page-request.ts';
import type { PageUser } from '../page-user.ts';
import { SeenCases } from '../seen-cases.ts';
import { ToldCases } from '../told-cases.ts';
import { CaseView } from './case-view.tsx';
import { InboxPage } from './inbox-page.tsx';
import { News } from './news.ts';

/** The inbox of a municipality, a board or a clinic, and its cases: what it was told, and nothing else. */
@Controller()
@UseFilters(PageFilter)
@UseGuards(PageGuard)
export class InboxController {
  readonly #cases: ToldCases;
  readonly #view: CaseView;
  readonly #seen: SeenCases;
  readonly #audit: Audit;
  readonly #news: News;
  readonly #clock: Clock;
  readonly #given: GivenAnswers;
  readonly #county: PagesCounty;

  constructor(
    @Inject(ToldCases) cases: ToldCases,
    @Inject(CaseView) view: CaseView,
    @Inject(SeenCases) seen: SeenCases,
    @Inject(Audit) audit: Audit,
    @Inject(News) news: News,
    @Inject(PAGES_CLOCK) clock: Clock,
    @Inject(GivenAnswers) given: GivenAnswers,
    @Inject(PAGES_COUNTY) county: PagesCounty,
  ) {
    this.#cases = cases;
    this.#view = view;
    this.#seen = seen;
    this.#audit = audit;
    this.#news = news;
    this.#clock = clock;
    this.#given = given;
    this.#county = county;
  }

  @Get('inkorg')
  @Operation('pages')
  @PageFor('party')
  async inbox(
    @User() user: PageUser,
    @Res() response: ServerResponse,
    @Query('visa') show: unknown,
    @Query('sida') page: unknown,
  ): Promise<void> {
    const { party, name } = user.caller;
    const filter = show === 'avslutade' ? 'closed' : show === 'mina' ? 'mine' : 'open';
    const number = pageIn(page);
    const now = this.#clock.now();
    const mine = filter === 'mine' ? await this.#given.staysOf(user) : undefined;
    const [{ cases, more }, numbers] = await Promise.all([
      this.#cases.page(party, filter === 'closed' ? 'closed' : 'open', rowsOf(number), mine),
      this.#cases.numbers(party, startOfDay(now)),
    ]);
    const ids = cases.map(({ stayId }) => stayId);
    const [seen, given] = await Promise.all([this.#seen.of(party, ids), this.#given.of(name, ids)]);
    await this.#audit.note(user, 'inkorg');
    const isOpenCare = this.#county.directory.party(party, localDate(now))?.kind === 'clinic';
    sendPage(
      response,
      <InboxPage {...{ user, filter, cases, seen, given, isOpenCare, numbers, more, now }} page={number} />,
    );
  }

  /** Says that something is new, and never what: the page then asks for itself again. */
  @Get('inkorg/nytt')
  @Operation('pages')
  @PageFor('party')
  news(@User() user: PageUser, @Req() request: PageRequest, @Res() response: ServerResponse): void {
    response.setHeader('content-type', 'text/event-stream; charset=utf-8');
    response.flushHeaders();
    const end = this.#news.listen(user.caller.party, () => response.write('event: nytt\ndata: 1\n\n'));
    request.once('close', end);
  }

  @Get('arenden/:stay')
  @Operation('pages')
  @PageFor('party')
  async one(
    @User() user: PageUser,
    @Req() request: PageRequest,
    @Res() response: ServerResponse,
    @Query('klart') done: unknown,
  ): Promise<void> {
    const found = await this.#view.asked(user, request);
    await this.#seen.mark(user.caller.party, found.told.stayId, found.told.changedAt);
    await this.#view.show(response, user, found, undefined, doneWords(done));
  }
}

/** The beginning of the local day that an instant is in: the end of the day before. */
function startOfDay(now: Instant): Instant {
  const before = now - 24 * HOUR;
  // The day that the clocks are moved is longer or shorter than 24 hours.
  return endOfLocalDay(daysBetween(before, now) === 0 ? before - 2 * HOUR : before);
}
