import { Controller, HttpCode, Inject, Module, Param, Post, type DynamicModule } from '@nestjs/common';
import { Described, listOf, objectOf, Operation, refuse, TEXT } from '#libs/http';
import { fault, isFault, type Fault } from '#libs/platform';
import { problemOf, type Problem } from '../problem.ts';
import type { ReplayParts } from './replay.ts';
import { replayEvent, replayOne, type ReplayedOne } from './replay-one.ts';

const REPLAY_PARTS = Symbol('what a replay asks');
const FAULT = objectOf({ code: TEXT, place: TEXT, text: TEXT, remedy: TEXT }, ['place']);

const REPLAYED = objectOf({ read: { type: 'boolean' }, events: { type: 'integer' }, faults: listOf(FAULT) });

/** What was read, or what is still wrong with it. */
interface Replayed {
  readonly read: boolean;
  readonly events: number;
  readonly faults: readonly Problem[];
}

/**
 * `POST /operations/inbound/<partition>/<offset>/replay`: one message that was not taken is read anew by today's translator and
 * agreement. `POST /operations/events/<partition>/<offset>/replay`: one event that the router set aside is tried once more. Nothing of their content is in the question or in the answer.
 */
@Controller('operations')
export class ReplayController {
  readonly #parts: ReplayParts;

  constructor(@Inject(REPLAY_PARTS) parts: ReplayParts) {
    this.#parts = parts;
  }

  @Post('inbound/:partition/:offset/replay')
  @HttpCode(200)
  @Operation('operations-replay')
  @Described({
    summary: 'Reads one message of `inbound` anew; its events are published where it can be read now',
    answer: { 'application/json': REPLAYED },
  })
  async replay(@Param('partition') partition: string, @Param('offset') offset: string): Promise<Replayed> {
    return replayed(await replayOne(placeOf(partition, offset), this.#parts));
  }

  @Post('events/:partition/:offset/replay')
  @HttpCode(200)
  @Operation('operations-replay')
  @Described({
    summary:
      'Puts one event that was set aside on `events` once more, as it is: who has applied it drops it, the others try again',
    answer: { 'application/json': REPLAYED },
  })
  async again(@Param('partition') partition: string, @Param('offset') offset: string): Promise<Replayed> {
    return replayed(await replayEvent(placeOf(partition, offset), this.#parts));
  }
}

function placeOf(partition: string, offset: string): { readonly partition: number; readonly offset: bigint } {
  if (!/^\d{1,4}$/.test(partition) || !/^\d{1,18}$/.test(offset)) return refuse(fault('not-found'));
  return { partition: Number(partition), offset: BigInt(offset) };
}

function replayed(done: ReplayedOne | Fault): Replayed {
  if (isFault(done)) return refuse(done);
  if (done.kind === 'read') return { read: true, events: done.events, faults: [] };
  return { read: false, events: 0, faults: done.faults.map(problemOf) };
}

/** Replays of single messages, in the process of the translator, whose readers they use. */
@Module({})
export class ReplayModule {
  static register(parts: ReplayParts): DynamicModule {
    return {
      module: ReplayModule,
      controllers: [ReplayController],
      providers: [{ provide: REPLAY_PARTS, useValue: parts }],
    };
  }
}
