import { Module, type DynamicModule } from '@nestjs/common';
import type { RouterParts } from './router-parts.ts';
import type { RouterStage } from './router-stage.ts';
import { TraceReader } from './trace-reader.ts';
import { TRACE_READER, TraceController } from './trace.controller.ts';

/** The router's HTTP side. The stage itself is started and stopped by who made it (contract 3, `/operations/stages`). */
@Module({})
export class RouterModule {
  /** In: the parts that the stage was made of, and the stage. */
  static register(parts: Pick<RouterParts, 'clock' | 'log'>, stage: RouterStage): DynamicModule {
    return {
      module: RouterModule,
      controllers: [TraceController],
      providers: [{ provide: TRACE_READER, useValue: new TraceReader(stage, parts.clock, parts.log) }],
    };
  }
}
