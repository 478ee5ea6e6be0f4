import { Module, type DynamicModule } from '@nestjs/common';
import { Metrics } from '#libs/platform';
import type { DispatcherParts, DispatcherStage } from './dispatcher-stage.ts';
import { DISPATCH_LOG, DISPATCH_RULES, DispatcherController } from './dispatcher.controller.ts';

/** What the dispatcher does with records. The stage itself is started and stopped by who made it. */
@Module({})
export class DispatcherModule {
  /** In: the parts that the stage was made of, and the stage. */
  static register({ log, metrics }: Pick<DispatcherParts, 'log' | 'metrics'>, stage: DispatcherStage): DynamicModule {
    return {
      module: DispatcherModule,
      controllers: [DispatcherController],
      providers: [
        { provide: DISPATCH_RULES, useValue: stage.rules },
        { provide: Metrics, useValue: metrics },
        { provide: DISPATCH_LOG, useValue: log },
      ],
    };
  }
}
