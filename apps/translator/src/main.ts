import { runAlone } from '#libs/hosting';
import { TranslatorStage } from './translator-stage.ts';
import { TranslatorModule } from './translator.module.ts';

await runAlone('translator', (parts) => ({
  stage: new TranslatorStage(parts),
  imports: [TranslatorModule.register(parts)],
}));
