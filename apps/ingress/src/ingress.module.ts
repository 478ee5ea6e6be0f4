import { Module, type DynamicModule } from '@nestjs/common';
import { Ingress } from './ingress.ts';

/** Nest's view of the ingress, for what wants it injected. Who made the stage starts and stops it. */
@Module({})
export class IngressModule {
  static register(stage: Ingress): DynamicModule {
    return { module: IngressModule, providers: [{ provide: Ingress, useValue: stage }], exports: [Ingress] };
  }
}
