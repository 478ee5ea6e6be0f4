import type { UtsContent } from '#libs/domain';
import { spokenTime } from '../texts.ts';
import { EXAMPLE_MINUTE, type NoticeForm } from './form.ts';

/** Utskriven: that and when (DEC-03). Withdrawn, the patient is still there. */
export const UTS = {
  kind: 'UTS',
  name: 'Utskriven',
  encounterStatus: { told: 'finished', withdrawn: 'in-progress' },
  elements: ({ dischargedAt }) => ({ end: dischargedAt, text: `Utskriven ${spokenTime(dischargedAt)}` }),
  allows: { end: true, text: true },
  example: { kind: 'UTS', dischargedAt: EXAMPLE_MINUTE },
} as const satisfies NoticeForm<UtsContent>;
