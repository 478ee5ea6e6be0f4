import { Inject, Injectable } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { ADDED_KINDS, localDate, MUNICIPAL_KINDS, type Instant, type PartyKind } from '#libs/domain';
import { refuse } from '#libs/http';
import { fault, type Clock } from '#libs/platform';
import type { AnswerPlace } from '../answers/answer-action.tsx';
import type { Unsent } from '../answers/answer-forms.tsx';
import { statableGrounds } from '../answers/answer-words.ts';
import type { GivenAnswer } from '../answers/given-answers.ts';
import { OwnCases } from '../answers/own-cases.ts';
import { Audit } from '../audit.ts';
import { Contacts, type Contact } from '../contacts.ts';
import type { Option } from '../layout/form-parts.tsx';
import { sendPage } from '../layout/page.tsx';
import { PAGES_CLOCK, PAGES_COUNTY, type PagesCounty } from '../page-parts.ts';
import { type PageRequest, type PageUser, sendFile, stayIn } from '../page-request.ts';
import { ToldCases, type ToldCase } from '../told-cases.ts';
import { pdfOf } from '../documents/pdf.ts';
import { caseDocument } from './case-document.ts';
import { CasePage } from './case-page.tsx';
import { standing } from './case-words.ts';

/** A call to a plan, as far as a calendar needs it. */
export interface CallInCase {
  readonly id: string;
  readonly at?: Instant;
  readonly text?: string;
}

/** A case with all that its page is made of. */
export interface CaseRead {
  readonly told: ToldCase;
  readonly given: readonly GivenAnswer[];
  readonly place: AnswerPlace;
  readonly calls: readonly CallInCase[];
  readonly contacts: readonly Contact[];
}

const UNITS: ReadonlySet<PartyKind> = new Set<PartyKind>(['clinic']);

/** Reads a case and shows it, for the page itself and for a form of it that was not taken. */
@Injectable()
export class CaseView {
  readonly #cases: ToldCases;
  readonly #own: OwnCases;
  readonly #audit: Audit;
  readonly #clock: Clock;
  readonly #county: PagesCounty;
  readonly #contacts: Contacts;

  constructor(
    @Inject(ToldCases) cases: ToldCases,
    @Inject(OwnCases) own: OwnCases,
    @Inject(Audit) audit: Audit,
    @Inject(PAGES_CLOCK) clock: Clock,
    @Inject(PAGES_COUNTY) county: PagesCounty,
    @Inject(Contacts) contacts: Contacts,
  ) {
    this.#contacts = contacts;
    this.#cases = cases;
    this.#own = own;
    this.#audit = audit;
    this.#clock = clock;
    this.#county = county;
  }

  now(): Instant {
    return this.#clock.now();
  }

  /** The case that a request's address names. @throws RefusedRequest 404 when it is not there, or another's */
  async asked(user: PageUser, request: PageRequest): Promise<CaseRead> {
    const stay = stayIn(request);
    const found = stay === undefined ? undefined : await this.read(user, request, stay);
    return found ?? refuse(fault('not-found'));
  }

  /** A case of the user's unit; undefined when it is not there, or another's. */
  async read(user: PageUser, request: PageRequest, stayId: string): Promise<CaseRead | undefined> {
    const { party } = user.caller;
    const told = await this.#cases.read(party, stayId);
    if (told === undefined) return undefined;
    const { given, desk } = (await this.#own.of(user, request, [stayId])).get(stayId) ?? { given: [] };
    const contacts = await this.#contacts.toParty(party, stayId);
    return { told, given, contacts, place: this.#placeOf(party, told, desk), calls: callsIn(told, given) };
  }

  /** Answers with the case's page, once the look is written down. */
  async show(
    response: ServerResponse,
    user: PageUser,
    { told, given, contacts, place }: CaseRead,
    unsent?: Unsent,
    done?: string,
  ): Promise<void> {
    await this.#audit.note(user, 'ärende', { stays: [told.stayId] });
    const now = this.now();
    const nameOf = this.#names(place);
    const parts = { user, told, given, contacts, place, now, nameOf, formKey: randomUUID(), unsent, done };
    sendPage(response, <CasePage {...parts} />, unsent === undefined ? 200 : 422);
  }

  /** Answers with the case as a file; that it was taken out is a look of its own. */
  async download(response: ServerResponse, user: PageUser, { told, given, contacts, place }: CaseRead): Promise<void> {
    await this.#audit.note(user, 'ärende som PDF', { stays: [told.stayId] });
    const now = this.now();
    const nameOf = this.#names(place);
    const isOpenCare = place.party.kind === 'clinic';
    const { caller, name: by } = user;
    const content = await pdfOf(
      caseDocument({ told, given, contacts, isOpenCare, now, nameOf, unit: nameOf(caller.party), by }),
    );
    sendFile(response, { name: 'arende.pdf', type: 'application/pdf', content });
  }

  /** What a party is called, and what the unit's own desks are. */
  #names({ desks }: AnswerPlace): (id: string) => string {
    const own = new Map(desks);
    const date = localDate(this.now());
    return (id) => this.#county.nameOf(id, date) ?? own.get(id) ?? id;
  }

  #placeOf(id: string, told: ToldCase, desk: string | undefined): AnswerPlace {
    const date = localDate(this.now());
    const party = this.#county.directory.party(id, date);
    const others = this.#county.partiesOn(date).filter((one) => one.id !== id && one.divided !== true);
    const options = (has: (kind: PartyKind) => boolean): Option[] =>
      others.filter(({ kind }) => has(kind)).map((one): Option => [one.id, one.name]);
    const legalForms = party?.legalForms ?? [];
    return {
      stay: told.stayId,
      about: (standing(told).at(-1) ?? told.notices.at(-1))?.id ?? '',
      party: { kind: party?.kind ?? 'municipality', legalForms },
      municipal: options((kind) => MUNICIPAL_KINDS.has(kind)),
      units: options((kind) => UNITS.has(kind)),
      added: options((kind) => ADDED_KINDS.has(kind)),
      owners: [[id, party?.name ?? id], ...options((kind) => MUNICIPAL_KINDS.has(kind))],
      grounds: statableGrounds(legalForms, date),
      desks: (party?.desks ?? []).map((one): Option => [one.id, one.name]),
      ...(desk !== undefined && { desk }),
    };
  }
}

function callsIn(told: ToldCase, given: readonly GivenAnswer[]): CallInCase[] {
  const heard = told.answers.map(({ id, says }) => ({ id, says }));
  const own = given.map(({ replyId, says }) => ({ id: replyId, says }));
  return [...heard, ...own].flatMap(({ id, says }): CallInCase[] =>
    says.kind !== 'sip-called'
      ? []
      : [{ id, ...(says.at && { at: says.at.start }), ...(says.text !== undefined && { text: says.text }) }],
  );
}
