import { Module, type DynamicModule } from '@nestjs/common';
import type { Instant } from '#libs/domain';
import { NOW, SENDERS, SendersController } from './senders/senders.controller.ts';
import { WatcherController, WATCHING } from './watcher.controller.ts';
import type { WatcherStage } from './watcher-stage.ts';

/** What the watcher does with records, and its HTTP side. The stage itself is started and stopped by who made it. */
@Module({})
export class WatcherModule {
  static register(stage: WatcherStage): DynamicModule {
    return {
      module: WatcherModule,
      controllers: [WatcherController, SendersController],
      providers: [
        { provide: WATCHING, useValue: stage.watching() },
        { provide: SENDERS, useValue: (since: Instant) => stage.senders(since) },
        { provide: NOW, useValue: () => stage.now() },
      ],
    };
  }
}
