import { Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import type { Pool } from 'pg';
import type { County } from '#libs/county';
import type { Instant } from '#libs/domain';
import { GroupCommitProducer } from '#libs/messaging';
import { createPool } from '#libs/persistence';
import { DeviationFeedController, FEED } from './feed/deviation-feed.controller.ts';
import { FeedFhirController } from './feed/feed-fhir.controller.ts';
import { DeviationCases } from './life/deviation-cases.ts';
import { DeviationCasesController } from './life/deviation-cases.controller.ts';
import { SCHEMA } from './migrations/index.ts';
import { NOW, SENDERS, SendersController, type ReadSenders } from './senders/senders.controller.ts';
import { WatcherController, WATCHING } from './watcher.controller.ts';
import type { WatcherParts, WatcherStage } from './watcher-stage.ts';

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

/** Ends with the application what reads cases and months, and says what is done with them. */
class DeviationsLife implements OnApplicationShutdown {
  readonly #pool: Pool;
  readonly #producer: GroupCommitProducer;

  constructor(pool: Pool, producer: GroupCommitProducer) {
    this.#pool = pool;
    this.#producer = producer;
  }

  async onApplicationShutdown(): Promise<void> {
    await this.#producer.stop();
    await this.#pool.end();
  }
}

/** Requests are few: who asks for cases is a person. */
const CONNECTIONS = 2;

/** Cases and the feed over HTTP, by connections of their own: the watcher may work in another thread, or be stopped. */
@Module({})
export class DeviationsModule {
  static register(
    parts: Pick<WatcherParts, 'clock' | 'ids' | 'kafka' | 'log' | 'topics'> & {
      readonly county: County;
      readonly configuration: { readonly database: { readonly url: string } };
    },
  ): DynamicModule {
    const { url } = parts.configuration.database;
    const pool = createPool({ url, schema: SCHEMA, applicationName: 'bryggan-deviations', max: CONNECTIONS });
    const producer = new GroupCommitProducer(parts);
    const cases = new DeviationCases({ ...parts, pool, producer });
    return {
      module: DeviationsModule,
      controllers: [DeviationCasesController, DeviationFeedController, FeedFhirController],
      providers: [
        { provide: DeviationsLife, useValue: new DeviationsLife(pool, producer) },
        { provide: DeviationCases, useValue: cases },
        { provide: FEED, useValue: pool },
      ],
    };
  }
}
