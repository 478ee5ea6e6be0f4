import { Module, type DynamicModule } from '@nestjs/common';
import { GroupCommitProducer } from '#libs/messaging';
import { Metrics } from '#libs/platform';
import { OWN_CASES, OwnCases, OwnCasesController } from './answers/own-cases.controller.ts';
import { OperatorDecisionsController } from './operations/operator-decisions.controller.ts';
import { OperatorDecisions } from './operations/operator-decisions.ts';
import { RouterController, ROUTING_RULES, STAYS_IN_MEMORY } from './router.controller.ts';
import type { RouterParts, RouterStage } from './router-stage.ts';
import { TRACE_READER, TraceController, TraceReader } from './trace/trace.controller.ts';

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
