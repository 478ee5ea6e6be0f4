import type { InsContent } from '#libs/domain';
import { EXTENSION } from '../addresses.ts';
import { dateTimeExtension } from '../times.ts';
import { EXAMPLE_DAY, type NoticeForm } from './form.ts';

/**
 * Inskrivningsmeddelande: the lawful items and the recipient's own need (LUS 2:2; rules 12.4). It has no text: its items
 * stand in elements that the profile can enforce, and a free text is where a ward's name would slip in. The withdrawal must
 * not say whether the patient died, was discharged or never came (rules 12.2).
 */
export const INS = {
  kind: 'INS',
  name: 'Inskrivningsmeddelande',
  withdrawal: { code: 'INS-WITHDRAWN', name: 'Inskrivningsmeddelande återkallat' },
  encounterStatus: { told: 'in-progress', withdrawn: 'unknown' },
  elements: ({ expectedDischarge, ownNeed }) => ({
    communication: ownNeed.map((need) => ({ url: EXTENSION.recipientNeed, valueCode: need })),
    ...(expectedDischarge && { encounter: [dateTimeExtension(EXTENSION.plannedEndDate, expectedDischarge)] }),
  }),
  allows: {
    communication: [{ url: EXTENSION.recipientNeed, max: '3' }],
    encounter: [{ url: EXTENSION.plannedEndDate }],
  },
  example: { kind: 'INS', expectedDischarge: EXAMPLE_DAY, ownNeed: ['SOC'] },
} as const satisfies NoticeForm<InsContent>;
