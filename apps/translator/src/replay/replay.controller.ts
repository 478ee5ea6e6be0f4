import { Controller, type DynamicModule, HttpCode, Inject, Module, Param, Post } from '@nestjs/common';
import { FilePersonRegister } from '#libs/county';
import { Described, listOf, objectOf, Operation, refuse, TEXT } from '#libs/http';
import { GroupCommitProducer, type InRecord, isGarbled, OffsetReader, recordAt, scanPartition } from '#libs/messaging';
import { fault, type Fault, isFault } from '#libs/platform';
import { type Problem, problemOf } from '../findings.ts';
import { mendedRecord } from '../records.ts';
import { translateRecords } from '../translate-record.ts';
import { replayGroup, type ReplayParts } from './replay.ts';

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

/** What became of one message that was read anew. */
type ReplayedOne =
  | { readonly kind: 'read'; readonly events: number }
  | { readonly kind: 'still-rejected'; readonly faults: readonly Fault[] };

/**
 * Reads the message at one place of `inbound` anew, as when an agreement has been mended: its events go to `events`, and
 * `rejected` says that it has been read. What is rejected still is left as it is. Sent again it is the same: every record has
 * the id that it would have had, and effect once.
 * @returns `not-found` where no message lies there (any more)
 * @throws MessagingError when Kafka goes away meanwhile: then perhaps it has been read, and may be asked for again
 */
async function replayOne(
  place: { readonly partition: number; readonly offset: bigint },
  parts: ReplayParts,
): Promise<ReplayedOne | Fault> {
  const { kafka, log, topics } = parts;
  const inbound = await recordAt(kafka, { ...place, topic: topics.inbound, group: replayGroup(topics.inbound) });
  if (inbound === undefined || isGarbled(inbound)) return fault('not-found');
  const [read] = await translateRecords([inbound], parts, new FilePersonRegister(parts.county));
  if (read === undefined) return fault('not-found');
  const { translation, records } = read;
  if (translation.kind === 'rejection') return { kind: 'still-rejected', faults: translation.faults };
  const rejection = await rejectionOf(inbound, parts);
  const producer = new GroupCommitProducer({ kafka, log });
  try {
    // The events first: who reads that it is mended shall find them.
    await producer.sendAll([...records]);
    if (rejection) await producer.sendAll([mendedRecord(rejection)]);
  } finally {
    await producer.stop();
  }
  return { kind: 'read', events: records.length };
}

/**
 * Puts the event at one place of `events` there once more, byte for byte and under its own id: whoever has applied it drops it, and who
 * set it aside (architecture 2.9) applies it, when what stood in its way has been mended; else it is set aside once more.
 * @returns `not-found` where no event lies there (any more), or one that nobody can read
 * @throws MessagingError when Kafka goes away meanwhile: it may be asked for again
 */
async function replayEvent(
  place: { readonly partition: number; readonly offset: bigint },
  { kafka, log, topics }: ReplayParts,
): Promise<ReplayedOne | Fault> {
  const event = await recordAt(kafka, { ...place, topic: topics.events, group: replayGroup(topics.events) });
  if (event === undefined || isGarbled(event)) return fault('not-found');
  const { topic, key, id, kind, schemaVersion, traceparent, value } = event;
  const producer = new GroupCommitProducer({ kafka, log });
  try {
    await producer.sendAll([{ topic, key, id, kind, schemaVersion, traceparent, value }]);
  } finally {
    await producer.stop();
  }
  return { kind: 'read', events: 1 };
}

/** The rejection of a message as it lies on `rejected`; a message and its rejection have one key, and so one partition. */
async function rejectionOf(inbound: InRecord, { ids, kafka, topics }: ReplayParts): Promise<InRecord | undefined> {
  const { partition } = inbound;
  const ends = (await new OffsetReader(kafka).endOffsets([topics.rejected])).get(topics.rejected) ?? [];
  const { low, high } = ends[partition] ?? { low: 0n, high: 0n };
  if (low === high) return undefined;
  const id = ids.rejection(inbound.id, 0);
  let found: InRecord | undefined;
  await scanPartition({
    ...{ kafka, group: replayGroup(topics.rejected), topic: topics.rejected, partition, until: high },
    handle: (records) => {
      for (const record of records) if (!isGarbled(record) && record.id === id) found = record;
      return Promise.resolve();
    },
  });
  return found;
}
