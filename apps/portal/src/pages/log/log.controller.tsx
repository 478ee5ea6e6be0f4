import { Controller, Get, Inject, Post, Query, Res, UseFilters, UseGuards } from '@nestjs/common';
import type { ServerResponse } from 'node:http';
import { HOUR, localDate } from '#libs/domain';
import { Operation } from '#libs/http';
import type { Clock } from '#libs/platform';
import { Audit, FINDINGS, LogChecks, type NewCheck } from '../audit.ts';
import type { FormFault } from '../hub-resources.ts';
import { writtenIn, type Written } from '../layout/form-parts.tsx';
import { sendPage } from '../layout/page.tsx';
import { PageFilter } from '../page-filter.tsx';
import { PAGES_CLOCK, PAGES_COUNTY, PAGES_IDS, type PagesCounty, type PagesIds } from '../page-parts.ts';
import { PageFor, PageGuard } from '../page-guard.ts';
import { Form, type PageUser, sendOn, User } from '../page-request.ts';
import { personSought } from '../person-search.ts';
import { StatedStays } from '../stated-stays.ts';
import { ToldCases } from '../told-cases.ts';
import { ChecksPage, EXTRACT_REASONS, ExtractPage } from './log-pages.tsx';

const DRAWN = 20;
const CHECKED_DAYS = 30;

/** What the one who controls a unit's log sees of it (SEC-20, SEC-21): the unit's own people, and nobody else's. */
@Controller('logg')
@UseFilters(PageFilter)
@UseGuards(PageGuard)
export class LogController {
  readonly #audit: Audit;
  readonly #checks: LogChecks;
  readonly #told: ToldCases;
  readonly #stated: StatedStays;
  readonly #clock: Clock;
  readonly #ids: PagesIds;
  readonly #county: PagesCounty;

  constructor(
    @Inject(Audit) audit: Audit,
    @Inject(LogChecks) checks: LogChecks,
    @Inject(ToldCases) told: ToldCases,
    @Inject(StatedStays) stated: StatedStays,
    @Inject(PAGES_CLOCK) clock: Clock,
    @Inject(PAGES_IDS) ids: PagesIds,
    @Inject(PAGES_COUNTY) county: PagesCounty,
  ) {
    this.#audit = audit;
    this.#checks = checks;
    this.#told = told;
    this.#stated = stated;
    this.#clock = clock;
    this.#ids = ids;
    this.#county = county;
  }

  @Get()
  @Operation('pages')
  @PageFor('log-controller')
  ask(@User() user: PageUser, @Res() response: ServerResponse): void {
    sendPage(response, <ExtractPage {...this.#frame(user)} written={{}} faults={[]} />);
  }

  /** The extract goes by a form: the person stands in no address. That it was made is a look of its own, with its reason. */
  @Post()
  @Operation('pages')
  @PageFor('log-controller')
  async extract(@User() user: PageUser, @Res() response: ServerResponse, @Form() form: URLSearchParams): Promise<void> {
    const written = writtenIn(form);
    const frame = this.#frame(user);
    const asked = this.#asked(written, user.caller.party);
    if ('faults' in asked) {
      sendPage(response, <ExtractPage {...frame} written={written} faults={asked.faults} />, 422);
      return;
    }
    const stays = await this.#staysOf(user, asked.patients);
    const looks = await this.#audit.ofStays(user.caller.name, stays);
    await this.#audit.note(user, 'loggutdrag', { stays, reason: asked.reason });
    sendPage(response, <ExtractPage {...frame} {...{ written, looks }} faults={[]} />);
  }

  @Get('stickprov')
  @Operation('pages')
  @PageFor('log-controller')
  async draw(@User() user: PageUser, @Res() response: ServerResponse, @Query('klart') done: unknown): Promise<void> {
    const { name } = user.caller;
    const now = this.#clock.now();
    const [drawn, checks] = await Promise.all([
      this.#audit.drawn(name, now - CHECKED_DAYS * 24 * HOUR, DRAWN),
      this.#checks.latest(name),
    ]);
    sendPage(response, <ChecksPage {...{ user, drawn, checks, now }} isSaved={done === 'sparat'} />);
  }

  @Post('stickprov')
  @Operation('pages')
  @PageFor('log-controller')
  async check(@User() user: PageUser, @Res() response: ServerResponse, @Form() form: URLSearchParams): Promise<void> {
    await this.#checks.write(user, checksIn(form));
    sendOn(response, '/logg/stickprov?klart=sparat');
  }

  #frame(user: PageUser) {
    const now = this.#clock.now();
    const { name, party } = user.caller;
    return { user, now, unit: this.#county.nameOf(party, localDate(now)) ?? name };
  }

  #asked(
    written: Written,
    party: string,
  ): { readonly patients: readonly string[]; readonly reason: string } | { readonly faults: readonly FormFault[] } {
    const sought = personSought(written['person'] ?? '', party, this.#ids);
    const reason = EXTRACT_REASONS.find(([value]) => value === written['skal'])?.[0];
    if (sought === undefined || sought.patients.length === 0)
      return { faults: [{ code: 'person', text: 'Skriv hela personnumret, med tolv siffror.' }] };
    if (reason === undefined) return { faults: [{ code: 'skal', text: 'Välj varför utdraget görs.' }] };
    return { patients: sought.patients, reason };
  }

  #staysOf({ caller }: PageUser, patients: readonly string[]): Promise<string[]> {
    const isSender = caller.roles.includes('sender');
    return isSender ? this.#stated.staysOf(caller.party, patients) : this.#told.staysOf(caller.party, patients);
  }
}

/** The findings of a form; a look that was left is not among them. */
function checksIn(form: URLSearchParams): NewCheck[] {
  return [...form].flatMap(([name, value]): NewCheck[] => {
    const look = /^fynd-(\d{1,18})$/.exec(name)?.[1];
    const finding = FINDINGS.find((one) => one === value);
    return look === undefined || finding === undefined
      ? []
      : [{ look, finding, note: (form.get(`not-${look}`) ?? '').slice(0, 300) }];
  });
}
