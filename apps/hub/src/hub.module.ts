import { Module, type DynamicModule, type MiddlewareConsumer, type NestModule } from '@nestjs/common';
import type { Callers, Log } from '#libs/platform';
import { json } from 'express';
import { CALLERS, LOG, OperationsController } from './operations.controller.ts';
import { HubOperations } from './operations.ts';

/** The operator's door to the whole line. */
@Module({})
export class HubModule implements NestModule {
  static register(operations: HubOperations, callers: Callers, log: Log): DynamicModule {
    return {
      module: HubModule,
      controllers: [OperationsController],
      providers: [
        { provide: HubOperations, useValue: operations },
        { provide: CALLERS, useValue: callers },
        { provide: LOG, useValue: log },
      ],
    };
  }

  /** The pages and the FHIR API read bodies by rules of their own. */
  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(json()).forRoutes(OperationsController);
  }
}
