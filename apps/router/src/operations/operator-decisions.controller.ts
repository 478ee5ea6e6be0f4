import { Controller, HttpCode, Inject, Param, Post } from '@nestjs/common';
import type { Caller } from '#libs/county';
import { CALL_CHANNELS, GROUNDS, NOTICE_KINDS } from '#libs/domain';
import { oneOf } from '#libs/forms';
import { CurrentCaller, Described, INSTANT, JsonBody, objectOf, Operation, refuse, TEXT } from '#libs/http';
import { fault, isFault, isUuid, type Fault } from '#libs/platform';
import { OperatorDecisions } from './operator-decisions.ts';

type Body = Readonly<Record<string, unknown>>;

const DECIDED = { 'application/json': objectOf({ decision: TEXT }) };

/**
 * What the operator decides by hand (contract 3). Each is an event with who and why, kept, folded like any other, and undone by
 * another one; the answer names it. 202: it is durable, and told in a moment.
 */
@Controller('operations')
export class OperatorDecisionsController {
  readonly #decisions: OperatorDecisions;

  constructor(@Inject(OperatorDecisions) decisions: OperatorDecisions) {
    this.#decisions = decisions;
  }

  @Post('tasks/:task/release')
  @HttpCode(202)
  @Operation('operations-decisions')
  @Described({
    summary: 'Releases what waits in a Task to a recipient; 409 when somebody was first',
    body: { 'application/json': objectOf({ recipient: TEXT, ground: { enum: GROUNDS }, reason: TEXT }) },
    answer: DECIDED,
  })
  async release(@CurrentCaller() caller: Caller, @Param('task') task: string, @JsonBody() body: Body) {
    const recipient = textOf(body, 'recipient');
    const ground = oneOf(GROUNDS, body['ground']) ?? refuse(fault('bad-parameter', 'ground'));
    const reason = textOf(body, 'reason');
    return decided(await this.#decisions.release(caller, idOf(task), { recipient, ground, reason }));
  }

  @Post('stays/:stay/calls')
  @HttpCode(202)
  @Operation('operations-decisions')
  @Described({
    summary: 'Records that a recipient was told beside the hub (TEK-02)',
    body: {
      'application/json': objectOf(
        {
          ...{ recipient: TEXT, at: INSTANT, reason: TEXT },
          ...{ notice: { enum: NOTICE_KINDS }, channel: { enum: CALL_CHANNELS } },
        },
        ['notice', 'channel'],
      ),
    },
    answer: DECIDED,
  })
  async call(@CurrentCaller() caller: Caller, @Param('stay') stay: string, @JsonBody() body: Body) {
    const at = Date.parse(textOf(body, 'at'));
    if (Number.isNaN(at)) refuse(fault('bad-instant', 'at'));
    const { notice, channel } = body;
    const told =
      notice === undefined ? undefined : (oneOf(NOTICE_KINDS, notice) ?? refuse(fault('bad-parameter', 'notice')));
    const by =
      channel === undefined ? undefined : (oneOf(CALL_CHANNELS, channel) ?? refuse(fault('bad-parameter', 'channel')));
    return decided(
      await this.#decisions.recordCall(caller, idOf(stay), {
        ...{ recipient: textOf(body, 'recipient'), at, reason: textOf(body, 'reason') },
        ...(told && { notice: told }),
        ...(by && { channel: by }),
      }),
    );
  }

  @Post('stays/:stay/lift-protection')
  @HttpCode(202)
  @Operation('operations-decisions')
  @Described({
    summary: 'Lifts the protection of the person of a stay, in all stays of the person (DEC-23)',
    body: { 'application/json': objectOf({ reason: TEXT }) },
    answer: DECIDED,
  })
  async lift(@CurrentCaller() caller: Caller, @Param('stay') stay: string, @JsonBody() body: Body) {
    return decided(await this.#decisions.liftProtection(caller, idOf(stay), textOf(body, 'reason')));
  }

  @Post('stays/:stay/join-person')
  @HttpCode(202)
  @Operation('operations-decisions')
  @Described({
    summary: "Joins two persons: the person of the stay `other` is this stay's, whose identity remains",
    body: { 'application/json': objectOf({ other: TEXT, reason: TEXT }) },
    answer: DECIDED,
  })
  async join(@CurrentCaller() caller: Caller, @Param('stay') stay: string, @JsonBody() body: Body) {
    const other = idOf(textOf(body, 'other'));
    return decided(await this.#decisions.joinPersons(caller, idOf(stay), other, textOf(body, 'reason')));
  }

  @Post('stays/:stay/join-stay')
  @HttpCode(202)
  @Operation('operations-decisions')
  @Described({
    summary: 'Joins two stays: what is said of the stay `other` is said of this one, which goes on',
    body: { 'application/json': objectOf({ other: TEXT, reason: TEXT }) },
    answer: DECIDED,
  })
  async joinStays(@CurrentCaller() caller: Caller, @Param('stay') stay: string, @JsonBody() body: Body) {
    const other = idOf(textOf(body, 'other'));
    return decided(await this.#decisions.joinStays(caller, idOf(stay), other, textOf(body, 'reason')));
  }

  @Post('decisions/:decision/undo')
  @HttpCode(202)
  @Operation('operations-decisions')
  @Described({
    summary: 'Takes an earlier decision back: it never was',
    body: { 'application/json': objectOf({ reason: TEXT }) },
    answer: DECIDED,
  })
  async undo(@CurrentCaller() caller: Caller, @Param('decision') decision: string, @JsonBody() body: Body) {
    return decided(await this.#decisions.undo(caller, idOf(decision), textOf(body, 'reason')));
  }
}

function idOf(text: string): string {
  return isUuid(text) ? text : refuse(fault('not-found'));
}

function textOf(body: Body, name: string): string {
  const value = body[name];
  return typeof value === 'string' && value !== '' ? value : refuse(fault('bad-parameter', name));
}

function decided(made: string | Fault): { readonly decision: string } {
  return isFault(made) ? refuse(made) : { decision: made };
}
