import type { Caller } from '#libs/county';
import { fault, type Clock, type Fault, type Log } from '#libs/platform';
import { storedHistory } from './stored-history.ts';
import { noticesOf } from '../loading/notice.queries.ts';
import type { RouterStage } from '../router-stage.ts';
import { stayTrace, type StayTrace } from './stay-trace.ts';
import { noteAccess } from './trace.queries.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
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
    if (!UUID.test(stayId)) return fault('not-found');
    if (!this.#stage.isOpen()) return fault('not-ready');
    const pool = this.#stage.pool();
    await noteAccess(pool, { at: this.#clock.now(), caller: caller.name, stayId, reason: why });
    this.#log.info('trace-read', { caller: caller.name, stay: stayId });
    const history = await storedHistory(pool, stayId, this.#stage.rules);
    const told = await noticesOf(pool, [stayId]);
    if (!history && told.length === 0) return fault('not-found');
    return stayTrace(stayId, history, told);
  }
}
