import { Controller, Get, Inject, Res, UseFilters, UseGuards } from '@nestjs/common';
import type { ServerResponse } from 'node:http';
import { HTTP_PARTS, Operation, type HttpParts } from '#libs/http';
import type { Clock } from '#libs/platform';
import { sendPage } from '../layout/page.tsx';
import { PageFilter } from '../page-filter.tsx';
import { PAGES_CLOCK } from '../page-parts.ts';
import { PageFor, PageGuard } from '../page-guard.ts';
import { User } from '../page-request.ts';
import type { PageUser } from '../page-user.ts';
import { HubState } from './hub-state.ts';
import { OverviewPage, RejectedPage, TasksPage } from './operator-pages.tsx';

const MOST = 200;
const DAY = 24 * 3_600_000;

/** The operator's pages: how the hub is, what was not taken, what waits for people. No patient stands on them. */
@Controller('drift')
@UseFilters(PageFilter)
@UseGuards(PageGuard)
export class OperatorController {
  readonly #hub: HubState;
  readonly #parts: HttpParts;
  readonly #clock: Clock;

  constructor(
    @Inject(HubState) hub: HubState,
    @Inject(HTTP_PARTS) parts: HttpParts,
    @Inject(PAGES_CLOCK) clock: Clock,
  ) {
    this.#hub = hub;
    this.#parts = parts;
    this.#clock = clock;
  }

  @Get()
  @Operation('pages')
  @PageFor('operator')
  async overview(@User() user: PageUser, @Res() response: ServerResponse): Promise<void> {
    const [health, numbers] = await Promise.all([this.#parts.health.ready(), this.#hub.numbers()]);
    sendPage(response, <OverviewPage user={user} health={health} numbers={numbers} />);
  }

  @Get('avvisade')
  @Operation('pages')
  @PageFor('operator')
  async rejected(@User() user: PageUser, @Res() response: ServerResponse): Promise<void> {
    const now = this.#clock.now();
    const rejected = await this.#hub.rejected(now - 7 * DAY, MOST);
    sendPage(response, <RejectedPage user={user} rejected={rejected} now={now} />);
  }

  @Get('uppgifter')
  @Operation('pages')
  @PageFor('operator')
  async tasks(@User() user: PageUser, @Res() response: ServerResponse): Promise<void> {
    const now = this.#clock.now();
    sendPage(response, <TasksPage user={user} tasks={await this.#hub.tasks(MOST)} now={now} />);
  }
}
