import { Module, type DynamicModule } from '@nestjs/common';
import { Translator } from './translator.ts';

/** Nest's view of the translator, for what wants it injected. Who made the stage starts and stops it. */
@Module({})
export class TranslatorModule {
  static register(stage: Translator): DynamicModule {
    return { module: TranslatorModule, providers: [{ provide: Translator, useValue: stage }], exports: [Translator] };
  }
}
