import { Inject, Module, type BeforeApplicationShutdown, type DynamicModule } from '@nestjs/common';
import { Ingress, type IngressParts } from './ingress.ts';

/** Nest's view of the ingress: it gives the stage out and stops it at the end; whoever runs the process starts it. */
@Module({})
export class IngressModule implements BeforeApplicationShutdown {
  readonly #ingress: Ingress;

  constructor(@Inject(Ingress) ingress: Ingress) {
    this.#ingress = ingress;
  }

  static register(parts: IngressParts): DynamicModule {
    return {
      module: IngressModule,
      providers: [{ provide: Ingress, useFactory: () => new Ingress(parts) }],
      exports: [Ingress],
    };
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.#ingress.stop();
  }
}
