import { Controller, Get, Inject, Post, Req, Res, UseFilters, UseGuards } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { senderIdOf, type Agreement, type RegisteredPerson } from '#libs/county';
import { localDate, NOT_REACHED, parametersOn, type Instant } from '#libs/domain';
import { NOTICE_NAMES } from '#libs/fhir';
import { isFaulty, readTime, type FormPerson } from '#libs/forms';
import { Operation, refuse } from '#libs/http';
import { fault, type Clock } from '#libs/platform';
import { statableGrounds } from '../answers/answer-words.ts';
import { localMinute } from '../answers/sip.ts';
import { Audit } from '../audit.ts';
import { HubResources, type FormFault } from '../hub-resources.ts';
import { writtenIn, type Written } from '../layout/form-parts.tsx';
import { sendPage } from '../layout/page.tsx';
import { PageFilter } from '../page-filter.tsx';
import { PageFor, PageGuard } from '../page-guard.ts';
import { PAGES_CLOCK, PAGES_COUNTY, type PagesCounty } from '../page-parts.ts';
import { Form, type PageRequest, type PageUser, personAtWork, sendOn, User } from '../page-request.ts';
import { admissionForms, formPersonOf, identityIn, personIn, textIn } from './notice-draft.ts';
import { ReviewPage, WhatPage, WhoPage, type Preview } from './notice-form-page.tsx';

/** What `POST /check` answers, as far as a page shows it (contract 3). */
interface CheckAnswer {
  readonly becomes: readonly {
    readonly told: readonly { kind: string; recipient: string; name: string; why: readonly string[] }[];
    readonly withheld: readonly { kind: string; name: string; why: readonly string[] }[];
    readonly tasks: readonly { readonly text: string }[];
    readonly lacks: readonly { readonly what: string; readonly text: string }[];
  }[];
}

/**
 * A ward's notice of an admission in three steps: who, what, and what will happen. Nothing is kept between them but in the
 * form itself, so that a step may be taken back, and no half-written notice lies anywhere.
 */
@Controller('avdelning')
@UseFilters(PageFilter)
@UseGuards(PageGuard)
export class NoticeFormController {
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

  @Get('ny')
  @Operation('pages')
  @PageFor('sender')
  begin(@User() user: PageUser, @Res() response: ServerResponse): void {
    this.#who(response, user, {}, []);
  }

  @Post('ny')
  @Operation('pages')
  @PageFor('sender')
  async step(
    @User() user: PageUser,
    @Req() request: PageRequest,
    @Res() response: ServerResponse,
    @Form() form: URLSearchParams,
  ): Promise<void> {
    const written = writtenIn(form);
    const person = personIn(written);
    if (written['steg'] === 'vem') return this.#find(user, request, response, written);
    if (person === undefined) return refuse(fault('bad-form'));
    if (written['steg'] === 'andra') {
      this.#what(response, user, written, person);
      return;
    }
    return this.#reviewOrSend(user, request, response, { written, person: named(person, written) });
  }

  async #find(user: PageUser, request: PageRequest, response: ServerResponse, written: Written): Promise<void> {
    const identity = identityIn(written);
    const body = { code: 'PERSON', identity, purpose: 'NOTICE' };
    const found = await this.#hub.ask(user, request, { path: '/persons', body });
    if (found.status === 200) {
      await this.#audit.note(user, 'personuppgifter');
      this.#what(response, user, written, formPersonOf(found.body as RegisteredPerson));
    } else if (found.status === 404) this.#what(response, user, { ...written, okand: 'ja' }, { identity });
    else this.#who(response, user, written, found.faults);
  }

  async #reviewOrSend(
    user: PageUser,
    request: PageRequest,
    response: ServerResponse,
    { written, person }: { readonly written: Written; readonly person: FormPerson },
  ): Promise<void> {
    const { forms, faults } = admissionForms(written, person, personAtWork(user));
    const [first] = forms;
    if (first === undefined) {
      this.#what(response, user, written, person, faults);
      return;
    }
    if (written['steg'] === 'sand') return this.#send(user, request, response, { written, person, forms });
    const checked = await this.#hub.ask(user, request, { path: '/check', body: first });
    const wrong = checked.faults.length > 0 ? checked.faults : refusalsIn(checked.body);
    if (wrong.length > 0) {
      this.#what(response, user, written, person, wrong);
      return;
    }
    const now = this.#clock.now();
    const preview = this.#preview(checked.body as CheckAnswer, written, now);
    sendPage(response, <ReviewPage {...{ user, written, preview, now }} faults={[]} formKey={keyIn(written)} />);
  }

  /** All of it under keys of this form: sent once more, after a lost connection, it is the same notices. */
  async #send(
    user: PageUser,
    request: PageRequest,
    response: ServerResponse,
    sending: { readonly written: Written; readonly person: FormPerson; readonly forms: readonly object[] },
  ): Promise<void> {
    let stay = '';
    for (const [index, body] of sending.forms.entries()) {
      const key = `${keyIn(sending.written)}.${index}`;
      const taken = await this.#hub.ask(user, request, { path: '/notices', body, key });
      if (taken.faults.length > 0) {
        this.#what(response, user, sending.written, sending.person, taken.faults);
        return;
      }
      ({ stay } = taken.body as { readonly stay: string });
    }
    await this.#audit.note(user, 'inskrivningsmeddelande', { stays: [stay] });
    sendOn(response, `/avdelning?klart=sant`);
  }

  #who(response: ServerResponse, user: PageUser, written: Written, faults: readonly FormFault[]): void {
    const page = <WhoPage {...{ user, written, faults }} formKey={randomUUID()} />;
    sendPage(response, page, faults.length > 0 ? 422 : 200);
  }

  #what(
    response: ServerResponse,
    user: PageUser,
    written: Written,
    person: FormPerson,
    faults: readonly FormFault[] = [],
  ): void {
    const agreement = this.#agreement(user);
    const now = this.#clock.now();
    const filled: Written = {
      inskriven: localMinute(now),
      avdelning: agreement.wards[0]?.hsaId ?? '',
      samtycke: '',
      ...written,
    };
    const page = (
      <WhatPage
        {...{ user, faults, person, written: filled, isUnknown: written['okand'] === 'ja', formKey: keyIn(written) }}
        wards={agreement.wards.map(({ hsaId, name }) => [hsaId, name])}
        grounds={statableGrounds([agreement.legalForm], localDate(now)).filter(([ground]) => ground !== 'CONSENT')}
      />
    );
    sendPage(response, page, faults.length > 0 ? 422 : 200);
  }

  #agreement(user: PageUser): Agreement {
    const id = senderIdOf(user.caller);
    const agreement = id === undefined ? undefined : this.#county.agreement(id, localDate(this.#clock.now()));
    return agreement ?? refuse(fault('unknown-sender'));
  }

  #preview({ becomes }: CheckAnswer, written: Written, now: Instant): Preview {
    const date = localDate(now);
    const nameOf = (kind: string): string => NOTICE_NAMES[kind as keyof typeof NOTICE_NAMES];
    const admitted = readTime(textIn(written, 'inskriven') ?? '', '');
    const isAsked = ['ja', 'nej', 'grund'].includes(written['samtycke'] ?? '');
    return {
      told: becomes.flatMap(({ told }) =>
        told.map(({ kind, name, recipient, why }) => {
          const reached = this.#county.directory.party(recipient, date)?.outOfHours;
          const outOfHours = reached === NOT_REACHED ? 'nås inte' : reached;
          return { notice: nameOf(kind), name, why, ...(outOfHours !== undefined && { outOfHours }) };
        }),
      ),
      withheld: becomes.flatMap(({ withheld }) =>
        withheld.map(({ kind, name, why }) => ({ notice: nameOf(kind), name, why })),
      ),
      waits: becomes.flatMap(({ tasks }) => tasks.map(({ text }) => text)),
      lacks: becomes.flatMap(({ lacks }) =>
        lacks.flatMap(({ what, text }) => (isAsked && what.startsWith('samtycke') ? [] : [`${what}: ${text}`])),
      ),
      ...(!isFaulty(admitted) && { due: admitted.start + parametersOn(date).insDeadline }),
    };
  }
}

/** What the nurse wrote of a person whom the register has not. */
function named(person: FormPerson, written: Written): FormPerson {
  const [given, family] = [textIn(written, 'fornamn'), textIn(written, 'efternamn')];
  return { ...person, ...(given !== undefined && { given: [given] }), ...(family !== undefined && { family }) };
}

const KEY = /^[A-Za-z0-9-]{20,100}$/;

/** The key goes with the form from step to step, so that going back and sending again is the same form. */
function keyIn(written: Written): string {
  const key = written['nyckel'] ?? '';
  return KEY.test(key) ? key : randomUUID();
}

/** What a check says of a form that would not be taken. */
function refusalsIn(body: unknown): FormFault[] {
  const { faults = [] } = body as { readonly faults?: readonly { code: string; text: string; remedy: string }[] };
  return faults.map(({ code, text, remedy }) => ({ code, text: `${text} ${remedy}` }));
}
