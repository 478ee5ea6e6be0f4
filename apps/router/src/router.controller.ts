import { Controller, type DynamicModule, Inject, Module } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { BatchPattern, type TransactionContext } from '#libs/hosting';
import { GroupCommitProducer, type InRecord } from '#libs/messaging';
import { Metrics } from '#libs/platform';
import { StayCache } from '#libs/stays';
import { applyAnswers } from './answers/apply-answers.ts';
import { OWN_CASES, OwnCases, OwnCasesController } from './answers/own-cases.controller.ts';
import { applyEvents } from './apply-events.ts';
import type { RoutingRules } from './routing-rules.ts';
import type { StayCase } from './deciding/stay-case.ts';
import { OperatorDecisionsController } from './operations/operator-decisions.controller.ts';
import { OperatorDecisions } from './operations/operator-decisions.ts';
import { ROUTER, type RouterParts, type RouterStage } from './router-stage.ts';
import { TRACE_READER, TraceController, TraceReader } from './trace/trace.controller.ts';

const ROUTING_RULES = Symbol('routing rules');
const STAYS_IN_MEMORY = Symbol('stays in memory');

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

/** What the router does with records, and its HTTP side. The stage itself is started and stopped by who made it. */
@Module({})
export class RouterModule {
  /** In: the parts that the stage was made of, and the stage. */
  static register(parts: Pick<RouterParts, 'clock' | 'kafka' | 'log' | 'metrics'>, stage: RouterStage): DynamicModule {
    return {
      module: RouterModule,
      controllers: [RouterController, TraceController, OperatorDecisionsController, OwnCasesController],
      providers: [
        { provide: ROUTING_RULES, useValue: stage.rules },
        { provide: STAYS_IN_MEMORY, useValue: stage.cache },
        { provide: Metrics, useValue: parts.metrics },
        {
          provide: OperatorDecisions,
          useValue: new OperatorDecisions(stage, new GroupCommitProducer(parts), parts.clock, parts.log),
        },
        { provide: OWN_CASES, useValue: new OwnCases(stage) },
        { provide: TRACE_READER, useValue: new TraceReader(stage, parts.clock, parts.log) },
      ],
    };
  }
}
