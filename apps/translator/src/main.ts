import { runAlone } from '#libs/hosting';
import { openCallers } from '#libs/county';
import { CheckModule } from './check/check.controller.ts';
import { ReplayModule } from './replay/replay.controller.ts';
import { TranslatorModule, TranslatorStage } from './translator.controller.ts';

await runAlone('translator', (parts) => ({
  stage: new TranslatorStage(parts),
  callers: openCallers(parts.configuration.callersFile, parts.county),
  imports: [TranslatorModule.register(parts), CheckModule.register(parts), ReplayModule.register(parts)],
}));
