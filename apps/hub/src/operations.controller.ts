import { Controller, HttpCode, Inject, Module, Post, type DynamicModule } from '@nestjs/common';
import { CurrentCaller, Described, INSTANT, JsonBody, listOf, objectOf, Operation, refuse, TEXT } from '#libs/http';
import type { Caller } from '#libs/county';
import { type Fault, isFault, type Log } from '#libs/platform';
import { HubOperations } from './operations.ts';

const LOG = Symbol('log');

type Body = Readonly<Record<string, unknown>>;

const NAMES = listOf(TEXT);

/** `POST /operations/...` (contract 3): the operator's (libs/http, permissions.ts), and this hub's only. */
@Controller('operations')
export class OperationsController {
  readonly #operations: HubOperations;
  readonly #log: Log;

  constructor(@Inject(HubOperations) operations: HubOperations, @Inject(LOG) log: Log) {
    this.#operations = operations;
    this.#log = log;
  }

  @Post('settle')
  @HttpCode(200)
  @Operation('operations-settle')
  @Described({
    summary: 'Answers when all that was acknowledged has been applied everywhere',
    answer: { 'application/json': objectOf({ settled: { const: true } }) },
  })
  async settle(@CurrentCaller() caller: Caller): Promise<{ settled: true }> {
    this.#note('settle', caller);
    const unsettled = await this.#operations.settle();
    if (unsettled) refuse(unsettled);
    return { settled: true };
  }

  @Post('clock')
  @HttpCode(200)
  @Operation('operations-clock')
  @Described({
    summary: 'Moves the driven clock, and judges on the way',
    body: {
      'application/json': objectOf({ to: INSTANT, settle: { type: 'boolean' } }, ['settle']),
    },
    answer: { 'application/json': objectOf({ now: INSTANT }) },
  })
  async clock(@CurrentCaller() caller: Caller, @JsonBody() { to, settle }: Body): Promise<{ now: string }> {
    this.#note('clock', caller);
    const moved = done(await this.#operations.moveClock(to, settle !== false));
    return { now: new Date(moved).toISOString() };
  }

  @Post('stages')
  @HttpCode(200)
  @Operation('operations-stages')
  @Described({
    summary: 'Stops and starts stages of this process (driven clock)',
    body: { 'application/json': objectOf({ stop: NAMES, start: NAMES }, ['stop', 'start']) },
    answer: { 'application/json': objectOf({ running: NAMES }) },
  })
  async stages(@CurrentCaller() caller: Caller, @JsonBody() { stop, start }: Body): Promise<{ running: string[] }> {
    this.#note('stages', caller);
    return { running: done(await this.#operations.changeStages(stop, start)) };
  }

  #note(operation: string, caller: Caller): void {
    this.#log.info('operations.called', { operation, caller: caller.name });
  }
}

const done = <T>(result: T | Fault): T => (isFault(result) ? refuse(result) : result);

/** The operator's door to the whole line. */
@Module({})
export class HubModule {
  static register(operations: HubOperations, log: Log): DynamicModule {
    return {
      module: HubModule,
      controllers: [OperationsController],
      providers: [
        { provide: HubOperations, useValue: operations },
        { provide: LOG, useValue: log },
      ],
    };
  }
}
