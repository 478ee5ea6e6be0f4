import { Controller, Get, Inject, Post, Query, Req, Res, UseFilters, UseGuards } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { localDate } from '#libs/domain';
import { Operation, refuse } from '#libs/http';
import { fault, type Clock } from '#libs/platform';
import { minuteIn } from '../answers/sip.ts';
import { HubResources, type FormFault } from '../hub-resources.ts';
import { writtenIn, type Written } from '../layout/form-parts.tsx';
import { sendPage } from '../layout/page.tsx';
import { PageFilter } from '../page-filter.tsx';
import { PAGES_CLOCK, PAGES_COUNTY, tellableUnits, type PagesCounty } from '../page-parts.ts';
import { PageFor, PageGuard } from '../page-guard.ts';
import { Form, type PageRequest, type PageUser, sendOn, stayIn, User } from '../page-request.ts';
import { HubState } from './hub-state.ts';
import { OPERATOR_ACTS, OperatorActs, type OperatorActName } from './operator-acts.ts';
import { OperatorStayPage, type OperatorStayProps } from './stay-page.tsx';

/** A decision as the hub takes it. */
interface Decided {
  readonly what: OperatorActName;
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
  /** Of a decision that takes another back: that one. */
  readonly undoes?: string;
}

/** What the operator decides of a stay by hand: a call, a protection lifted, two persons that are one; and its undoing. */
@Controller('drift/vardtillfallen/:stay')
@UseFilters(PageFilter)
@UseGuards(PageGuard)
export class OperatorStayController {
  readonly #state: HubState;
  readonly #hub: HubResources;
  readonly #acts: OperatorActs;
  readonly #clock: Clock;
  readonly #county: PagesCounty;

  constructor(
    @Inject(HubState) state: HubState,
    @Inject(HubResources) hub: HubResources,
    @Inject(OperatorActs) acts: OperatorActs,
    @Inject(PAGES_CLOCK) clock: Clock,
    @Inject(PAGES_COUNTY) county: PagesCounty,
  ) {
    this.#state = state;
    this.#hub = hub;
    this.#acts = acts;
    this.#clock = clock;
    this.#county = county;
  }

  @Get()
  @Operation('pages')
  @PageFor('operator')
  async one(
    @User() user: PageUser,
    @Req() request: PageRequest,
    @Res() response: ServerResponse,
    @Query('klart') done: unknown,
  ): Promise<void> {
    const what = (Object.keys(OPERATOR_ACTS) as OperatorActName[]).find((name) => name === done);
    await this.#show(response, user, await this.#asked(request), { done: what && `${OPERATOR_ACTS[what]}.` });
  }

  @Post()
  @Operation('pages')
  @PageFor('operator')
  async decide(
    @User() user: PageUser,
    @Req() request: PageRequest,
    @Res() response: ServerResponse,
    @Form() form: URLSearchParams,
  ): Promise<void> {
    const stay = await this.#asked(request);
    const written = writtenIn(form);
    const { atgard: action = '', skal: reason = '' } = written;
    const said = decisionIn(stay, action, written) ?? refuse(fault('not-found'));
    const { faults, body } = await this.#hub.ask(user, request, { path: said.path, body: { ...said.body, reason } });
    if (faults.length > 0) return this.#show(response, user, stay, { action, written, faults });
    const { decision } = body as { readonly decision: string };
    await this.#acts.note(user, stay, { what: said.what, reason, decision: said.undoes ?? decision });
    sendOn(response, `/drift/vardtillfallen/${stay}?klart=${said.what}`);
  }

  async #asked(request: PageRequest): Promise<string> {
    const stay = stayIn(request);
    return stay !== undefined && (await this.#state.hasStay(stay)) ? stay : refuse(fault('not-found'));
  }

  async #show(
    response: ServerResponse,
    user: PageUser,
    stay: string,
    {
      written = {},
      faults = [],
      ...more
    }: { readonly written?: Written; readonly faults?: readonly FormFault[] } & Pick<
      OperatorStayProps,
      'action' | 'done'
    >,
  ): Promise<void> {
    const now = this.#clock.now();
    const recipients = tellableUnits(this.#county, localDate(now));
    const acts = await this.#acts.about(stay);
    const parts = { user, stay, recipients, written, faults, acts, now, formKey: randomUUID() };
    sendPage(response, <OperatorStayPage {...parts} {...more} />, faults.length === 0 ? 200 : 422);
  }
}

const UNDO = /^aterta-([0-9a-f-]{36})$/;

/** What a form decides; undefined for a form that the page does not have. */
function decisionIn(stay: string, action: string, written: Written): Decided | undefined {
  const of = `/operations/stays/${stay}`;
  const undoes = UNDO.exec(action)?.[1];
  if (undoes !== undefined) return { what: 'undone', path: `/operations/decisions/${undoes}/undo`, body: {}, undoes };
  const { mottagare: recipient = '', vad: notice = '', hur: channel = '', nar: at = '', andra: other = '' } = written;
  switch (action) {
    case 'samtal': {
      const told = { recipient, channel, at: instantText(at), ...(notice !== '' && { notice }) };
      return { what: 'call-recorded', path: `${of}/calls`, body: told };
    }
    case 'skydd':
      return { what: 'protection-lifted', path: `${of}/lift-protection`, body: {} };
    case 'samman':
      return { what: 'persons-joined', path: `${of}/join-person`, body: { other: other.trim() } };
    case 'ett':
      return { what: 'stays-joined', path: `${of}/join-stay`, body: { other: other.trim() } };
    default:
      return undefined;
  }
}

/** What is no minute goes on as it is, and is refused. */
function instantText(minute: string): string {
  const at = minuteIn(minute);
  return at === undefined ? minute : new Date(at).toISOString();
}
