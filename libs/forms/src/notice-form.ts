import {
  CALL_CHANNELS,
  GROUNDS,
  isFarAhead,
  NEED_SCOPES,
  NOTICE_KINDS,
  localDate,
  PLANNING_CODES,
  SCOPES,
  type CallChannel,
  type FactStatus,
  type Ground,
  type NeedScope,
  type LegalForm,
  type NoticeKind,
  type PlanningCode,
  type Scope,
} from '#libs/domain';
import { fault, type Fault, type IdMaker } from '#libs/platform';
import {
  closed,
  formReader,
  type FormSchema,
  HSA_ID,
  isFaulty,
  MUNICIPALITY,
  PARTY,
  PERSON_AT_WORK,
  readTime,
  SHORT_TEXT,
  STATED_GROUNDS,
  TEXT,
  TIME,
} from './form-check.ts';
import { wordFaults, wordSchema, type Word } from './reply-form.ts';
import { PERSON_SCHEMA, personFaults, readFormIdentity, systemsOf, type FormPerson } from './form-person.ts';

/*
 * Notices of a ward without a record system: one form per notice, in the ward's own words. Whatever a machine message may
 * say of a stay a form may say; it is read by the same rules and becomes the same event.
 *
 * A form names its stay by the visit id that the ward has, or by the day of admission. With the day alone the stay is the one
 * of this sender, this person and this day, so that all forms that name the same three speak of one stay, in whatever order
 * they come and however often (architecture 2.3). A ward that admits one person twice in a day has to name the visit.
 */

/** The codes of `CodeSystem/notice` that a ward may send as a form, those for the planning last; CALL is the record of what was told beside the hub. */
export const NOTICE_FORM_CODES = [
  'NEED',
  'CONSENT',
  'BASIS',
  'INS',
  'INS-WITHDRAWN',
  'BUT',
  'UTK',
  'UTK-WITHDRAWN',
  'UTS',
  'INFO',
  'TRANSFER',
  'LEAVE-START',
  'LEAVE-END',
  'DECEASED',
  'OPT-APPLIED',
  'OPT-DECISION',
  'PATINFO',
  'CHECK',
  'OPPOSED',
  'CALL',
  ...PLANNING_CODES,
] as const;
export type NoticeFormCode = (typeof NOTICE_FORM_CODES)[number];
/** Forms that state facts of the stay, or a call. */
type OwnCode = Exclude<NoticeFormCode, PlanningCode>;

/** What a ward knows of the stay besides (contract 5). */
export interface Circumstances {
  readonly careType?: 'SOM' | 'PSY' | 'BER' | 'BUP';
  readonly compulsory?: 'LPT' | 'LRV' | 'OPT' | 'ORV' | 'N';
  readonly housing?: 'ORD' | 'SABO' | 'LSS' | 'HVB' | 'KORTTID' | 'HOMELESS' | 'PRISON' | 'UNKNOWN';
  readonly placedBy?: string;
  readonly lss?: boolean;
  readonly contact?: readonly string[];
  readonly rehab?: readonly string[];
  /** HSA-id or name: a suggestion to the municipality, never a recipient (rules 12.2). */
  readonly homeCare?: string;
}

/** A statement may correct an earlier one of the same time (`C`), or say that it never was true (`D`). */
interface Stated {
  /** When it holds from, as the ward writes it; with a correction, the time of what is corrected (DEC-19). */
  readonly at?: string;
  readonly status?: FactStatus;
}

interface Content {
  readonly NEED: Stated & { readonly need: readonly (NeedScope | 'NONE')[]; readonly circumstances?: Circumstances };
  readonly CONSENT: Stated & {
    readonly given: boolean;
    readonly scopes?: readonly Scope[];
    /** The parties that alone are meant; all of the scopes when absent. */
    readonly recipients?: readonly string[];
  };
  readonly BASIS: Stated & { readonly grounds: readonly Ground[]; readonly scopes?: readonly Scope[] };
  readonly INS: Stated & {
    readonly need: readonly NeedScope[];
    readonly expectedDischarge?: string;
    readonly circumstances?: Circumstances;
  };
  readonly 'INS-WITHDRAWN': { readonly because: 'NO-NEED' | 'NEVER-ADMITTED' };
  readonly BUT: { readonly expectedDischarge: string };
  readonly UTK: Stated;
  readonly 'UTK-WITHDRAWN': Stated;
  readonly UTS: { readonly discharged: string; readonly leaving?: 'home' | 'against-advice' };
  readonly INFO: Stated & { readonly text: string; readonly scopes?: readonly Scope[] };
  readonly TRANSFER: { readonly discharged: string; readonly receivingUnit: string };
  readonly 'LEAVE-START': { readonly happened: string };
  readonly 'LEAVE-END': { readonly happened: string };
  readonly DECEASED: { readonly died?: string };
  readonly 'OPT-APPLIED': Stated;
  readonly 'OPT-DECISION': Stated;
  readonly PATINFO: Stated & { readonly text: string };
  readonly CHECK: Stated & { readonly text: string };
  readonly OPPOSED: Stated & { readonly scopes?: readonly Scope[] };
  readonly CALL: {
    readonly recipient: string;
    readonly channel: CallChannel;
    readonly happened: string;
    readonly notice: NoticeKind;
    readonly reason: string;
  };
}

/** What every form says: who writes it, of whom, and of which stay. */
interface NoticeBase {
  /** HSA-id of the ward. */
  readonly ward: string;
  readonly person: FormPerson;
  /** The visit id of the ward, or when the person was admitted, or both. */
  readonly stay: { readonly visitId?: string; readonly admitted?: string };
  /** When the ward said so; when the hub took it in where it is not said. */
  readonly sent?: string;
  /** Id of the one at the ward who judged it; never a name. */
  readonly judgedBy?: string;
}

/** What a ward says for the planning, of a stay that it names as in every notice. */
export type PlanningNotice = NoticeBase & { readonly grounds?: readonly Ground[] } & Word<PlanningCode>;

/** A notice as a form: `POST /notices`. */
export type NoticeForm =
  { readonly [Code in OwnCode]: { readonly code: Code } & NoticeBase & Content[Code] }[OwnCode] | PlanningNotice;

/** True for a form that is said for the planning. */
export const isPlanning = (form: NoticeForm): form is PlanningNotice =>
  PLANNING_CODES.some((code) => code === form.code);

/** The form of one code. */
export type NoticeFormOf<Code extends NoticeFormCode> = Extract<NoticeForm, { readonly code: Code }>;

const STAY = {
  ...closed({ visitId: { ...SHORT_TEXT, maxLength: 100 }, admitted: TIME }, []),
  minProperties: 1,
};
const some = (values: readonly string[]) => ({
  type: 'array',
  minItems: 1,
  maxItems: values.length,
  uniqueItems: true,
  items: { enum: values },
});
const STATED = { at: TIME, status: { enum: ['F', 'C', 'D'] } } as const;
const SCOPED = { ...STATED, scopes: some(SCOPES) } as const;
const UNITS = { type: 'array', minItems: 1, maxItems: 5, uniqueItems: true, items: HSA_ID } as const;
const CIRCUMSTANCES = closed(
  {
    careType: { enum: ['SOM', 'PSY', 'BER', 'BUP'] },
    compulsory: { enum: ['LPT', 'LRV', 'OPT', 'ORV', 'N'] },
    housing: { enum: ['ORD', 'SABO', 'LSS', 'HVB', 'KORTTID', 'HOMELESS', 'PRISON', 'UNKNOWN'] },
    placedBy: MUNICIPALITY,
    lss: { type: 'boolean' },
    contact: UNITS,
    rehab: UNITS,
    homeCare: SHORT_TEXT,
  },
  [],
);
const NEED = { oneOf: [some(NEED_SCOPES), { type: 'array', minItems: 1, maxItems: 1, items: { const: 'NONE' } }] };

type Keys = Readonly<Record<string, object>>;

/** What a form of each code holds besides: first what it must hold, then what it may. */
const CONTENT: Readonly<Record<OwnCode, readonly [must: Keys, may: Keys]>> = {
  NEED: [{ need: NEED }, { ...STATED, circumstances: CIRCUMSTANCES }],
  CONSENT: [
    { given: { type: 'boolean' } },
    { ...SCOPED, recipients: { type: 'array', maxItems: 40, uniqueItems: true, items: PARTY } },
  ],
  BASIS: [{ grounds: some(GROUNDS) }, SCOPED],
  INS: [{ need: some(NEED_SCOPES) }, { ...STATED, expectedDischarge: TIME, circumstances: CIRCUMSTANCES }],
  'INS-WITHDRAWN': [{ because: { enum: ['NO-NEED', 'NEVER-ADMITTED'] } }, {}],
  BUT: [{ expectedDischarge: TIME }, {}],
  UTK: [{}, STATED],
  'UTK-WITHDRAWN': [{}, STATED],
  UTS: [{ discharged: TIME }, { leaving: { enum: ['home', 'against-advice'] } }],
  INFO: [{ text: TEXT }, SCOPED],
  TRANSFER: [{ discharged: TIME, receivingUnit: SHORT_TEXT }, {}],
  'LEAVE-START': [{ happened: TIME }, {}],
  'LEAVE-END': [{ happened: TIME }, {}],
  DECEASED: [{}, { died: TIME }],
  'OPT-APPLIED': [{}, STATED],
  'OPT-DECISION': [{}, STATED],
  PATINFO: [{ text: TEXT }, STATED],
  CHECK: [{ text: TEXT }, STATED],
  OPPOSED: [{}, SCOPED],
  CALL: [
    {
      recipient: PARTY,
      channel: { enum: CALL_CHANNELS },
      happened: TIME,
      notice: { enum: NOTICE_KINDS },
      reason: SHORT_TEXT,
    },
    {},
  ],
};

function schemaOf(code: NoticeFormCode): FormSchema {
  const base = { code: { const: code }, ward: HSA_ID, person: PERSON_SCHEMA, stay: STAY };
  const more = { sent: TIME, judgedBy: PERSON_AT_WORK };
  const planning = PLANNING_CODES.find((known) => known === code);
  if (planning) return wordSchema(planning, { ...base, ...more, grounds: STATED_GROUNDS }, Object.keys(base));
  const [must, may] = CONTENT[code as OwnCode];
  return closed({ ...base, ...more, ...must, ...may }, [...Object.keys(base), ...Object.keys(must)]);
}

/** JSON Schema of a notice form, by code. */
export const NOTICE_FORM_SCHEMAS: Readonly<Record<NoticeFormCode, FormSchema>> = Object.fromEntries(
  NOTICE_FORM_CODES.map((code) => [code, schemaOf(code)]),
) as Record<NoticeFormCode, FormSchema>;

/** Reads a notice form: its form alone. */
export const readNoticeForm = formReader<NoticeForm>(NOTICE_FORM_SCHEMAS);

const TIMES = ['sent', 'at', 'expectedDischarge', 'discharged', 'happened', 'died'] as const;

/** What a form is judged by beside itself. */
export interface FormJudgedBy {
  /** Of the agreement: its wards, and the legal form of those that have none of their own. */
  readonly sender: {
    readonly wards: readonly { readonly hsaId: string; readonly legalForm?: LegalForm }[];
    readonly legalForm: LegalForm;
  };
  /** Whether the directory has a party of that id. */
  readonly knows: (party: string) => boolean;
}

/**
 * What is wrong with a form beyond its form: the person's number, and times that are none. A machine message with the same
 * fault would lose the field; here a person is there to mend it, and is asked to.
 * @param form that `readNoticeForm` read
 */
export function noticeFormFaults(form: NoticeForm, { sender, knows }: FormJudgedBy): Fault[] {
  const faults = personFaults(form.person);
  const all = new Map(Object.entries(form) as [string, unknown][]);
  const times = [...TIMES.map((key) => [key, all.get(key)] as const), ['stay.admitted', form.stay.admitted] as const];
  for (const [key, text] of times) {
    const time = typeof text === 'string' ? readTime(text, `$.${key}`) : undefined;
    if (time && isFaulty(time)) faults.push(time);
  }
  if (isAhead(form, form.stay.admitted)) faults.push(fault('admission-after-message', '$.stay.admitted'));
  if ('discharged' in form && isAhead(form, form.discharged))
    faults.push(fault('discharge-after-message', '$.discharged'));
  const ward = sender.wards.find(({ hsaId }) => hsaId === form.ward);
  if (ward === undefined) faults.push(fault('unknown-ward', '$.ward'));
  if (form.code === 'CALL' && !knows(form.recipient)) faults.push(fault('unknown-party', '$.recipient'));
  if (isPlanning(form)) faults.push(...wordFaults(form, [ward?.legalForm ?? sender.legalForm], knows));
  return faults;
}

/** Something that had not been when the form was sent, by the form's own words: what is planned is told when it has happened. */
function isAhead({ sent }: NoticeForm, happened: string | undefined): boolean {
  if (sent === undefined || happened === undefined) return false;
  const [sentAt, at] = [readTime(sent, '$.sent'), readTime(happened, '')];
  return !isFaulty(sentAt) && !isFaulty(at) && isFarAhead(at, sentAt.end);
}

/**
 * The visit that a form is about: as the ward names it, else one id for all forms of this sender that name the same person and
 * the same local day of admission. A UUID of ours, so that no person's number is in it.
 * @param form without faults
 */
export function visitIdOf(form: NoticeForm, sender: string, ids: Pick<IdMaker, 'other'>): string {
  if (form.stay.visitId !== undefined) return form.stay.visitId;
  const identity = readFormIdentity(form.person.identity, systemsOf(sender));
  const admitted = form.stay.admitted === undefined ? undefined : readTime(form.stay.admitted, '$.stay.admitted');
  if (typeof identity === 'string' || !admitted || isFaulty(admitted))
    throw new Error('a form with faults has no visit');
  return ids.other('visit-of-form', sender, identity.system, identity.value, localDate(admitted.start));
}
