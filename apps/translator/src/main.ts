import { runAlone } from '#libs/hosting';
import { Translator } from './translator.ts';
import { TranslatorModule } from './translator.module.ts';

await runAlone('translator', (parts) => {
  const stage = new Translator(parts);
  return { stage, isOpen: () => stage.isOpen(), imports: [TranslatorModule.register(stage)] };
});
