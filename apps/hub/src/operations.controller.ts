import { Body, Controller, Headers, HttpCode, HttpException, Inject, Post } from '@nestjs/common';
import { writeOutcome } from '#libs/fhir';
import { entryOf, fault, isFault, type Callers, type Fault, type Log } from '#libs/platform';
import { HubOperations } from './operations.ts';

export const CALLERS = Symbol('callers');
export const LOG = Symbol('log');

/** `POST /operations/...` (contract 3): the operator's, and this hub's only. */
@Controller('operations')
export class OperationsController {
  readonly #operations: HubOperations;
  readonly #callers: Callers;
  readonly #log: Log;

  constructor(
    @Inject(HubOperations) operations: HubOperations,
    @Inject(CALLERS) callers: Callers,
    @Inject(LOG) log: Log,
  ) {
    this.#operations = operations;
    this.#callers = callers;
    this.#log = log;
  }

  @Post('settle')
  @HttpCode(200)
  async settle(@Headers('authorization') authorization?: string): Promise<{ settled: true }> {
    this.#authorize(authorization, 'settle');
    const unsettled = await this.#operations.settle();
    if (unsettled) refuse(unsettled);
    return { settled: true };
  }

  @Post('clock')
  @HttpCode(200)
  async clock(@Body() body: unknown, @Headers('authorization') authorization?: string): Promise<{ now: string }> {
    this.#authorize(authorization, 'clock');
    const { to, settle } = object(body);
    const moved = await this.#operations.moveClock(to, settle !== false);
    if (isFault(moved)) refuse(moved);
    return { now: new Date(moved).toISOString() };
  }

  @Post('stages')
  @HttpCode(200)
  async stages(
    @Body() body: unknown,
    @Headers('authorization') authorization?: string,
  ): Promise<{ running: string[] }> {
    this.#authorize(authorization, 'stages');
    const { stop, start } = object(body);
    const changed = await this.#operations.changeStages(stop, start);
    if (isFault(changed)) refuse(changed);
    return { running: changed };
  }

  #authorize(authorization: string | undefined, operation: string): void {
    const caller = this.#callers.byAuthorization(authorization);
    if (!caller) refuse(fault('unauthenticated'));
    if (!caller.roles.includes('operator')) refuse(fault('forbidden'));
    this.#log.info('operations.called', { operation, caller: caller.name });
  }
}

function object(body: unknown): Record<string, unknown> {
  return typeof body === 'object' && body !== null ? { ...body } : {};
}

/** Every error that leaves the hub is an OperationOutcome with its row of the table of errors. */
function refuse(reason: Fault): never {
  const { code, http, issue, severity, text } = entryOf(reason);
  const outcome = writeOutcome({
    code,
    issueCode: issue,
    severity,
    text,
    ...(reason.place && { place: reason.place }),
  });
  throw new HttpException({ ...outcome }, http);
}
