import { Controller, Get, Inject, Post, Query, Req, Res, UseFilters, UseGuards } from '@nestjs/common';
import type { ServerResponse } from 'node:http';
import { localDate } from '#libs/domain';
import { HL7_CONTENT_TYPE } from '#libs/hl7v2';
import { HTTP_PARTS, Operation, type HttpParts } from '#libs/http';
import type { Clock } from '#libs/platform';
import { HubResources } from '../hub-resources.ts';
import { writtenIn, type Option } from '../layout/form-parts.tsx';
import { sendPage } from '../layout/page.tsx';
import { PageFilter } from '../page-filter.tsx';
import { namesOn, PAGES_CLOCK, PAGES_COUNTY, type PagesCounty } from '../page-parts.ts';
import { PageFor, PageGuard } from '../page-guard.ts';
import { Form, type PageRequest, type PageUser, User } from '../page-request.ts';
import { flowIn, HubState } from './hub-state.ts';
import { OperatorActs } from './operator-acts.ts';
import { SourcesPage, TryPage, type Source } from './source-pages.tsx';
import { OverviewPage, RejectedPage, TasksPage } from './operator-pages.tsx';

const MOST = 200;
const DAY = 24 * 3_600_000;

/** What the page says of what was done on the page of one message. */
const DONE_WORDS: Readonly<Record<string, string>> = {
  last: 'Meddelandet är läst. Det försvinner ur listan om en liten stund.',
  om: 'Händelsen prövas igen. Läggs den åt sidan på nytt står den här med ny tid.',
  avfardad: 'Händelsen är avfärdad.',
};
const doneWords = (done: unknown): string | undefined =>
  typeof done === 'string' && Object.hasOwn(DONE_WORDS, done) ? DONE_WORDS[done] : undefined;

/** The operator's pages: how the hub is, what was not taken, what waits for people. No patient stands on them. */
@Controller('drift')
@UseFilters(PageFilter)
@UseGuards(PageGuard)
export class OperatorController {
  readonly #hub: HubState;
  readonly #parts: HttpParts;
  readonly #clock: Clock;
  readonly #resources: HubResources;
  readonly #county: PagesCounty;
  readonly #acts: OperatorActs;

  constructor(
    @Inject(HubState) hub: HubState,
    @Inject(HTTP_PARTS) parts: HttpParts,
    @Inject(PAGES_CLOCK) clock: Clock,
    @Inject(HubResources) resources: HubResources,
    @Inject(PAGES_COUNTY) county: PagesCounty,
    @Inject(OperatorActs) acts: OperatorActs,
  ) {
    this.#acts = acts;
    this.#hub = hub;
    this.#parts = parts;
    this.#clock = clock;
    this.#resources = resources;
    this.#county = county;
  }

  @Get()
  @Operation('pages')
  @PageFor('operator')
  async overview(@User() user: PageUser, @Req() request: PageRequest, @Res() response: ServerResponse): Promise<void> {
    const [health, numbers, metrics] = await Promise.all([
      this.#parts.health.ready(),
      this.#hub.numbers(),
      this.#resources.ask(user, request, { path: '/metrics' }),
    ]);
    const flow = flowIn(typeof metrics.body === 'string' ? metrics.body : '');
    sendPage(response, <OverviewPage {...{ user, health, numbers, flow }} now={this.#clock.now()} />);
  }

  @Get('avvisade')
  @Operation('pages')
  @PageFor('operator')
  async rejected(
    @User() user: PageUser,
    @Res() response: ServerResponse,
    @Query('klart') done: unknown,
  ): Promise<void> {
    const now = this.#clock.now();
    const rejected = await this.#hub.rejected(now - 7 * DAY, MOST);
    const handled = await this.#acts.among(rejected.map(({ id }) => id));
    sendPage(response, <RejectedPage {...{ user, rejected, handled, now }} done={doneWords(done)} />);
  }

  @Get('uppgifter')
  @Operation('pages')
  @PageFor('operator')
  async tasks(@User() user: PageUser, @Res() response: ServerResponse, @Query('klart') done: unknown): Promise<void> {
    const now = this.#clock.now();
    const tasks = await this.#hub.tasks(MOST);
    sendPage(response, <TasksPage {...{ user, tasks, now }} isReleased={done === 'slappt'} />);
  }

  @Get('kallor')
  @Operation('pages')
  @PageFor('operator')
  async sources(@User() user: PageUser, @Req() request: PageRequest, @Res() response: ServerResponse): Promise<void> {
    const { status, body } = await this.#resources.ask(user, request, { path: '/operations/senders' });
    const sources = status === 200 ? (body as { readonly senders: readonly Source[] }).senders : undefined;
    const now = this.#clock.now();
    const nameOf = namesOn(this.#county, localDate(now));
    sendPage(response, <SourcesPage {...{ user, sources, nameOf, now }} />);
  }

  @Get('prova')
  @Operation('pages')
  @PageFor('operator')
  tryOne(@User() user: PageUser, @Res() response: ServerResponse): void {
    sendPage(response, <TryPage user={user} written={{}} senders={this.#senders()} />);
  }

  /** A message in people's hands has line ends of every kind; what HL7 has is CR. */
  @Post('prova')
  @Operation('pages')
  @PageFor('operator')
  async tried(
    @User() user: PageUser,
    @Req() request: PageRequest,
    @Res() response: ServerResponse,
    @Form() form: URLSearchParams,
  ): Promise<void> {
    const written = writtenIn(form);
    const sender = written['avsandare'] ?? '';
    const checked = await this.#resources.ask(user, request, {
      path: `/check${sender === '' ? '' : `?sender=${encodeURIComponent(sender)}`}`,
      body: (written['text'] ?? '').replace(/\r?\n/g, '\r'),
      type: HL7_CONTENT_TYPE,
    });
    const { text = [] } = (checked.body ?? {}) as { readonly text?: readonly string[] };
    const lines = checked.faults.length > 0 ? checked.faults.map((one) => one.text) : text;
    sendPage(response, <TryPage {...{ user, written, lines }} senders={this.#senders()} />);
  }

  #senders(): Option[] {
    const date = localDate(this.#clock.now());
    return this.#county.senderIds().map((id): Option => [id, this.#county.agreement(id, date)?.name ?? id]);
  }
}
