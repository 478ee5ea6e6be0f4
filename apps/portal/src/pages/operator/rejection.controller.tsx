import { Controller, Get, Inject, Post, Query, Req, Res, UseFilters, UseGuards } from '@nestjs/common';
import type { ServerResponse } from 'node:http';
import { Operation, refuse } from '#libs/http';
import { HL7_CONTENT_TYPE } from '#libs/hl7v2';
import { fault, type Clock } from '#libs/platform';
import type { InboundPlace, Rejection } from '../../hub-view/rejections.ts';
import { Audit } from '../audit.ts';
import { HubResources, type FormFault } from '../hub-resources.ts';
import { writtenIn, type Written } from '../layout/form-parts.tsx';
import { sendPage } from '../layout/page.tsx';
import { PageFilter } from '../page-filter.tsx';
import { PAGES_CLOCK } from '../page-parts.ts';
import { PageFor, PageGuard } from '../page-guard.ts';
import { Form, idOf, type PageRequest, type PageUser, personAtWork, sendOn, User } from '../page-request.ts';
import { HubState } from './hub-state.ts';
import { hl7Bytes, InboundContents, type InboundContent } from './inbound-content.ts';
import { OperatorActs } from './operator-acts.ts';
import { RejectionPage, type RejectionProps } from './rejection-page.tsx';

interface Found {
  readonly rejection: Rejection;
  readonly place?: InboundPlace;
}

type Shown = Partial<Pick<RejectionProps, 'content' | 'written' | 'faults' | 'action' | 'lines' | 'done'>>;

/** Kafka makes a group for a single look: that takes its time on a machine with much to do. */
const PATIENCE = 30_000;
const LONGEST_REASON = 300;

/** A message that was not taken: looked at for a reason, read anew, or sent mended in its sender's name. */
@Controller('drift/avvisade/:rejection')
@UseFilters(PageFilter)
@UseGuards(PageGuard)
export class RejectionController {
  readonly #state: HubState;
  readonly #hub: HubResources;
  readonly #contents: InboundContents;
  readonly #acts: OperatorActs;
  readonly #audit: Audit;
  readonly #clock: Clock;

  constructor(
    @Inject(HubState) state: HubState,
    @Inject(HubResources) hub: HubResources,
    @Inject(InboundContents) contents: InboundContents,
    @Inject(OperatorActs) acts: OperatorActs,
    @Inject(Audit) audit: Audit,
    @Inject(PAGES_CLOCK) clock: Clock,
  ) {
    this.#state = state;
    this.#hub = hub;
    this.#contents = contents;
    this.#acts = acts;
    this.#audit = audit;
    this.#clock = clock;
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
    await this.#show(response, user, await this.#asked(request), {
      done: done === 'sant' ? 'Det rättade meddelandet är sänt.' : undefined,
    });
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
    const found = await this.#asked(request);
    const { place } = found;
    if (place === undefined) return refuse(fault('not-found'));
    const written = writtenIn(form);
    const { atgard: action = '' } = written;
    const reason = (written['varfor'] ?? '').trim();
    if (reason === '' || reason.length > LONGEST_REASON) {
      const faults = [{ code: 'varfor', text: `Skriv varför, med högst ${LONGEST_REASON} tecken.` }];
      return this.#show(response, user, found, { action, written, faults, ...kept(written) });
    }
    const { setAside } = found.rejection;
    if (action === 'avfarda' && setAside) {
      await this.#acts.note(user, found.rejection.id, { what: 'dismissed', reason });
      sendOn(response, '/drift/avvisade?klart=avfardad');
      return;
    }
    if (action === 'om') return this.#readAgain(user, request, response, { ...found, place }, reason);
    // An event is no message: nobody mends it, and what it holds is read from the message that it came of.
    if (setAside) return refuse(fault('not-found'));
    if (action === 'visa') {
      // Written down before it is shown: nobody sees content of which no look is kept.
      await this.#audit.note(user, `avvisat meddelande ${found.rejection.id}`, { reason });
      const content = (await this.#contents.read(place)) ?? refuse(fault('not-found'));
      return this.#show(response, user, found, { content });
    }
    return this.#mend(user, request, response, found, { action, written, reason });
  }

  async #readAgain(
    user: PageUser,
    request: PageRequest,
    response: ServerResponse,
    found: Found & { readonly place: InboundPlace },
    reason: string,
  ): Promise<void> {
    const { partition, offset } = found.place;
    const { setAside, id } = found.rejection;
    const path = `/operations/${setAside ? 'events' : 'inbound'}/${partition}/${offset}/replay`;
    const asked = await this.#hub.ask(user, request, { path, body: {}, patience: PATIENCE });
    const { read, faults = [] } = (asked.body ?? {}) as { readonly read?: boolean; readonly faults?: FormFault[] };
    if (asked.status === 200 && read === true) {
      await this.#acts.note(user, id, { what: 'replayed', reason });
      sendOn(response, `/drift/avvisade?klart=${setAside ? 'om' : 'last'}`);
      return;
    }
    const wrong = asked.status === 200 ? faults : asked.faults;
    await this.#show(response, user, found, { action: 'om', written: { varfor: reason }, faults: wrong });
  }

  /** Tried as its sender's, and sent when it would be taken: what is not would be one more on this list. */
  async #mend(
    user: PageUser,
    request: PageRequest,
    response: ServerResponse,
    found: Found,
    { action, written, reason }: { readonly action: string; readonly written: Written; readonly reason: string },
  ): Promise<void> {
    const { sender } = found.rejection;
    const say = (faults: readonly FormFault[], lines?: readonly string[]): Promise<void> =>
      this.#show(response, user, found, { action, written, faults, ...(lines && { lines }), ...kept(written) });
    const body = hl7Bytes(written['text'] ?? '', written['tecken'] ?? '');
    if (sender === undefined) return say([{ code: 'avsandare', text: 'Avsändaren är okänd: den får själv sända om.' }]);
    if (body === undefined)
      return say([{ code: 'tecken', text: 'Meddelandets teckenuppsättning saknar något tecken.' }]);
    const path = `/check?sender=${encodeURIComponent(sender)}`;
    const checked = await this.#hub.ask(user, request, { path, body, type: HL7_CONTENT_TYPE });
    if (checked.faults.length > 0) return say(checked.faults);
    const { taken, text = [] } = checked.body as { readonly taken?: boolean; readonly text?: readonly string[] };
    if (action !== 'sand') return say([], text);
    if (taken !== true) return say([{ code: 'prova', text: 'Det skulle avvisas igen.' }], text);
    const sent = await this.#hub.ask(user, request, {
      path: `/hl7v2?sender=${encodeURIComponent(sender)}`,
      body,
      type: HL7_CONTENT_TYPE,
      person: personAtWork(user),
    });
    if (sent.status !== 200)
      return say([{ code: 'sand', text: 'Mottagningen tog inte emot det. Försök igen om en stund.' }]);
    await this.#acts.note(user, found.rejection.id, { what: 'sent-mended', reason });
    sendOn(response, `/drift/avvisade/${found.rejection.id}?klart=sant`);
  }

  async #asked({ params }: PageRequest): Promise<Found> {
    const id = idOf(params?.['rejection']);
    const found = id === undefined ? undefined : await this.#state.rejection(id);
    return found ?? refuse(fault('not-found'));
  }

  async #show(
    response: ServerResponse,
    user: PageUser,
    { rejection, place }: Found,
    { written = {}, faults = [], ...more }: Shown,
  ): Promise<void> {
    const acts = await this.#acts.about(rejection.id);
    const parts = { user, rejection, acts, written, faults, now: this.#clock.now(), isThere: place !== undefined };
    sendPage(response, <RejectionPage {...parts} {...more} />, faults.length === 0 ? 200 : 422);
  }
}

/** What the person has before them already stays there; it is not read anew. */
function kept({ text, tecken }: Written): { readonly content?: InboundContent } {
  if (text === undefined || tecken === undefined) return {};
  return { content: { kind: 'hl7v2', text, charset: tecken as InboundContent['charset'] } };
}
