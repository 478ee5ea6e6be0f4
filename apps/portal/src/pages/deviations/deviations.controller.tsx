import { Controller, Get, Inject, Post, Query, Req, Res, UseFilters, UseGuards } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { CASE_ACTS, localDate } from '#libs/domain';
import { Operation, refuse } from '#libs/http';
import { fault, type Clock } from '#libs/platform';
import { Audit } from '../audit.ts';
import { HubResources, type FormFault, type HubAnswer, type HubQuestion } from '../hub-resources.ts';
import { writtenIn, type Option, type Written } from '../layout/form-parts.tsx';
import { sendPage } from '../layout/page.tsx';
import { PageFilter } from '../page-filter.tsx';
import { namesOn, PAGES_CLOCK, PAGES_COUNTY, type PagesCounty } from '../page-parts.ts';
import { PageFor, PageGuard } from '../page-guard.ts';
import { Form, type PageRequest, type PageUser, sendFile, sendOn, User } from '../page-request.ts';
import { addressOf, type CallersCase, type CaseQuestion, casesCsv, questionIn } from './deviation-case.ts';
import { DeviationCasePage } from './deviation-case-page.tsx';
import { DeviationReportPage } from './deviation-report-page.tsx';
import { DeviationListPage } from './deviation-list-page.tsx';
import { ACT_WORDS } from './deviation-words.ts';

/** The deviations of a unit in its own inbox, and those that a reviewer may see: whatever the hub answers to the caller. */
@Controller('avvikelser')
@UseFilters(PageFilter)
@UseGuards(PageGuard)
export class DeviationsController {
  readonly #hub: HubResources;
  readonly #audit: Audit;
  readonly #clock: Clock;
  readonly #county: PagesCounty;

  constructor(
    @Inject(HubResources) hub: HubResources,
    @Inject(Audit) audit: Audit,
    @Inject(PAGES_CLOCK) clock: Clock,
    @Inject(PAGES_COUNTY) county: PagesCounty,
  ) {
    this.#hub = hub;
    this.#audit = audit;
    this.#clock = clock;
    this.#county = county;
  }

  @Get()
  @Operation('pages')
  @PageFor('party', 'sender', 'observer')
  async list(
    @User() user: PageUser,
    @Req() request: PageRequest,
    @Res() response: ServerResponse,
    @Query() query: Readonly<Record<string, unknown>>,
  ): Promise<void> {
    const question = questionIn(query);
    const { status, body } = await this.#hub.ask(user, request, { path: `/deviation-cases${addressOf(question)}` });
    const { cases, next } = (status === 200 ? body : {}) as { cases?: readonly CallersCase[]; next?: string };
    // What the caller may not ask for is not asked for by guessing either.
    if (status === 400) refuse(fault('bad-parameter'));
    const stays = (cases ?? []).flatMap(({ stay }) => stay ?? []);
    await this.#audit.note(user, 'avvikelser', { stays });
    const now = this.#clock.now();
    sendPage(
      response,
      <DeviationListPage
        {...{ user, question, cases, next, now }}
        nameOf={this.#names()}
        {...this.#places(user)}
        isReported={query['klart'] === 'anmald'}
      />,
    );
  }

  /** All that the reviewer's choice has, not only the page that is shown: or nothing, so that no half is taken for the whole. */
  @Get('fil')
  @Operation('pages')
  @PageFor('observer')
  async file(
    @User() user: PageUser,
    @Req() request: PageRequest,
    @Res() response: ServerResponse,
    @Query() query: Readonly<Record<string, unknown>>,
  ): Promise<void> {
    const cases: CallersCase[] = [];
    let question: CaseQuestion | undefined = questionIn({ ...query, after: undefined });
    while (question !== undefined) {
      const path = `/deviation-cases${addressOf(question)}`;
      const { status, body }: HubAnswer = await this.#hub.ask(user, request, { path });
      if (status !== 200) return refuse(fault(status === 400 ? 'bad-parameter' : 'not-ready'));
      const { cases: some, next } = body as { readonly cases: readonly CallersCase[]; readonly next?: string };
      cases.push(...some);
      question = next === undefined ? undefined : { ...question, after: next };
    }
    await this.#audit.note(user, 'avvikelser');
    sendFile(response, { name: 'avvikelser.csv', type: 'text/csv; charset=utf-8', content: casesCsv(cases) });
  }

  @Get('ny')
  @Operation('pages')
  @PageFor('party', 'sender')
  report(@User() user: PageUser, @Res() response: ServerResponse, @Query('arende') stay: unknown): void {
    this.#report(response, user, { arende: typeof stay === 'string' ? stay : '' }, []);
  }

  @Post('ny')
  @Operation('pages')
  @PageFor('party', 'sender')
  async reported(
    @User() user: PageUser,
    @Req() request: PageRequest,
    @Res() response: ServerResponse,
    @Form() form: URLSearchParams,
  ): Promise<void> {
    const written = writtenIn(form);
    const faults = await this.#say(user, request, written, { path: '/deviation-reports', body: reportIn(written) });
    if (faults.length === 0) sendOn(response, '/avvikelser?klart=anmald');
    else this.#report(response, user, written, faults);
  }

  @Get(':case')
  @Operation('pages')
  @PageFor('party', 'sender', 'observer')
  async one(
    @User() user: PageUser,
    @Req() request: PageRequest,
    @Res() response: ServerResponse,
    @Query('klart') done: unknown,
  ): Promise<void> {
    const act = CASE_ACTS.find((name) => name === done);
    await this.#show(user, request, response, { done: act && `${ACT_WORDS[act]}: gjort.` });
  }

  @Post(':case')
  @Operation('pages')
  @PageFor('party', 'sender', 'observer')
  async act(
    @User() user: PageUser,
    @Req() request: PageRequest,
    @Res() response: ServerResponse,
    @Form() form: URLSearchParams,
  ): Promise<void> {
    const written = writtenIn(form);
    const id = caseIn(request);
    const said = { path: `/deviation-cases/${id}/acts`, body: actIn(written) };
    const faults = await this.#say(user, request, written, said);
    const act = CASE_ACTS.find((name) => name === written['act']);
    if (faults.length === 0 && act !== undefined) sendOn(response, `/avvikelser/${id}?klart=${act}`);
    else await this.#show(user, request, response, { unsent: { act: written['act'] ?? '', written, faults } });
  }

  /** Under the key of the form, so that it is said once however often it is sent. @returns what is wrong with it */
  async #say(
    user: PageUser,
    request: PageRequest,
    { nyckel: key }: Written,
    said: HubQuestion,
  ): Promise<readonly FormFault[]> {
    return (await this.#hub.ask(user, request, { ...said, ...(key !== undefined && { key }) })).faults;
  }

  #report(response: ServerResponse, user: PageUser, written: Written, faults: readonly FormFault[]): void {
    const { arende: stay = '' } = written;
    if (!/^[0-9a-f-]{36}$/.test(stay)) refuse(fault('not-found'));
    const parts = { user, stay, written, faults, formKey: randomUUID(), now: this.#clock.now() };
    sendPage(response, <DeviationReportPage {...parts} />, faults.length === 0 ? 200 : 422);
  }

  async #show(
    user: PageUser,
    request: PageRequest,
    response: ServerResponse,
    more: Pick<Parameters<typeof DeviationCasePage>[0], 'done' | 'unsent'>,
  ): Promise<void> {
    const { status, body } = await this.#hub.ask(user, request, { path: `/deviation-cases/${caseIn(request)}` });
    if (status === 503) refuse(fault('not-ready'));
    if (status !== 200) refuse(fault('not-found'));
    const found = body as CallersCase;
    await this.#audit.note(user, 'avvikelse', { stays: found.stay === undefined ? [] : [found.stay] });
    const parts = { user, found, nameOf: this.#names(), now: this.#clock.now(), formKey: randomUUID(), ...more };
    sendPage(response, <DeviationCasePage {...parts} />, more.unsent === undefined ? 200 : 422);
  }

  /** What a list is narrowed by: a hospital's own wards, or for a party the hospitals; and the municipalities of the county. */
  #places({ caller }: PageUser): { readonly units: Option[]; readonly municipalities: Option[] } {
    const date = localDate(this.#clock.now());
    const agreements = this.#county.senderIds().flatMap((id) => this.#county.agreement(id, date) ?? []);
    const own = agreements.filter(({ organisation }) => organisation === caller.party);
    const nameOf = this.#names();
    return {
      units:
        own.length > 0
          ? own.flatMap(({ wards }) => wards.map(({ hsaId }): Option => [hsaId, nameOf(hsaId)]))
          : agreements.map(({ organisation, name }): Option => [organisation, name]),
      municipalities: this.#county
        .partiesOn(date)
        .filter(({ kind }) => kind === 'municipality')
        .map(({ id, name }): Option => [id, name]),
    };
  }

  #names(): (party: string) => string {
    return namesOn(this.#county, localDate(this.#clock.now()));
  }
}

function caseIn({ params }: PageRequest): string {
  const id = params?.['case'] ?? '';
  return /^[\w-]{1,80}$/.test(id) ? id : refuse(fault('not-found'));
}

/** A report as the hub takes it (the form deviation-report). */
function reportIn(written: Written): Readonly<Record<string, unknown>> {
  const text = (written['text'] ?? '').replaceAll('\r', '').trim();
  return {
    ...{ code: 'REPORT', deviation: written['kod'], on: written['dag'], consequence: written['foljd'] },
    ...{ consent: written['samtycke'] === 'ja', stay: written['arende'] },
    ...(text !== '' && { text }),
  };
}

/** What a form says as the hub takes it (the form case-act): what was left empty is not said. */
function actIn(written: Written): Readonly<Record<string, unknown>> {
  const said = ['cause', 'action', 'question', 'reason', 'text', 'report'].flatMap((name): [string, string][] => {
    const value = (written[name] ?? '').replaceAll('\r', '').trim();
    return value === '' ? [] : [[name, value]];
  });
  return { code: written['act'], version: Number(written['version']), ...Object.fromEntries(said) };
}
