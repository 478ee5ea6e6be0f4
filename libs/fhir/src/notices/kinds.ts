import type { Encounter, Extension } from 'fhir/r4.js';
import type {
  ButContent,
  HomeContent,
  InfoContent,
  InsContent,
  NoticeBase,
  NoticeContent,
  NoticeKind,
  OptDecisionContent,
  StatedTime,
  UtkContent,
  UtsContent,
} from '#libs/domain';
import { EXTENSION } from '../addresses.ts';
import { dateTimeExtension, printable, spokenInstant, spokenTime, writeInstant } from '../times-and-texts.ts';

/**
 * One kind of notice in FHIR: its codes, what it writes of its content and where, and what its profiles allow. All else of a
 * notice is alike, and stands in `write-notice.ts` and in `definitions/notice-profiles.ts`.
 *
 * What `allows` does not name is forbidden by the profiles (rules 12.4): an element that a kind writes and does not
 * allow is found by HL7's validator in the examples.
 */
interface NoticeForm<Content extends NoticeBase & { readonly kind: NoticeKind }> {
  readonly kind: Content['kind'];
  /** Swedish, as a person meets it. */
  readonly name: string;
  /**
   * The withdrawal, where `CodeSystem/notice` has a code of its own for it. Else it is the kind itself, with the status
   * `entered-in-error` (contract 4).
   */
  readonly withdrawal?: { readonly code: `${Content['kind']}-WITHDRAWN`; readonly name: string };
  /** Encounter.status as far as the notice, and its withdrawal, tell. */
  readonly encounterStatus: { readonly told: Encounter['status']; readonly withdrawn: Encounter['status'] };
  readonly elements: (content: Content) => NoticeElements;
  readonly allows: NoticeAllowance;
  /** Content for the example in `schemas/`. */
  readonly example: NoticeItems<Content>;
}

/** What a content holds besides what every notice carries. */
export type NoticeItems<Content> = Content extends unknown ? Omit<Content, keyof NoticeBase> : never;

/** What a notice writes besides what all do. A withdrawal writes none of it. */
export interface NoticeElements {
  /** Extensions of the Communication, besides the ground. */
  readonly communication?: readonly Extension[];
  /** Extensions of the Encounter. */
  readonly encounter?: readonly Extension[];
  /** Encounter.period.end. */
  readonly end?: StatedTime;
  /** Communication.payload: what a person reads, in Swedish. */
  readonly text?: string;
}

/**
 * What the profiles of a kind let through beside person and ground, which stand in the domain's table. A test holds it equal to
 * the elements of the table (`told-elements.test.ts`).
 */
export interface NoticeAllowance {
  readonly communication?: readonly { readonly url: string; readonly max?: string }[];
  readonly encounter?: readonly { readonly url: string }[];
  readonly end?: true;
  readonly text?: true;
}

const TOLD = Date.UTC(2026, 4, 14, 9);

/** A day and a minute for the examples. */
const EXAMPLE_DAY: StatedTime = {
  iso: '2026-05-12',
  precision: 'day',
  start: Date.UTC(2026, 4, 11, 22),
  end: Date.UTC(2026, 4, 12, 22),
};
const EXAMPLE_MINUTE: StatedTime = {
  iso: '2026-05-14T11:00+02:00',
  precision: 'minute',
  start: TOLD,
  end: TOLD + 60_000,
};

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
const NOTICE_FORMS = { INS, BUT, UTK, 'OPT-DECISION': OPT_DECISION, UTS, INFO, HOME } as const satisfies {
  readonly [Kind in NoticeKind]: NoticeForm<Extract<NoticeContent, { kind: Kind }>>;
};

type Forms = typeof NOTICE_FORMS;
type WithdrawalCode = {
  [Kind in NoticeKind]: Forms[Kind] extends { readonly withdrawal: { readonly code: infer Code } } ? Code : never;
}[NoticeKind];

/** Codes of `CodeSystem/notice` that the hub tells so far (contract 4). */
export type NoticeCode = NoticeKind | WithdrawalCode;

/** The form of a kind, for any content of that kind. */
export function formOf(kind: NoticeKind): NoticeForm<NoticeContent> {
  // The entry of a kind takes the content of that kind; who has a content looks up by its own kind.
  return NOTICE_FORMS[kind] as unknown as NoticeForm<NoticeContent>;
}

/** A category as the outside meets it. */
export interface NoticeCategory {
  readonly code: NoticeCode;
  readonly name: string;
  readonly kind: NoticeKind;
  /** True for a withdrawal by a code of its own. */
  readonly withdrawal: boolean;
}

/** All categories that the hub tells: the kinds, and the withdrawals that have codes of their own. */
export const NOTICE_CATEGORIES: readonly NoticeCategory[] = Object.values(NOTICE_FORMS)
  .map(({ kind }) => formOf(kind))
  .flatMap(({ kind, name, withdrawal }) => [
    { code: kind, name, kind, withdrawal: false },
    ...(withdrawal ? [{ code: withdrawal.code as NoticeCode, name: withdrawal.name, kind, withdrawal: true }] : []),
  ]);

const BY_CODE: ReadonlyMap<unknown, NoticeCategory> = new Map(NOTICE_CATEGORIES.map((one) => [one.code, one]));

/** The codes of {@link NOTICE_CATEGORIES}. */
export const NOTICE_CODES: readonly NoticeCode[] = NOTICE_CATEGORIES.map(({ code }) => code);

/** Swedish names of the notices, as a person meets them. */
export const NOTICE_NAMES = Object.fromEntries(NOTICE_CATEGORIES.map(({ code, name }) => [code, name])) as Readonly<
  Record<NoticeCode, string>
>;

/** The category that a code names; undefined for one that the hub does not tell. */
export function noticeCategory(code: unknown): NoticeCategory | undefined {
  return BY_CODE.get(code);
}

/** True when the text is a category that the hub tells. */
export function isNoticeCode(code: unknown): code is NoticeCode {
  return BY_CODE.has(code);
}

/**
 * The category of a notice, or of the withdrawal of one (contract 4).
 * @returns `<kind>-WITHDRAWN` where the code system has it, else the kind itself, whose status then is `entered-in-error`
 */
export function noticeCode(kind: NoticeKind, withdrawn: boolean): NoticeCode {
  const own = formOf(kind).withdrawal?.code as NoticeCode | undefined;
  return withdrawn ? (own ?? kind) : kind;
}

/** True for a kind whose withdrawals have a code of their own. */
export function hasWithdrawalCode(kind: NoticeKind): boolean {
  return formOf(kind).withdrawal !== undefined;
}
