import type { HomeContent } from '#libs/domain';
import { EXTENSION } from '../addresses.ts';
import { printable, spokenTime } from '../texts.ts';
import { dateTimeExtension } from '../times.ts';
import { EXAMPLE_DAY, EXAMPLE_MINUTE, type NoticeForm } from './form.ts';

const UNCHANGED = { yes: 'ja', no: 'nej', unknown: 'okänt' } as const;

/** Hemma eller borta: that and when, whether the measures go on, whom to call; the stay itself tells nothing (rules 12.2). */
export const HOME = {
  kind: 'HOME',
  name: 'Hemma eller borta',
  encounterStatus: { told: 'unknown', withdrawn: 'unknown' },
  elements: ({ awayFrom, homeFrom, unchanged, call }) => {
    const whom = call === undefined ? undefined : printable(call);
    const lines = [
      ...(awayFrom ? [`Borta från ${spokenTime(awayFrom)}`] : []),
      ...(homeFrom ? [`Hemma från ${spokenTime(homeFrom)}`] : []),
      ...(unchanged === undefined ? [] : [`Insatserna oförändrade: ${UNCHANGED[unchanged]}`]),
      ...(whom === undefined ? [] : [`Ring: ${whom}`]),
    ];
    return {
      communication: [
        ...(awayFrom ? [dateTimeExtension(EXTENSION.awayFrom, awayFrom)] : []),
        ...(homeFrom ? [dateTimeExtension(EXTENSION.homeFrom, homeFrom)] : []),
        ...(unchanged === undefined ? [] : [{ url: EXTENSION.measuresUnchanged, valueCode: unchanged }]),
        ...(whom === undefined ? [] : [{ url: EXTENSION.whomToCall, valueString: whom }]),
      ],
      ...(lines.length > 0 && { text: lines.join('\n') }),
    };
  },
  allows: {
    communication: [
      { url: EXTENSION.awayFrom },
      { url: EXTENSION.homeFrom },
      { url: EXTENSION.measuresUnchanged },
      { url: EXTENSION.whomToCall },
    ],
    text: true,
  },
  example: {
    kind: 'HOME',
    awayFrom: EXAMPLE_DAY,
    homeFrom: EXAMPLE_MINUTE,
    unchanged: 'yes',
    call: 'Biståndshandläggare Test Testsson, 08-0000000',
  },
} as const satisfies NoticeForm<HomeContent>;
