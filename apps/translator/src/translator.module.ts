import { Inject, Module, type BeforeApplicationShutdown, type DynamicModule } from '@nestjs/common';
import { Translator, type TranslatorStageParts } from './translator.ts';

/** Nest's view of the translator: it gives the stage out and stops it at the end; whoever runs the process starts it. */
@Module({})
export class TranslatorModule implements BeforeApplicationShutdown {
  readonly #translator: Translator;

  constructor(@Inject(Translator) translator: Translator) {
    this.#translator = translator;
  }

  static register(parts: TranslatorStageParts): DynamicModule {
    return {
      module: TranslatorModule,
      providers: [{ provide: Translator, useFactory: () => new Translator(parts) }],
      exports: [Translator],
    };
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.#translator.stop();
  }
}
