import { Module, type DynamicModule } from '@nestjs/common';
import type { Log } from '#libs/platform';
import { LOG, OperationsController } from './operations.controller.ts';
import { HubOperations } from './operations.ts';

/** The operator's door to the whole line. */
@Module({})
export class HubModule {
  static register(operations: HubOperations, log: Log): DynamicModule {
    return {
      module: HubModule,
      controllers: [OperationsController],
      providers: [
        { provide: HubOperations, useValue: operations },
        { provide: LOG, useValue: log },
      ],
    };
  }
}
