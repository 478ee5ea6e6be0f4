import { Inject, Module, type BeforeApplicationShutdown, type DynamicModule } from '@nestjs/common';
import type { WatcherParts } from './watcher-parts.ts';
import { WatcherStage } from './watcher-stage.ts';

/** Nest's view of the watcher: it gives the stage out and stops it at the end; whoever runs the process starts it. */
@Module({})
export class WatcherModule implements BeforeApplicationShutdown {
  readonly #stage: WatcherStage;

  constructor(@Inject(WatcherStage) stage: WatcherStage) {
    this.#stage = stage;
  }

  static register(parts: WatcherParts, stage = new WatcherStage(parts)): DynamicModule {
    return {
      module: WatcherModule,
      providers: [{ provide: WatcherStage, useValue: stage }],
      exports: [WatcherStage],
    };
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.#stage.stop();
  }
}
