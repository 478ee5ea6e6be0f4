import type { OptDecisionContent } from '#libs/domain';
import { EXTENSION } from '../addresses.ts';
import { spokenInstant } from '../texts.ts';
import { writeInstant } from '../times.ts';
import { EXAMPLE_MINUTE, type NoticeForm } from './form.ts';

/** Beslut om öppen tvångsvård: the fact, and when it was decided (LPT 7 a § st.3). It says nothing of where the patient is. */
export const OPT_DECISION = {
  kind: 'OPT-DECISION',
  name: 'Beslut om öppen psykiatrisk tvångsvård',
  encounterStatus: { told: 'unknown', withdrawn: 'unknown' },
  elements: ({ decidedAt }) => ({
    communication: [{ url: EXTENSION.decidedAt, valueInstant: writeInstant(decidedAt) }],
    text: `Öppen psykiatrisk tvångsvård beslutad ${spokenInstant(decidedAt)}`,
  }),
  allows: { communication: [{ url: EXTENSION.decidedAt }], text: true },
  example: { kind: 'OPT-DECISION', decidedAt: EXAMPLE_MINUTE.start },
} as const satisfies NoticeForm<OptDecisionContent>;
