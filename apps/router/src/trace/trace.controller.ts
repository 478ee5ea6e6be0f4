import { Controller, Get, Headers, Inject, Param } from '@nestjs/common';
import type { Pool } from 'pg';
import type { Caller } from '#libs/county';
import { CurrentCaller, Described, INSTANT, listOf, objectOf, Operation, refuse, TEXT } from '#libs/http';
import { fault, isFault, isUuid, type Clock, type Fault, type Log } from '#libs/platform';
import { STAYS } from '../router-schema.ts';
import type { RouterStage } from '../router-stage.ts';
import { noticesOf } from '../telling/told-notices.ts';
import { type StayTrace, stayTrace, storedHistory } from './stay-trace.ts';

const LONGEST_REASON = 300;

interface Request {
  readonly caller: Caller;
  readonly stayId: string;
  /** Why the operator looks; kept with the access, never logged. */
  readonly reason: string | undefined;
}

/** Shows the full trace of a stay, for a reason, and keeps who looked (rules 12.5); who may is said in libs/http. */
export class TraceReader {
  readonly #stage: RouterStage;
  readonly #clock: Clock;
  readonly #log: Log;

  constructor(stage: RouterStage, clock: Clock, log: Log) {
    this.#stage = stage;
    this.#clock = clock;
    this.#log = log;
  }

  /** @returns the trace, or the fault: no reason, no such stay, not ready */
  async read({ caller, stayId, reason }: Request): Promise<StayTrace | Fault> {
    const why = reason?.trim() ?? '';
    if (why === '' || why.length > LONGEST_REASON) return fault('bad-parameter', 'x-reason');
    if (!isUuid(stayId)) return fault('not-found');
    if (!this.#stage.isOpen()) return fault('not-ready');
    const pool = this.#stage.pool();
    await noteAccess(pool, { at: this.#clock.now(), caller: caller.name, stayId, reason: why });
    this.#log.info('trace-read', { caller: caller.name, stay: stayId });
    const history = await storedHistory(pool, stayId, this.#stage.rules);
    const told = await noticesOf(pool, [stayId]);
    if (!history && told.length === 0) return fault('not-found');
    return stayTrace(stayId, history, told, await STAYS.givesWay(pool, stayId));
  }
}

const WRITE_ACCESS = `
insert into trace_access (at, caller, stay_id, reason) values ($1, $2, $3, $4)`;

interface TraceAccess {
  /** Hub's clock, ms. */
  readonly at: number;
  readonly caller: string;
  readonly stayId: string;
  readonly reason: string;
}

/** Notes who looks at a trace and why, before it is shown (rules 12.5). */
async function noteAccess(pool: Pool, access: TraceAccess): Promise<void> {
  await pool.query(WRITE_ACCESS, [access.at, access.caller, access.stayId, access.reason]);
}

const TRACE = objectOf({
  stayId: TEXT,
  told: listOf(
    objectOf(
      {
        ...{ delivery: TEXT, kind: TEXT, recipient: TEXT, ground: TEXT, statedBy: TEXT, toldAt: INSTANT },
        lines: listOf(objectOf({ rule: TEXT, text: TEXT })),
        decidedBy: objectOf({ directory: TEXT, date: TEXT, confidence: TEXT, desk: TEXT }, ['confidence', 'desk']),
        withdrawn: objectOf({ by: TEXT, at: INSTANT, text: TEXT }),
      },
      ['withdrawn', 'decidedBy'],
    ),
  ),
  withheld: listOf(objectOf({ kind: TEXT, recipient: TEXT, text: TEXT })),
  duties: listOf(objectOf({ code: TEXT, owner: TEXT, due: INSTANT, text: TEXT })),
  findings: listOf(objectOf({ statedBy: TEXT, text: TEXT })),
  decisions: listOf(objectOf({ statedBy: TEXT, at: INSTANT, text: TEXT })),
});

export const TRACE_READER = Symbol('trace reader');

/** `GET /operations/traces/<stay>` with the header `x-reason`: a reason in the URL would end up in logs. */
@Controller('operations/traces')
export class TraceController {
  readonly #reader: TraceReader;

  constructor(@Inject(TRACE_READER) reader: TraceReader) {
    this.#reader = reader;
  }

  @Get(':stay')
  @Operation('operations-trace')
  @Described({
    summary: 'Why each notice of a stay was told, withheld, or waits; the reason for asking is kept',
    answer: { 'application/json': TRACE },
  })
  async read(
    @CurrentCaller() caller: Caller,
    @Param('stay') stayId: string,
    @Headers('x-reason') reason: string | undefined,
  ): Promise<StayTrace> {
    const found = await this.#reader.read({ caller, stayId, reason });
    return isFault(found) ? refuse(found) : found;
  }
}
