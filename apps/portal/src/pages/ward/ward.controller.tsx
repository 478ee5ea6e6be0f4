import { Controller, Get, Inject, Post, Query, Req, Res, UseFilters, UseGuards } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { senderIdOf } from '#libs/county';
import { localDate, MUNICIPAL_KINDS, type Ground, type PartyKind } from '#libs/domain';
import { Operation, refuse } from '#libs/http';
import { fault, type Clock } from '#libs/platform';
import { statableGrounds } from '../answers/answer-words.ts';
import { Audit } from '../audit.ts';
import { minuteIn } from '../answers/sip.ts';
import { Contacts } from '../contacts.ts';
import { HubResources, type FormFault } from '../hub-resources.ts';
import { writtenIn, type Option, type Written } from '../layout/form-parts.tsx';
import { sendPage } from '../layout/page.tsx';
import { pageIn, rowsOf } from '../layout/paging.tsx';
import { PageFilter } from '../page-filter.tsx';
import { namesOn, PAGES_CLOCK, PAGES_COUNTY, type PagesCounty } from '../page-parts.ts';
import { PageFor, PageGuard } from '../page-guard.ts';
import { Form, type PageRequest, type PageUser, personAtWork, sendOn, stayIn, User } from '../page-request.ts';
import { StatedStays, type StatedStay } from '../stated-stays.ts';
import { ToldCases } from '../told-cases.ts';
import { CONCERN, concernIn } from './concern-report.tsx';
import { textIn, type NoticesRead } from './notice-draft.ts';
import { STAY_ACTIONS, type OfStay, type StayPlace } from './stay-actions.tsx';
import { ofStay, type UnsentNotice } from './stay-forms.tsx';
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
  readonly #county: PagesCounty;
  readonly #hub: HubResources;
  readonly #contacts: Contacts;

  constructor(
    @Inject(StatedStays) stays: StatedStays,
    @Inject(Audit) audit: Audit,
    @Inject(PAGES_CLOCK) clock: Clock,
    @Inject(ToldCases) told: ToldCases,
    @Inject(PAGES_COUNTY) county: PagesCounty,
    @Inject(HubResources) hub: HubResources,
    @Inject(Contacts) contacts: Contacts,
  ) {
    this.#contacts = contacts;
    this.#stays = stays;
    this.#audit = audit;
    this.#clock = clock;
    this.#told = told;
    this.#county = county;
    this.#hub = hub;
  }

  @Get()
  @Operation('pages')
  @PageFor('sender')
  async list(
    @User() user: PageUser,
    @Res() response: ServerResponse,
    @Query('sida') page: unknown,
    @Query('klart') sent: unknown,
  ): Promise<void> {
    const number = pageIn(page);
    const { stays, more } = await this.#stays.page(user.caller.party, rowsOf(number));
    const ids = stays.map(({ stayId }) => stayId);
    await this.#audit.note(user, 'avdelningens lista', { stays: ids });
    const answers = await this.#told.answersTo(user.caller.party, ids);
    const now = this.#clock.now();
    sendPage(
      response,
      <WardListPage {...{ user, stays, answers, more, now, isSent: sent === 'sant' }} page={number} />,
    );
  }

  @Get(':stay')
  @Operation('pages')
  @PageFor('sender')
  async one(
    @User() user: PageUser,
    @Req() request: PageRequest,
    @Res() response: ServerResponse,
    @Query('klart') done: unknown,
  ): Promise<void> {
    const found = await this.#asked(user, request);
    const beside = BESIDE_DONE.get(typeof done === 'string' ? done : '');
    await this.#show(response, user, found, { done: beside ?? STAY_ACTIONS.find(({ id }) => id === done)?.done });
  }

  /** Sends what a form of the stay says, by the same way as every notice of a ward (contract 3). */
  @Post(':stay/meddela')
  @Operation('pages')
  @PageFor('sender')
  async tell(
    @User() user: PageUser,
    @Req() request: PageRequest,
    @Res() response: ServerResponse,
    @Form() form: URLSearchParams,
  ): Promise<void> {
    const found = await this.#asked(user, request);
    const of = ofStay(found, personAtWork(user)) ?? refuse(fault('not-found'));
    const written = writtenIn(form);
    const { atgard: action = '', nyckel: key = '' } = written;
    const { forms, faults } = readStayForm(action, written, of);
    let wrong: readonly FormFault[] = faults;
    for (const [index, body] of forms.entries()) {
      if (wrong.length > 0) break;
      ({ faults: wrong } = await this.#hub.ask(user, request, { path: '/notices', body, key: `${key}.${index}` }));
    }
    if (wrong.length > 0) return this.#show(response, user, found, { unsent: { action, written, faults: wrong } });
    await this.#keepCall(user, found, forms, key);
    sendOn(response, `/avdelning/${found.stayId}?klart=${/^[a-z-]+$/.test(action) ? action : 'svar'}`);
  }

  /** The hub has the call; it is shown beside the stay from here. */
  async #keepCall(user: PageUser, { stayId }: StatedStay, forms: NoticesRead['forms'], key: string): Promise<void> {
    for (const form of forms) {
      if (form.code !== 'CALL') continue;
      const { recipient, channel } = form;
      const at = minuteIn(form.happened) ?? this.#clock.now();
      await this.#contacts.note(user, stayId, {
        id: key,
        kind: 'call',
        recipient,
        at,
        channel: channel === 'fax' ? 'fax' : 'telephone',
      });
    }
  }

  /** That a concern report was made, or that it was written here by mistake. It goes nowhere (rules 12.6). */
  @Post(':stay/oro')
  @Operation('pages')
  @PageFor('sender')
  async concern(
    @User() user: PageUser,
    @Req() request: PageRequest,
    @Res() response: ServerResponse,
    @Form() form: URLSearchParams,
  ): Promise<void> {
    const found = await this.#asked(user, request);
    const written = writtenIn(form);
    const { tillbaka: mistake, nyckel: id = randomUUID() } = written;
    if (mistake !== undefined) {
      await this.#contacts.withdraw(user.caller.party, found.stayId, mistake);
      sendOn(response, `/avdelning/${found.stayId}?klart=struken`);
      return;
    }
    const read = concernIn(written, this.#place(user, found));
    if ('length' in read) {
      return this.#show(response, user, found, { unsent: { action: CONCERN, written, faults: read } });
    }
    await this.#contacts.note(user, found.stayId, { id, kind: 'concern', ...read });
    sendOn(response, `/avdelning/${found.stayId}?klart=${CONCERN}`);
  }

  async #asked(user: PageUser, request: PageRequest): Promise<StatedStay> {
    const stay = stayIn(request);
    const found = stay === undefined ? undefined : await this.#stays.read(user.caller.party, stay);
    return found ?? refuse(fault('not-found'));
  }

  async #show(
    response: ServerResponse,
    user: PageUser,
    stay: StatedStay,
    { done, unsent }: { readonly done?: string | undefined; readonly unsent?: UnsentNotice },
  ): Promise<void> {
    await this.#audit.note(user, 'vårdtillfälle', { stays: [stay.stayId] });
    const { party } = user.caller;
    const answers = (await this.#told.answersTo(party, [stay.stayId])).get(stay.stayId) ?? [];
    const contacts = await this.#contacts.ofStay(party, stay.stayId);
    const now = this.#clock.now();
    const nameOf = namesOn(this.#county, localDate(now));
    const parts = { user, stay, answers, contacts, now, nameOf, place: this.#place(user, stay), done, unsent };
    sendPage(response, <WardStayPage {...parts} formKey={randomUUID()} />, unsent === undefined ? 200 : 422);
  }

  /** What the forms of a stay are filled in with. */
  #place(user: PageUser, stay: StatedStay): StayPlace {
    const now = this.#clock.now();
    const date = localDate(now);
    const nameOf = namesOn(this.#county, date);
    const sender = senderIdOf(user.caller);
    const legalForm = sender === undefined ? undefined : this.#county.agreement(sender, date)?.legalForm;
    const parties = this.#county.partiesOn(date);
    const options = (has: (kind: PartyKind) => boolean): Option[] =>
      parties.filter(({ kind }) => has(kind)).map((one): Option => [one.id, one.name]);
    return {
      grounds: statableGrounds(legalForm === undefined ? [] : [legalForm], date).filter(([id]) => id !== 'CONSENT'),
      recipients: [...new Set(stay.told.flatMap((line) => (line.withdrawn ? [] : [nameOf(line.recipient)])))],
      parties: options((kind) => MUNICIPAL_KINDS.has(kind) || kind === 'clinic'),
      boards: options((kind) => MUNICIPAL_KINDS.has(kind)),
      now,
    };
  }
}

const BESIDE_DONE: ReadonlyMap<string, string> = new Map([
  [CONCERN, 'Att orosanmälan är gjord är inskrivet.'],
  ['struken', 'Det är struket.'],
]);

/** What a form of a stay says; the answer to a question names the question in its action. */
function readStayForm(action: string, written: Written, of: OfStay): NoticesRead {
  const thread = /^svar-([0-9a-f-]{36})$/.exec(action)?.[1];
  const text = textIn(written, 'text');
  if (thread !== undefined && text !== undefined) {
    const ground = textIn(written, 'grund');
    const grounds = ground === undefined ? {} : { grounds: [ground as Ground] };
    return { forms: [{ ...of, code: 'ANSWER', question: thread, text, ...grounds }], faults: [] };
  }
  const chosen = STAY_ACTIONS.find(({ id }) => id === action);
  return chosen?.read(written, of) ?? { forms: [], faults: [{ code: 'svar', text: 'Skriv ett svar.' }] };
}
