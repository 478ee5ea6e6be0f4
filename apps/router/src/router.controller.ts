import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { BatchPattern, type TransactionContext } from '#libs/hosting';
import type { InRecord } from '#libs/messaging';
import { Metrics } from '#libs/platform';
import { StayCache } from '#libs/stays';
import { applyAnswers } from './answers/apply-answers.ts';
import { applyEvents } from './apply-events.ts';
import { ROUTER } from './router-stage.ts';
import type { RoutingRules } from './deciding/routing-rules.ts';
import type { StayCase } from './deciding/stay-case.ts';

export const ROUTING_RULES = Symbol('routing rules');
export const STAYS_IN_MEMORY = Symbol('stays in memory');

/** Routing (architecture 1): who must be told of what the events say, one delivery per recipient. */
@Controller()
export class RouterController {
  readonly #rules: RoutingRules;
  readonly #cache: StayCache<StayCase>;
  readonly #events;
  readonly #said;
  readonly #answers;

  constructor(
    @Inject(ROUTING_RULES) rules: RoutingRules,
    @Inject(STAYS_IN_MEMORY) cache: StayCache<StayCase>,
    @Inject(Metrics) metrics: Metrics,
  ) {
    this.#rules = rules;
    this.#cache = cache;
    this.#events = metrics.counter('router_events_total', 'Events read by the router', ['outcome']);
    this.#answers = metrics.counter('router_answers_total', 'Answers of parties, and what became of them', ['outcome']);
    this.#said = metrics.counter('router_records_total', 'Records that the router put into its outbox', ['kind']);
  }

  /** Applies events to their stays, and says what follows; see `applyEvents`. */
  @BatchPattern('events', ROUTER)
  async route(@Payload() records: InRecord[], @Ctx() context: TransactionContext): Promise<void> {
    // A kind that nobody knows is read as a message, and set aside as none.
    const messages = records.filter(({ kind }) => kind !== 'party-event');
    if (messages.length > 0) await this.#routeMessages(messages, context);
    const answers = records.filter(({ kind }) => kind === 'party-event');
    if (answers.length === 0) return;
    // A word on who is told changes the stay like a message, once it is known to be its party's to say.
    const rerouting = await this.#routeAnswers(answers, context);
    if (rerouting.length > 0) await this.#routeMessages(rerouting, context);
  }

  async #routeMessages(records: InRecord[], context: TransactionContext): Promise<void> {
    const { applied, duplicates, said, committed } = await applyEvents(context.tx, records, this.#rules, this.#cache);
    for (const { because, records: out } of said) context.say(out, because);
    context.afterCommit(() => {
      committed();
      if (applied > 0) this.#events.inc({ outcome: 'applied' }, applied);
      if (duplicates > 0) this.#events.inc({ outcome: 'duplicate' }, duplicates);
      for (const { kind } of said.flatMap((one) => one.records)) this.#said.inc({ kind });
    });
  }

  /** @returns the records that were taken, each once */
  async #routeAnswers(records: InRecord[], context: TransactionContext): Promise<InRecord[]> {
    const { said, refused, taken, withheld, duplicates } = await applyAnswers(context.tx, records, this.#rules);
    for (const { because, records: out } of said) context.say(out, because);
    for (const { record, wrong } of refused) await context.setAside(record, wrong);
    context.afterCommit(() => {
      if (taken > 0) this.#answers.inc({ outcome: 'taken' }, taken);
      if (withheld > 0) this.#answers.inc({ outcome: 'withheld' }, withheld);
      if (duplicates > 0) this.#answers.inc({ outcome: 'duplicate' }, duplicates);
      if (refused.length > 0) this.#answers.inc({ outcome: 'refused' }, refused.length);
      for (const { kind } of said.flatMap((one) => one.records)) this.#said.inc({ kind });
    });
    return said.map(({ because }) => because);
  }
}
