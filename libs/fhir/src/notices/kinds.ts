import type {
  ButContent,
  HomeContent,
  InfoContent,
  InsContent,
  NoticeContent,
  NoticeKind,
  OptDecisionContent,
  UtkContent,
  UtsContent,
} from '#libs/domain';
import { EXTENSION } from '../addresses.ts';
import { printable, spokenInstant, spokenTime } from '../texts.ts';
import { dateTimeExtension, writeInstant } from '../times.ts';
import { EXAMPLE_DAY, EXAMPLE_MINUTE, type NoticeForm } from './form.ts';

/* What each kind of notice writes of its content and where, and what its profiles allow. */

/**
 * Inskrivningsmeddelande: the lawful items and the recipient's own need (LUS 2:2; rules 12.4). It has no text: its items
 * stand in elements that the profile can enforce, and a free text is where a ward's name would slip in. The withdrawal must
 * not say whether the patient died, was discharged or never came (rules 12.2).
 */
const INS = {
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

/** Beräknad tidpunkt för utskrivning (LUS 2:4). */
const BUT = {
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

/** Underrättelse om utskrivningsklar: the fact, and when it was judged (LUS 3:1). */
const UTK = {
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

/** Beslut om öppen tvångsvård: the fact, and when it was decided (LPT 7 a § st.3). It says nothing of where the patient is. */
const OPT_DECISION = {
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

/** Utskriven: that and when (DEC-03). Withdrawn, the patient is still there. */
const UTS = {
  kind: 'UTS',
  name: 'Utskriven',
  encounterStatus: { told: 'finished', withdrawn: 'in-progress' },
  elements: ({ dischargedAt }) => ({ end: dischargedAt, text: `Utskriven ${spokenTime(dischargedAt)}` }),
  allows: { end: true, text: true },
  example: { kind: 'UTS', dischargedAt: EXAMPLE_MINUTE },
} as const satisfies NoticeForm<UtsContent>;

/** Information inför utskrivning (LUS 3:2): of one scope, in the ward's words. It says nothing of where the patient is. */
const INFO = {
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

const UNCHANGED = { yes: 'ja', no: 'nej', unknown: 'okänt' } as const;

/** Hemma eller borta: that and when, whether the measures go on, whom to call; the stay itself tells nothing (rules 12.2). */
const HOME = {
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

/** Every kind of notice in FHIR, each once. Codes, profiles, definitions, examples and texts all come from here. */
export const NOTICE_FORMS = { INS, BUT, UTK, 'OPT-DECISION': OPT_DECISION, UTS, INFO, HOME } as const satisfies {
  readonly [Kind in NoticeKind]: NoticeForm<Extract<NoticeContent, { kind: Kind }>>;
};
