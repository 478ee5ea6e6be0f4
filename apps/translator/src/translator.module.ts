import { Module, type DynamicModule } from '@nestjs/common';
import type { TranslatorParts } from './translator-stage.ts';
import { TRANSLATOR_PARTS, TranslatorController } from './translator.controller.ts';

/** What the translator does with messages. The stage itself is started and stopped by who made it. */
@Module({})
export class TranslatorModule {
  static register(parts: TranslatorParts): DynamicModule {
    return {
      module: TranslatorModule,
      controllers: [TranslatorController],
      providers: [{ provide: TRANSLATOR_PARTS, useValue: parts }],
    };
  }
}
