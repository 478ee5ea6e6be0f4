import type { ButContent } from '#libs/domain';
import { EXTENSION } from '../addresses.ts';
import { spokenTime } from '../texts.ts';
import { dateTimeExtension } from '../times.ts';
import { EXAMPLE_MINUTE, type NoticeForm } from './form.ts';

/** Beräknad tidpunkt för utskrivning (LUS 2:4). */
export const BUT = {
  kind: 'BUT',
  name: 'Beräknad utskrivning',
  encounterStatus: { told: 'in-progress', withdrawn: 'in-progress' },
  elements: ({ expectedDischarge }) => ({
    encounter: [dateTimeExtension(EXTENSION.plannedEndDate, expectedDischarge)],
    text: `Beräknad utskrivning ${spokenTime(expectedDischarge)}`,
  }),
  allows: { encounter: [{ url: EXTENSION.plannedEndDate }], text: true },
  example: { kind: 'BUT', expectedDischarge: EXAMPLE_MINUTE },
} as const satisfies NoticeForm<ButContent>;
