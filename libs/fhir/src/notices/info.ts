import type { InfoContent } from '#libs/domain';
import { EXTENSION } from '../addresses.ts';
import { printable } from '../texts.ts';
import type { NoticeForm } from './form.ts';

/** Information inför utskrivning (LUS 3:2): of one scope, in the ward's words. It says nothing of where the patient is. */
export const INFO = {
  kind: 'INFO',
  name: 'Information inför utskrivning',
  encounterStatus: { told: 'unknown', withdrawn: 'unknown' },
  elements: ({ scope, text }) => {
    const told = printable(text);
    return {
      communication: [{ url: EXTENSION.infoScope, valueCode: scope }],
      ...(told !== undefined && { text: told }),
    };
  },
  allows: { communication: [{ url: EXTENSION.infoScope }], text: true },
  example: { kind: 'INFO', scope: 'SOC', text: 'Rullator utprovad.\nMedföljer hem.' },
} as const satisfies NoticeForm<InfoContent>;
