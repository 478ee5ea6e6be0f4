import { Controller, Get, Inject, Post, Req, Res, UseFilters, UseGuards } from '@nestjs/common';
import type { ServerResponse } from 'node:http';
import type { ReplyForm } from '#libs/forms';
import { Operation, refuse } from '#libs/http';
import { fault } from '#libs/platform';
import { HubResources } from '../hub-resources.ts';
import { CaseView } from '../inbox/case-view.tsx';
import { PageFilter } from '../page-filter.tsx';
import { PageFor, PageGuard } from '../page-guard.ts';
import { Form, type PageRequest, type PageUser, personAtWork, sendFile, sendOn, User } from '../page-request.ts';
import { GivenAnswers } from './given-answers.ts';
import { doneName, readAnswerForm } from './read-answer-form.ts';
import { sipCalendar, sipDetails } from './sip.ts';

/** What people at a party answer on a case's page. */
@Controller('arenden')
@UseFilters(PageFilter)
@UseGuards(PageGuard)
export class AnswersController {
  readonly #view: CaseView;
  readonly #given: GivenAnswers;
  readonly #hub: HubResources;

  constructor(
    @Inject(CaseView) view: CaseView,
    @Inject(GivenAnswers) given: GivenAnswers,
    @Inject(HubResources) hub: HubResources,
  ) {
    this.#view = view;
    this.#given = given;
    this.#hub = hub;
  }

  /** Says it to the hub, and answers with the case; what was not taken stands in its form again. */
  @Post(':stay/svar')
  @Operation('pages')
  @PageFor('party')
  async answer(
    @User() user: PageUser,
    @Req() request: PageRequest,
    @Res() response: ServerResponse,
    @Form() form: URLSearchParams,
  ): Promise<void> {
    const found = await this.#view.asked(user, request);
    const read = readAnswerForm(form, found.place, found.given, personAtWork(user));
    if (read === undefined) return refuse(fault('bad-form'));
    const { action, faults, written, key, seen, replies } = read;
    if (faults.length > 0) return this.#view.show(response, user, found, { action, written, faults, meanwhile: [] });
    const giving = { user, key, seen, replies, stayId: found.told.stayId, at: this.#view.now() };
    const given = await this.#given.give(giving, (reply: ReplyForm, replyKey: string) =>
      this.#hub.ask(user, request, { path: '/replies', body: reply, key: replyKey }),
    );
    switch (given.became) {
      case 'given':
      case 'repeated': {
        sendOn(response, `/arenden/${found.told.stayId}?klart=${doneName(action)}`);
        return;
      }
      case 'meanwhile': {
        // With what has been answered since: sent once more, it is sent by one who has seen that.
        const now = await this.#view.read(user, request, found.told.stayId);
        return this.#view.show(response, user, now ?? found, {
          ...{ action, written, faults: [] },
          meanwhile: given.answers,
        });
      }
      case 'refused':
        return this.#view.show(response, user, found, { action, written, faults: given.faults, meanwhile: [] });
    }
  }

  /** The meeting of a call that was told to us or that we made, for a calendar. */
  @Get(':stay/sip/:call')
  @Operation('pages')
  @PageFor('party')
  async calendar(@User() user: PageUser, @Req() request: PageRequest, @Res() response: ServerResponse): Promise<void> {
    const found = await this.#view.asked(user, request);
    const call = found.calls.find(({ id }) => id === request.params?.['call']);
    if (call?.at === undefined) return refuse(fault('not-found'));
    const content = sipCalendar(call.id, call.at, sipDetails(call.text ?? ''), this.#view.now());
    sendFile(response, { name: 'sip.ics', type: 'text/calendar; charset=utf-8', content });
  }
}
