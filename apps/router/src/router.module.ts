import { Module, type DynamicModule } from '@nestjs/common';
import { Metrics } from '#libs/platform';
import { RouterController, ROUTING_RULES } from './router.controller.ts';
import type { RouterParts, RouterStage } from './router-stage.ts';
import { TraceReader } from './trace/trace-reader.ts';
import { TRACE_READER, TraceController } from './trace/trace.controller.ts';

/** What the router does with records, and its HTTP side. The stage itself is started and stopped by who made it. */
@Module({})
export class RouterModule {
  /** In: the parts that the stage was made of, and the stage. */
  static register(parts: Pick<RouterParts, 'clock' | 'log' | 'metrics'>, stage: RouterStage): DynamicModule {
    return {
      module: RouterModule,
      controllers: [RouterController, TraceController],
      providers: [
        { provide: ROUTING_RULES, useValue: stage.rules },
        { provide: Metrics, useValue: parts.metrics },
        { provide: TRACE_READER, useValue: new TraceReader(stage, parts.clock, parts.log) },
      ],
    };
  }
}
