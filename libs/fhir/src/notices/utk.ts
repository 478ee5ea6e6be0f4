import type { UtkContent } from '#libs/domain';
import { EXTENSION } from '../addresses.ts';
import { spokenInstant } from '../texts.ts';
import { writeInstant } from '../times.ts';
import { EXAMPLE_MINUTE, type NoticeForm } from './form.ts';

/** Underrättelse om utskrivningsklar: the fact, and when it was judged (LUS 3:1). */
export const UTK = {
  kind: 'UTK',
  name: 'Underrättelse om utskrivningsklar',
  withdrawal: { code: 'UTK-WITHDRAWN', name: 'Utskrivningsklar återkallad' },
  encounterStatus: { told: 'in-progress', withdrawn: 'in-progress' },
  elements: ({ readySince }) => ({
    communication: [{ url: EXTENSION.readySince, valueInstant: writeInstant(readySince) }],
    text: `Utskrivningsklar sedan ${spokenInstant(readySince)}`,
  }),
  allows: { communication: [{ url: EXTENSION.readySince }], text: true },
  example: { kind: 'UTK', readySince: EXAMPLE_MINUTE.start },
} as const satisfies NoticeForm<UtkContent>;
