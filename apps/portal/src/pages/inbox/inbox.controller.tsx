import { Controller, Get, Inject, Query, Req, Res, UseFilters, UseGuards } from '@nestjs/common';
import type { ServerResponse } from 'node:http';
import { Operation, refuse } from '#libs/http';
import { fault, type Clock } from '#libs/platform';
import { doneWords } from '../answers/read-answer-form.ts';
import { Audit } from '../audit.ts';
import { sendPage } from '../layout/page.tsx';
import { pageIn, rowsOf } from '../layout/paging.tsx';
import { PageFilter } from '../page-filter.tsx';
import { PAGES_CLOCK } from '../page-parts.ts';
import { PageFor, PageGuard } from '../page-guard.ts';
import { stayIn, User, type PageRequest } from '../page-request.ts';
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

  constructor(
    @Inject(ToldCases) cases: ToldCases,
    @Inject(CaseView) view: CaseView,
    @Inject(SeenCases) seen: SeenCases,
    @Inject(Audit) audit: Audit,
    @Inject(News) news: News,
    @Inject(PAGES_CLOCK) clock: Clock,
  ) {
    this.#cases = cases;
    this.#view = view;
    this.#seen = seen;
    this.#audit = audit;
    this.#news = news;
    this.#clock = clock;
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
    const { party } = user.caller;
    const filter = show === 'avslutade' ? 'closed' : 'open';
    const number = pageIn(page);
    const { cases, more } = await this.#cases.page(party, filter, rowsOf(number));
    const seen = await this.#seen.of(
      party,
      cases.map(({ stayId }) => stayId),
    );
    await this.#audit.note(user, 'inkorg');
    const now = this.#clock.now();
    sendPage(
      response,
      <InboxPage user={user} filter={filter} cases={cases} seen={seen} page={number} more={more} now={now} />,
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
    const stay = stayIn(request);
    const found = stay === undefined ? undefined : await this.#view.read(user, stay);
    if (found === undefined) return refuse(fault('not-found'));
    await this.#seen.mark(user.caller.party, found.told.stayId, found.told.changedAt);
    await this.#view.show(response, user, found, undefined, doneWords(done));
  }
}
