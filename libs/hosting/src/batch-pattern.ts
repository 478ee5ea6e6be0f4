import { applyDecorators, Catch, type RpcExceptionFilter, UseFilters } from '@nestjs/common';
import { EventPattern, type MessageHandler } from '@nestjs/microservices';
import { isObservable, lastValueFrom, type Observable, throwError } from 'rxjs';
import {
  type BatchContext,
  type GarbledRecord,
  type InRecord,
  isGarbled,
  type OutRecord,
  type TopicNames,
} from '#libs/messaging';
import type { Tx } from '#libs/persistence';
import { type Fault, fault, UnreadableRecord } from '#libs/platform';

/** The topics of contract 2 by their names there; an asterisk stands for every party of the county. */
export type TopicPattern =
  | 'inbound'
  | 'uptime'
  | 'events'
  | 'stays'
  | 'rejected'
  | 'receipts'
  | 'tasks'
  | 'deviations'
  | 'deliveries.*'
  | 'deviations.*';

/** In: a pattern, the installation's names, its parties. Out: the topics that it stands for. */
export function topicsOf(pattern: TopicPattern, topics: TopicNames, parties: readonly string[]): string[] {
  if (pattern === 'deliveries.*') return parties.map((party) => topics.deliveries(party));
  if (pattern === 'deviations.*') return parties.map((party) => topics.deviationsOf(party));
  return [topics[pattern]];
}

/** What a handler of a stage with state gets beside the records: all of it commits together with their positions, or not at all. */
export interface TransactionContext extends BatchContext {
  readonly tx: Tx;
  /** For a record that the handler itself found to be wrong, among others that are not: as if it had been thrown for it alone. */
  setAside(record: InRecord, wrong: Fault): Promise<void>;
}

/** What a handler of a stage without state gets beside the records. */
export interface PublishContext {
  /** Resolves when Kafka has the records; the position moves only afterwards. In: records in their order. */
  publish(records: readonly OutRecord[]): Promise<void>;
}

/** Nest would turn what a handler throws into "Internal server error"; the transport must tell poison from a deadlock. */
@Catch()
class ErrorAsItIs implements RpcExceptionFilter {
  catch(error: unknown): Observable<never> {
    return throwError(() => error);
  }
}

/**
 * Marks the handler of a stage for the records of a topic. It gets `@Payload() records: InRecord[]`, in order within each
 * partition, and `@Ctx() context`: a `TransactionContext`, or a `PublishContext` in a stage without state. What it throws
 * is looked for among the records, one by one, and the record that is to blame is set aside.
 *
 * Nest's own `EventPattern` refuses, by its types, a handler whose second parameter is ours: hence the cast.
 * @param topic by its name in contract 2
 * @param stage the symbol of the stage, for several read the same topic
 */
export function BatchPattern(topic: TopicPattern, stage: symbol): MethodDecorator {
  return applyDecorators(EventPattern(topic, stage) as MethodDecorator, UseFilters(new ErrorAsItIs()));
}

/** Runs a handler to its end. @throws what it threw */
export async function handled(
  handler: MessageHandler,
  records: readonly InRecord[],
  context: TransactionContext | PublishContext,
): Promise<void> {
  const answer: unknown = await handler(records, context);
  if (isObservable(answer)) await lastValueFrom(answer, { defaultValue: undefined });
}

/** In: a record that stopped its stage, and what was thrown. Out: what is wrong with it, in the table of errors. */
export function faultOfRecord(record: InRecord | GarbledRecord, error: Error): Fault {
  if (isGarbled(record) || error instanceof SyntaxError) return fault('undecodable-record');
  return error instanceof UnreadableRecord ? error.fault : fault('poison-record');
}

const INSERT = `
insert into poison (topic, part, at_offset, error_code, at) values ($1, $2, $3, $4, $5)
on conflict do nothing`;

/**
 * Keeps where a record lies that could not be applied (table `poison` of the stage's schema): a person looks at it, and its
 * partition moves on (architecture 2.9). In: the batch's transaction, the record, what is wrong, the hub's time in ms.
 */
export async function putPoison(
  tx: Tx,
  { topic, partition, offset }: InRecord | GarbledRecord,
  { code }: Fault,
  at: number,
): Promise<void> {
  await tx.query({ name: 'poison', text: INSERT, values: [topic, partition, String(offset), code, at] });
}
