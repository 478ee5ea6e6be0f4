import { runAlone } from '#libs/messaging';
import { Translator } from './translator.ts';

await runAlone('translator', (parts) => ({ stage: new Translator(parts), isOpen: () => true }));
