import { Controller, Get, Inject, Query, Req, Res, UseFilters, UseGuards } from '@nestjs/common';
import type { ServerResponse } from 'node:http';
import type { County } from '#libs/county';
import { localDate } from '#libs/domain';
import { Operation, refuse } from '#libs/http';
import { fault, type Clock } from '#libs/platform';
import { Audit } from '../audit.ts';
import { sendPage } from '../layout/page.tsx';
import { pageIn, rowsOf } from '../layout/paging.tsx';
import { PageFilter } from '../page-filter.tsx';
import { PAGES_CLOCK, PAGES_COUNTY } from '../page-parts.ts';
import { PageFor, PageGuard } from '../page-guard.ts';
import { stayIn, User, type PageRequest } from '../page-request.ts';
import type { PageUser } from '../page-user.ts';
import { StatedStays } from '../stated-stays.ts';
import { ToldCases } from '../told-cases.ts';
import { WardListPage, WardStayPage } from './ward-pages.tsx';

/** What a sender's wards have stated, who was told of it, and what is missing. */
@Controller('avdelning')
@UseFilters(PageFilter)
@UseGuards(PageGuard)
export class WardController {
  readonly #stays: StatedStays;
  readonly #audit: Audit;
  readonly #clock: Clock;
  readonly #told: ToldCases;
  readonly #county: Pick<County, 'nameOf'>;

  constructor(
    @Inject(StatedStays) stays: StatedStays,
    @Inject(Audit) audit: Audit,
    @Inject(PAGES_CLOCK) clock: Clock,
    @Inject(ToldCases) told: ToldCases,
    @Inject(PAGES_COUNTY) county: Pick<County, 'nameOf'>,
  ) {
    this.#stays = stays;
    this.#audit = audit;
    this.#clock = clock;
    this.#told = told;
    this.#county = county;
  }

  @Get()
  @Operation('pages')
  @PageFor('sender')
  async list(@User() user: PageUser, @Res() response: ServerResponse, @Query('sida') page: unknown): Promise<void> {
    const number = pageIn(page);
    const { stays, more } = await this.#stays.page(user.caller.party, rowsOf(number));
    await this.#audit.note(user, 'avdelningens lista');
    const ids = stays.map(({ stayId }) => stayId);
    const answers = await this.#told.answersTo(user.caller.party, ids);
    const now = this.#clock.now();
    sendPage(response, <WardListPage {...{ user, stays, answers, more, now }} page={number} />);
  }

  @Get(':stay')
  @Operation('pages')
  @PageFor('sender')
  async one(@User() user: PageUser, @Req() request: PageRequest, @Res() response: ServerResponse): Promise<void> {
    const stay = stayIn(request);
    const found = stay ? await this.#stays.read(user.caller.party, stay) : undefined;
    if (stay === undefined || found === undefined) refuse(fault('not-found'));
    await this.#audit.note(user, 'vårdtillfälle', { id: stay });
    const answers = (await this.#told.answersTo(user.caller.party, [stay])).get(stay) ?? [];
    const now = this.#clock.now();
    const nameOf = (id: string): string => this.#county.nameOf(id, localDate(now)) ?? id;
    sendPage(response, <WardStayPage {...{ user, answers, now, nameOf }} stay={found} />);
  }
}
