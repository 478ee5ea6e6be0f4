import { Controller, Get, Inject, Query } from '@nestjs/common';
import { senderCaller, type Caller } from '#libs/county';
import { HOUR, type Instant } from '#libs/domain';
import { CurrentCaller, Described, INSTANT, listOf, objectOf, Operation, refuse, TEXT } from '#libs/http';
import { fault } from '#libs/platform';
import type { SendersReport } from './sender-report.ts';

/** Answers the report since an instant; undefined while the watcher is not open. */
export type ReadSenders = (since: Instant) => Promise<SendersReport | undefined>;
export const SENDERS = Symbol('report on senders');
export const NOW = Symbol('now');

const NUMBER = { type: 'number' } as const;
const SHARES = objectOf({ stays: NUMBER, stated: NUMBER, none: NUMBER, notStated: NUMBER });
const COUNT = { code: TEXT, text: TEXT, messages: NUMBER };
const WARD = objectOf({
  ...{ ward: TEXT, lastMessage: INSTANT, messages: NUMBER, perHour: NUMBER, onTheWay: NUMBER },
  findings: listOf(objectOf({ ...COUNT, grade: TEXT })),
  discharges: SHARES,
});
const REPORT = objectOf({
  ...{ since: INSTANT, until: INSTANT },
  senders: listOf(
    objectOf({ sender: TEXT, wards: listOf(WARD), refusals: listOf(objectOf({ ...COUNT, share: NUMBER })) }),
  ),
  discharges: SHARES,
});

/** Further back it costs more than an answer may. */
const LONGEST = 31 * 24 * HOUR;
const DAY = 24 * HOUR;
const INSTANT_TEXT = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2}))?$/;

/**
 * `GET /operations/senders?since=` (contract 3): per sender and ward the last message, messages an hour, what was wrong with
 * them, and what was said of need in the stays that ended; the last 24 hours unless said. The operator sees all, a sender its own.
 */
@Controller('operations/senders')
export class SendersController {
  readonly #read: ReadSenders;
  readonly #now: () => Instant;

  constructor(@Inject(SENDERS) read: ReadSenders, @Inject(NOW) now: () => Instant) {
    this.#read = read;
    this.#now = now;
  }

  /** @throws RefusedRequest 400 for an odd instant, 503 while the watcher is not open */
  @Get()
  @Operation('operations-senders')
  @Described({
    summary: 'Per sender and ward: last message, messages an hour, findings, refusals, and need at discharge',
    answer: { 'application/json': REPORT },
  })
  async senders(@CurrentCaller() caller: Caller, @Query('since') asked: unknown): Promise<SendersReport> {
    const report = (await this.#read(this.#since(asked))) ?? refuse(fault('not-ready', 'watcher'));
    if (caller.roles.includes('operator')) return report;
    return { ...report, senders: report.senders.filter(({ sender }) => caller.name === senderCaller(sender)) };
  }

  #since(asked: unknown): Instant {
    const now = this.#now();
    if (asked === undefined) return now - DAY;
    const at = typeof asked === 'string' && INSTANT_TEXT.test(asked) ? Date.parse(asked) : Number.NaN;
    return at >= now - LONGEST && at < now ? at : refuse(fault('bad-parameter', 'since'));
  }
}
