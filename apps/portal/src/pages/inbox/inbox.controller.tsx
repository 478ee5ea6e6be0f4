import { Controller, Get, Inject, Post, Query, Req, Res, UseFilters, UseGuards } from '@nestjs/common';
import type { ServerResponse } from 'node:http';
import { localDate, startOfLocalDay, type Party } from '#libs/domain';
import { Operation } from '#libs/http';
import type { Clock } from '#libs/platform';
import { GivenAnswers } from '../answers/given-answers.ts';
import { OwnCases } from '../answers/own-cases.ts';
import { doneWords } from '../answers/read-answer-form.ts';
import { Audit } from '../audit.ts';
import { sendPage } from '../layout/page.tsx';
import { pageIn, rowsOf } from '../layout/paging.tsx';
import { PageFilter } from '../page-filter.tsx';
import { PAGES_CLOCK, PAGES_COUNTY, PAGES_IDS, type PagesCounty, type PagesIds } from '../page-parts.ts';
import { PageFor, PageGuard } from '../page-guard.ts';
import { Form, type PageRequest, type PageUser, sendOn, User } from '../page-request.ts';
import { personSought } from '../person-search.ts';
import { News, SeenCases } from './news.ts';
import { ToldCases, type CasePage } from '../told-cases.ts';
import { CaseView } from './case-view.tsx';
import { InboxPage, type InboxShows } from './inbox-page.tsx';

/** So long after a session has ended its streams have ended too. */
const STREAM_MILLIS = 5 * 60_000;

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
  readonly #own: OwnCases;
  readonly #county: PagesCounty;
  readonly #ids: PagesIds;

  constructor(
    @Inject(ToldCases) cases: ToldCases,
    @Inject(CaseView) view: CaseView,
    @Inject(SeenCases) seen: SeenCases,
    @Inject(Audit) audit: Audit,
    @Inject(News) news: News,
    @Inject(PAGES_CLOCK) clock: Clock,
    @Inject(GivenAnswers) given: GivenAnswers,
    @Inject(OwnCases) own: OwnCases,
    @Inject(PAGES_COUNTY) county: PagesCounty,
    @Inject(PAGES_IDS) ids: PagesIds,
  ) {
    this.#cases = cases;
    this.#view = view;
    this.#seen = seen;
    this.#audit = audit;
    this.#news = news;
    this.#clock = clock;
    this.#given = given;
    this.#own = own;
    this.#county = county;
    this.#ids = ids;
  }

  @Get('inkorg')
  @Operation('pages')
  @PageFor('party')
  async inbox(
    @User() user: PageUser,
    @Req() request: PageRequest,
    @Res() response: ServerResponse,
    @Query('visa') show: unknown,
    @Query('enhet') desk: unknown,
    @Query('sida') asked: unknown,
  ): Promise<void> {
    const page = pageIn(asked);
    const known = this.#party(user)?.desks?.find(({ id }) => id === desk);
    const shows: InboxShows = known
      ? { kind: 'desk', desk: known.id }
      : { kind: show === 'avslutade' ? 'closed' : show === 'mina' ? 'mine' : 'open' };
    const found = await this.#page(user, request, shows, page);
    await this.#show(user, request, response, { shows, found, page });
  }

  /** A search goes by a form, and its answer is the page: no name and no number is in an address. */
  @Post('inkorg/sok')
  @Operation('pages')
  @PageFor('party')
  async search(
    @User() user: PageUser,
    @Req() request: PageRequest,
    @Res() response: ServerResponse,
    @Form() form: URLSearchParams,
  ): Promise<void> {
    const text = (form.get('person') ?? '').slice(0, 100);
    const { party } = user.caller;
    const sought = personSought(text, party, this.#ids);
    const found = sought && (await this.#cases.search(party, sought, rowsOf(1).most));
    const shows: InboxShows = { kind: 'search', text, isReadable: sought !== undefined };
    await this.#show(user, request, response, { shows, found: found ?? { cases: [], more: false }, page: 1 });
  }

  /**
   * Says that something is new, and never what: the page then asks for itself again. The browser opens the stream anew when it
   * has ended, and is asked for its session then: who has signed out, or been away for too long, hears nothing more. What came
   * since the page was made, and while no stream was open, is told at once.
   */
  @Get('inkorg/nytt')
  @Operation('pages')
  @PageFor('party')
  news(
    @User() user: PageUser,
    @Req() request: PageRequest,
    @Res() response: ServerResponse,
    @Query('sedan') since: unknown,
    @Query('arende') asked: unknown,
  ): void {
    const stay = typeof asked === 'string' && /^[0-9a-f-]{36}$/.test(asked) ? asked : undefined;
    response.setHeader('content-type', 'text/event-stream; charset=utf-8');
    response.flushHeaders();
    const tell = (): void => void response.write('event: nytt\ndata: 1\n\n');
    const end = this.#news.listen({ party: user.caller.party, stay }, Number(since) || 0, tell);
    const limit = setTimeout(() => response.end(), STREAM_MILLIS).unref();
    request.once('close', () => {
      clearTimeout(limit);
      end();
    });
  }

  /** Who loads the answer to a search anew from its address sees the inbox. */
  @Get('inkorg/sok')
  @Operation('pages')
  @PageFor('party')
  searched(@Res() response: ServerResponse): void {
    sendOn(response, '/inkorg');
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

  @Get('arenden/:stay/pdf')
  @Operation('pages')
  @PageFor('party')
  async download(@User() user: PageUser, @Req() request: PageRequest, @Res() response: ServerResponse): Promise<void> {
    await this.#view.download(response, user, await this.#view.asked(user, request));
  }

  #party({ caller }: PageUser): Party | undefined {
    return this.#county.directory.party(caller.party, localDate(this.#clock.now()));
  }

  async #page(user: PageUser, request: PageRequest, shows: InboxShows, page: number): Promise<CasePage> {
    const { party } = user.caller;
    const among =
      shows.kind === 'mine'
        ? await this.#given.staysOf(user)
        : shows.kind === 'desk'
          ? await this.#own.atDesk(user, request, shows.desk, await this.#cases.openStays(party))
          : undefined;
    return this.#cases.page(party, shows.kind === 'closed' ? 'closed' : 'open', rowsOf(page), among);
  }

  async #show(
    user: PageUser,
    request: PageRequest,
    response: ServerResponse,
    { shows, found, page }: { readonly shows: InboxShows; readonly found: CasePage; readonly page: number },
  ): Promise<void> {
    const { party } = user.caller;
    const now = this.#clock.now();
    const ids = found.cases.map(({ stayId }) => stayId);
    const [numbers, seen, own] = await Promise.all([
      this.#cases.numbers(party, startOfLocalDay(localDate(now))),
      this.#seen.of(party, ids),
      this.#own.of(user, request, ids),
      this.#audit.note(user, shows.kind === 'search' ? 'sökning' : 'inkorg', { stays: ids }),
    ]);
    const unit = this.#party(user);
    const parts = { user, shows, seen, own, numbers, page, now, ...found };
    sendPage(response, <InboxPage {...parts} isOpenCare={unit?.kind === 'clinic'} desks={unit?.desks ?? []} />);
  }
}
