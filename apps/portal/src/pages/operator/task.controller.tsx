import { Controller, Get, Inject, Post, Req, Res, UseFilters, UseGuards } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { localDate } from '#libs/domain';
import { Operation, refuse } from '#libs/http';
import { fault, type Clock } from '#libs/platform';
import { Audit } from '../audit.ts';
import { HubResources, type FormFault } from '../hub-resources.ts';
import { writtenIn, type Written } from '../layout/form-parts.tsx';
import { sendPage } from '../layout/page.tsx';
import { PageFilter } from '../page-filter.tsx';
import { namesOn, PAGES_CLOCK, PAGES_COUNTY, tellableUnits, type PagesCounty } from '../page-parts.ts';
import { PageFor, PageGuard } from '../page-guard.ts';
import { Form, idOf, type PageRequest, type PageUser, sendOn, User } from '../page-request.ts';
import { HubState, type OpenTask } from './hub-state.ts';
import { TaskPage, type ShownTrace } from './task-page.tsx';

interface Shown {
  readonly written?: Written;
  readonly faults?: readonly FormFault[];
  readonly action?: string;
  readonly trace?: ShownTrace;
}

/** A Task of the manual queue: shown, explained for a reason, released. */
@Controller('drift/uppgifter/:task')
@UseFilters(PageFilter)
@UseGuards(PageGuard)
export class TaskController {
  readonly #state: HubState;
  readonly #hub: HubResources;
  readonly #audit: Audit;
  readonly #clock: Clock;
  readonly #county: PagesCounty;

  constructor(
    @Inject(HubState) state: HubState,
    @Inject(HubResources) hub: HubResources,
    @Inject(Audit) audit: Audit,
    @Inject(PAGES_CLOCK) clock: Clock,
    @Inject(PAGES_COUNTY) county: PagesCounty,
  ) {
    this.#state = state;
    this.#hub = hub;
    this.#audit = audit;
    this.#clock = clock;
    this.#county = county;
  }

  @Get()
  @Operation('pages')
  @PageFor('operator')
  async one(@User() user: PageUser, @Req() request: PageRequest, @Res() response: ServerResponse): Promise<void> {
    this.#show(response, user, await this.#asked(request), {});
  }

  @Post()
  @Operation('pages')
  @PageFor('operator')
  async act(
    @User() user: PageUser,
    @Req() request: PageRequest,
    @Res() response: ServerResponse,
    @Form() form: URLSearchParams,
  ): Promise<void> {
    const task = await this.#asked(request);
    const written = writtenIn(form);
    if (written['atgard'] === 'visa') return this.#explain(user, request, response, task, written);
    const { mottagare: recipient = '', grund: ground = '', skal: reason = '' } = written;
    const body = { recipient, ground, reason };
    const { faults } = await this.#hub.ask(user, request, { path: `/operations/tasks/${task.id}/release`, body });
    if (faults.length === 0) sendOn(response, '/drift/uppgifter?klart=slappt');
    else this.#show(response, user, task, { written, faults, action: 'slapp' });
  }

  /** The hub keeps the reason with the look, and so does the pages' log, with the person's name. */
  async #explain(
    user: PageUser,
    request: PageRequest,
    response: ServerResponse,
    task: OpenTask,
    written: Written,
  ): Promise<void> {
    const reason = (written['varfor'] ?? '').trim();
    const path = `/operations/traces/${task.stayId}`;
    const { faults, body } = await this.#hub.ask(user, request, { path, reason });
    if (faults.length > 0) {
      this.#show(response, user, task, { written, faults, action: 'visa' });
      return;
    }
    await this.#audit.note(user, 'underlag', { stays: [task.stayId], reason });
    this.#show(response, user, task, { trace: body as ShownTrace });
  }

  async #asked({ params }: PageRequest): Promise<OpenTask> {
    const id = idOf(params?.['task']);
    const found = id === undefined ? undefined : await this.#state.task(id);
    return found ?? refuse(fault('not-found'));
  }

  #show(
    response: ServerResponse,
    user: PageUser,
    task: OpenTask,
    { written = {}, faults = [], action, trace }: Shown,
  ): void {
    const now = this.#clock.now();
    const date = localDate(now);
    const recipients = tellableUnits(this.#county, date);
    const nameOf = namesOn(this.#county, date);
    const parts = { user, task, recipients, written, faults, nameOf, now, formKey: randomUUID() };
    const page = <TaskPage {...parts} {...(action !== undefined && { action })} {...(trace && { trace })} />;
    sendPage(response, page, faults.length === 0 ? 200 : 422);
  }
}
