import { Module, type DynamicModule } from '@nestjs/common';
import type { Instant } from '#libs/domain';
import { NOW, SENDERS, SendersController, type ReadSenders } from './senders/senders.controller.ts';
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

/** The report on senders over HTTP. */
@Module({})
export class SendersModule {
  /** @param now the hub's time */
  static register(read: ReadSenders, now: () => Instant): DynamicModule {
    return {
      module: SendersModule,
      controllers: [SendersController],
      providers: [
        { provide: SENDERS, useValue: read },
        { provide: NOW, useValue: now },
      ],
    };
  }
}
