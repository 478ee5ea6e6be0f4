import { Controller, Get, Inject, Query } from '@nestjs/common';
import { CurrentCaller, Described, INSTANT, listOf, objectOf, Operation, refuse, TEXT } from '#libs/http';
import { senderIdOf, type Caller } from '#libs/county';
import { fault } from '#libs/platform';
import type { Rejection, RejectionQuestion } from './rejections.ts';

/** What answers a question about rejections. */
export const REJECTIONS = Symbol('rejections');

const FAULT = objectOf({ code: TEXT, place: TEXT, text: TEXT, remedy: TEXT }, ['place', 'remedy']);
const REJECTED = objectOf({
  rejected: listOf(
    objectOf({ id: TEXT, sender: TEXT, controlId: TEXT, trigger: TEXT, receivedAt: INSTANT, faults: listOf(FAULT) }, [
      'sender',
      'controlId',
      'trigger',
    ]),
  ),
  more: { type: 'boolean' },
});

const MOST = 500;
const INSTANT_TEXT = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2}))?$/;

/**
 * `GET /operations/rejected?sender=&since=` (contract 3): what was not taken, why, where, and what helps. The operator sees
 * all of it, a sender's and a party's caller its own: another's looks as if there were none. A party's are the replies that it
 * gave, of which a record on `replies.<party>` gets no other answer; what a ward says for the planning is its organisation's.
 */
@Controller('operations/rejected')
export class RejectionsController {
  readonly #find: (question: RejectionQuestion) => Promise<Rejection[]>;

  constructor(@Inject(REJECTIONS) find: (question: RejectionQuestion) => Promise<Rejection[]>) {
    this.#find = find;
  }

  @Get()
  @Operation('operations-rejected')
  @Described({
    summary: 'Messages and replies that were not taken: why, where, and what helps',
    answer: { 'application/json': REJECTED },
  })
  async rejected(
    @CurrentCaller() caller: Caller,
    @Query('sender') asked: unknown,
    @Query('since') since: unknown,
  ): Promise<{ rejected: readonly Rejection[]; more: boolean }> {
    const from = instantIn(since);
    const sender = senderIn(asked);
    const own = caller.roles.includes('operator') ? undefined : ownOf(caller);
    const senders = sender === undefined ? own : own?.includes(sender) === false ? [] : [sender];
    const found = senders?.length === 0 ? [] : await this.#find({ senders, since: from, most: MOST + 1 });
    return { rejected: found.slice(0, MOST), more: found.length > MOST };
  }
}

const ownOf = (caller: Caller): string[] => [senderIdOf(caller) ?? [], caller.party].flat();

function instantIn(since: unknown): number {
  if (since === undefined) return 0;
  const at = typeof since === 'string' && INSTANT_TEXT.test(since) ? Date.parse(since) : Number.NaN;
  return Number.isNaN(at) ? refuse(fault('bad-parameter', 'since')) : at;
}

function senderIn(sender: unknown): string | undefined {
  if (sender === undefined) return undefined;
  if (typeof sender !== 'string' || !/^[A-Za-z0-9-]{1,64}$/.test(sender)) refuse(fault('bad-parameter', 'sender'));
  return sender;
}
