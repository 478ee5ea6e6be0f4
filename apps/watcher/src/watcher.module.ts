import { Module, type DynamicModule } from '@nestjs/common';
import { WatcherController, WATCHING } from './watcher.controller.ts';
import type { WatcherStage } from './watcher-stage.ts';

/** What the watcher does with records. The stage itself is started and stopped by who made it. */
@Module({})
export class WatcherModule {
  static register(stage: WatcherStage): DynamicModule {
    return {
      module: WatcherModule,
      controllers: [WatcherController],
      providers: [{ provide: WATCHING, useValue: stage.watching() }],
    };
  }
}
