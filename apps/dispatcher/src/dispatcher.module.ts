import { Module, type DynamicModule } from '@nestjs/common';

/** The dispatcher has no HTTP side of its own yet: its stage is started and stopped by who made it. */
@Module({})
export class DispatcherModule {
  static register(): DynamicModule {
    return { module: DispatcherModule };
  }
}
