import { Controller, Get, Inject, Query, Req, Res, UseFilters, UseGuards } from '@nestjs/common';
import type { ServerResponse } from 'node:http';
import { Operation, refuse } from '#libs/http';
import { fault, type Clock } from '#libs/platform';
import { Audit } from '../audit.ts';
import { PAGES_CLOCK } from '../inbox/inbox.controller.tsx';
import { sendPage } from '../layout/page.tsx';
import { pageIn, rowsOf } from '../layout/paging.tsx';
import { PageFilter } from '../page-filter.tsx';
import { PageFor, PageGuard } from '../page-guard.ts';
import { stayIn, User, type PageRequest } from '../page-request.ts';
import type { PageUser } from '../page-user.ts';
import { StatedStays } from '../stated-stays.ts';
import { WardListPage, WardStayPage } from './ward-pages.tsx';

/** Says what a party is called. */
export const PARTY_NAME = Symbol('name of a party');

/** What a sender's wards have stated, who was told of it, and what is missing. */
@Controller('avdelning')
@UseFilters(PageFilter)
@UseGuards(PageGuard)
export class WardController {
  readonly #stays: StatedStays;
  readonly #audit: Audit;
  readonly #clock: Clock;
  readonly #nameOf: (party: string) => string;

  constructor(
    @Inject(StatedStays) stays: StatedStays,
    @Inject(Audit) audit: Audit,
    @Inject(PAGES_CLOCK) clock: Clock,
    @Inject(PARTY_NAME) nameOf: (party: string) => string,
  ) {
    this.#stays = stays;
    this.#audit = audit;
    this.#clock = clock;
    this.#nameOf = nameOf;
  }

  @Get()
  @Operation('pages')
  @PageFor('sender')
  async list(@User() user: PageUser, @Res() response: ServerResponse, @Query('sida') page: unknown): Promise<void> {
    const number = pageIn(page);
    const { stays, more } = await this.#stays.page(user.caller.party, rowsOf(number));
    await this.#audit.note(user, 'avdelningens lista');
    sendPage(response, <WardListPage user={user} stays={stays} page={number} more={more} now={this.#clock.now()} />);
  }

  @Get(':stay')
  @Operation('pages')
  @PageFor('sender')
  async one(@User() user: PageUser, @Req() request: PageRequest, @Res() response: ServerResponse): Promise<void> {
    const stay = stayIn(request);
    const found = stay ? await this.#stays.read(user.caller.party, stay) : undefined;
    if (stay === undefined || found === undefined) refuse(fault('not-found'));
    await this.#audit.note(user, 'vårdtillfälle', { id: stay });
    sendPage(response, <WardStayPage user={user} stay={found} now={this.#clock.now()} nameOf={this.#nameOf} />);
  }
}
