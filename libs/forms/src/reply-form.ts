import {
  ABSENCE_REASONS,
  ANSWER_CODES,
  DECLINED_BY,
  mayAnswer,
  needsGround,
  PLAN_ITEMS,
  PLAN_PARTICIPANTS,
  PLAN_STATES,
  PLANNING_CODES,
  RETURN_REASONS,
  SCOPES,
  UNCHANGED,
  type AbsenceReason,
  type AnswerCode,
  type DeclinedBy,
  type FixedContact,
  type Ground,
  type HomeWord,
  type LegalForm,
  type Party,
  type PartyStatement,
  type PlanItem,
  type PlanningCode,
  type PlanParticipant,
  type PlanState,
  type ReturnReason,
  type Scope,
  type StatedTime,
  type Unchanged,
} from '#libs/domain';
import { fault, type Fault } from '#libs/platform';
import {
  closed,
  formChecker,
  formReader,
  type FormSchema,
  isFaulty,
  PARTY,
  PERSON_AT_WORK,
  readJsonObject,
  readTime,
  SHORT_TEXT,
  STATED_GROUNDS,
  TEXT,
  TIME,
  UUID,
} from './form-check.ts';

/** What every reply says: which answer, in which stay, to which notice (both ids stand in every notice delivered). */
interface ReplyBase {
  /** Encounter.id of the notice. */
  readonly stay: string;
  /** Communication.id of the notice. */
  readonly about: string;
  /** When the person answered; when the hub took it in where it is not said. */
  readonly sent?: string;
  readonly grounds?: readonly Ground[];
  readonly answeredBy?: string;
}

/** What is said, by its code; the same for a party's reply and for a ward's word on the planning. */
interface Content {
  readonly KVI: object;
  readonly RET: { readonly reason: ReturnReason; readonly rightParty?: string };
  readonly PLAN: object;
  readonly OBSTACLE: { readonly exists: 'yes' | 'no' | 'unknown' };
  readonly FOUND: { readonly where: 'admitted' | 'home' };
  readonly 'PLAN-INFO': { readonly text: string };
  readonly QUERY: { readonly text: string };
  readonly ANSWER: { readonly text: string; readonly question: string };
  readonly FVK: { readonly confirmed: boolean; readonly contact: FixedContact };
  readonly 'SIP-CALL': { readonly invited: readonly string[]; readonly at?: string; readonly text?: string };
  readonly 'SIP-PROPOSE': { readonly at: string; readonly text?: string };
  readonly 'SIP-REPLY': {
    readonly proposal: string;
    readonly accepted: boolean;
    readonly at?: string;
    readonly text?: string;
  };
  readonly 'SIP-DECLINED': { readonly by: DeclinedBy; readonly text?: string };
  readonly 'SIP-PLAN': {
    readonly state: PlanState;
    readonly items: readonly PlanItem[];
    readonly consent: boolean;
    readonly tookPart: readonly PlanParticipant[];
    readonly absence?: AbsenceReason;
    readonly text?: string;
  };
  readonly SVPL: { readonly state: PlanState; readonly units: readonly string[]; readonly text?: string };
  readonly 'SVPL-ADJ': { readonly plan: string; readonly unit?: string };
  readonly OPPOSED: { readonly scopes?: readonly Scope[] };
  readonly 'CASE-OWNER': { readonly owner: string; readonly desk?: string };
  readonly RECIPIENT: {
    readonly recipient: string;
    /** All that a provider of home care is told (rules 12.2); the text is for the ward and a clinic. */
    readonly home?: {
      readonly awayFrom?: string;
      readonly homeFrom?: string;
      readonly unchanged?: Unchanged;
      readonly call?: string;
    };
    readonly text?: string;
  };
}

/** `replaces` is the id of an earlier one that never was, now that this is said instead. */
type SaidOf<Codes extends AnswerCode> = {
  readonly [Code in Codes]: {
    readonly code: Code;
    readonly withdraws?: undefined;
    readonly replaces?: string;
  } & Content[Code];
}[Codes];
/** `withdraws` is the id that the hub gave an earlier one of the same party. */
interface TakenBack<Codes extends AnswerCode> {
  readonly code: Codes;
  readonly withdraws: string;
  readonly replaces?: undefined;
}

/** What is said under one of these codes, or taken back. */
export type Word<Codes extends AnswerCode = AnswerCode> = SaidOf<Codes> | TakenBack<Codes>;

/** A reply as JSON: over HTTP (`POST /replies`) and on `replies.<party>`. */
export type ReplyForm = ReplyBase & Word;

const BASE = { stay: UUID, about: UUID, sent: TIME, grounds: STATED_GROUNDS, answeredBy: PERSON_AT_WORK } as const;
const REQUIRED = ['code', 'stay', 'about'] as const;

type Keys = Readonly<Record<string, object>>;
const some = (values: readonly string[], minItems = 0): object => ({
  ...{ type: 'array', minItems, maxItems: values.length, uniqueItems: true },
  items: { enum: values },
});
const PARTIES = { type: 'array', minItems: 1, maxItems: 40, uniqueItems: true, items: PARTY };
const YES_OR_NO = { type: 'boolean' };
const STATE = { enum: PLAN_STATES };
const HOME = {
  ...closed({ awayFrom: TIME, homeFrom: TIME, unchanged: { enum: UNCHANGED }, call: SHORT_TEXT }, []),
  minProperties: 1,
};

/** What a word of each code holds besides: first what it must hold, then what it may. */
const CONTENT: Readonly<Record<AnswerCode, readonly [must: Keys, may: Keys]>> = {
  KVI: [{}, {}],
  RET: [{ reason: { enum: RETURN_REASONS } }, { rightParty: PARTY }],
  PLAN: [{}, {}],
  OBSTACLE: [{ exists: { enum: ['yes', 'no', 'unknown'] } }, {}],
  FOUND: [{ where: { enum: ['admitted', 'home'] } }, {}],
  'PLAN-INFO': [{ text: TEXT }, {}],
  QUERY: [{ text: TEXT }, {}],
  ANSWER: [{ text: TEXT, question: UUID }, {}],
  FVK: [
    {
      confirmed: YES_OR_NO,
      contact: closed({ name: SHORT_TEXT, role: SHORT_TEXT, unit: SHORT_TEXT, telephone: SHORT_TEXT }, ['name']),
    },
    {},
  ],
  'SIP-CALL': [{ invited: PARTIES }, { at: TIME, text: TEXT }],
  'SIP-PROPOSE': [{ at: TIME }, { text: TEXT }],
  'SIP-REPLY': [
    { proposal: UUID, accepted: YES_OR_NO },
    { at: TIME, text: TEXT },
  ],
  'SIP-DECLINED': [{ by: { enum: DECLINED_BY } }, { text: TEXT }],
  'SIP-PLAN': [
    { state: STATE, items: some(PLAN_ITEMS), consent: YES_OR_NO, tookPart: some(PLAN_PARTICIPANTS) },
    { absence: { enum: ABSENCE_REASONS }, text: TEXT },
  ],
  SVPL: [{ state: STATE, units: PARTIES }, { text: TEXT }],
  'SVPL-ADJ': [{ plan: UUID }, { unit: PARTY }],
  OPPOSED: [{}, { scopes: some(SCOPES, 1) }],
  'CASE-OWNER': [{ owner: PARTY }, { desk: SHORT_TEXT }],
  RECIPIENT: [{ recipient: PARTY }, { home: HOME, text: TEXT }],
};

/**
 * JSON Schema of a word of one code: its content, or no more than what it takes back.
 * @param base what a form of this kind holds whatever its code, and which of it it must hold
 */
export function wordSchema(code: AnswerCode, base: Keys, required: readonly string[]): FormSchema {
  const [must, may] = CONTENT[code];
  const own = { ...base, code: { const: code } };
  return {
    type: 'object',
    if: { type: 'object', required: ['withdraws'], properties: { withdraws: UUID } },
    then: closed({ ...own, withdraws: UUID }, [...required, 'withdraws']),
    else: closed({ ...own, replaces: UUID, ...must, ...may }, [...required, ...Object.keys(must)]),
  };
}

/** JSON Schema of a reply, by code. */
export const REPLY_SCHEMAS: Readonly<Record<AnswerCode, FormSchema>> = Object.fromEntries(
  ANSWER_CODES.map((code) => [code, wordSchema(code, BASE, REQUIRED)]),
) as Record<AnswerCode, FormSchema>;

/** Reads a reply: its form alone, not whether this party may send it. */
export const readReplyForm = formReader<ReplyForm>(REPLY_SCHEMAS);
const HUB_ID = new RegExp(UUID.pattern);

/**
 * What a reply that is not taken answers, as far as its bytes tell: by it the party finds it among its rejected ones. A code of
 * ours and an id as the hub gives them, and never anything else of the bytes, which might be anybody's number.
 * @returns `trigger` the code, `controlId` the Communication.id; each left out where the bytes do not have it
 */
export function namedByReply(bytes: Uint8Array): { readonly trigger?: AnswerCode; readonly controlId?: string } {
  const read = readJsonObject(bytes);
  if (!read.ok) return {};
  const trigger = ANSWER_CODES.find((code) => code === read.value['code']);
  const { about } = read.value;
  return {
    ...(trigger !== undefined && { trigger }),
    ...(typeof about === 'string' && HUB_ID.test(about) && { controlId: about }),
  };
}

/** As {@link readReplyForm}, of a reply that came in another form. */
export const checkReplyForm = formChecker<ReplyForm>(REPLY_SCHEMAS);

/** What a ward says for the planning of a stay, however it names the stay. */
export type PlanningForm = Pick<ReplyBase, 'sent' | 'grounds' | 'answeredBy'> & Word<PlanningCode>;

const { sent, grounds, answeredBy } = BASE;
/** Checks the form of what a ward says for the planning. */
export const checkPlanningForm = formChecker<PlanningForm>(
  Object.fromEntries(
    PLANNING_CODES.map((code) => [code, wordSchema(code, { sent, grounds, answeredBy }, ['code'])]),
  ) as Record<PlanningCode, FormSchema>,
);

/**
 * Whether a party may say this at all, before anyone knows what it was told (rules 12.2): some answers are the region's open
 * care's alone, and what needs a ground must state one where none can follow from the legal forms.
 * @param knows whether the directory has a party of that id
 */
export function replyFaults(
  form: ReplyForm,
  party: Pick<Party, 'kind' | 'legalForms'>,
  knows: (id: string) => boolean,
): Fault[] {
  const faults = mayAnswer(form.code, party) ? [] : [fault('answer-not-theirs', '$.code')];
  const sent = form.sent === undefined ? undefined : readTime(form.sent, '$.sent');
  if (sent && isFaulty(sent)) faults.push(sent);
  return [...faults, ...wordFaults(form, party.legalForms, knows)];
}

/**
 * What is wrong with a word beyond its form, whoever says it: a time that is none, a party that nobody knows, and no ground
 * where none can follow from the legal forms (rules 12.2, 12.3).
 * @param legalForms of who says it
 */
export function wordFaults(
  form: Word & Pick<ReplyBase, 'grounds'>,
  legalForms: readonly LegalForm[],
  knows: (id: string) => boolean,
): Fault[] {
  if (form.withdraws !== undefined) return [];
  const faults: Fault[] = [];
  for (const [place, text] of timesIn(form)) {
    const time = readTime(text, place);
    if (isFaulty(time)) faults.push(time);
  }
  const follows = legalForms.includes('region-authority');
  // The hub acts on whose the case is, whether or not the ward may be told of it (RTE-23).
  const isForTheHub = form.code === 'CASE-OWNER';
  if (needsGround(form.code) && !isForTheHub && form.grounds === undefined && !follows) {
    faults.push(fault('ground-not-stated', '$.grounds'));
  }
  const unknown = partiesNamed(form).filter(({ id }) => !knows(id));
  return [...faults, ...unknown.map(({ place }) => fault('unknown-party', place))];
}

/** The times of a word, and where each stands. */
function timesIn(form: SaidOf<AnswerCode>): readonly (readonly [place: string, text: string])[] {
  const { awayFrom, homeFrom } = form.code === 'RECIPIENT' ? (form.home ?? {}) : {};
  return [
    ...('at' in form && form.at !== undefined ? ([['$.at', form.at]] as const) : []),
    ...(awayFrom === undefined ? [] : ([['$.home.awayFrom', awayFrom]] as const)),
    ...(homeFrom === undefined ? [] : ([['$.home.homeFrom', homeFrom]] as const)),
  ];
}

function partiesNamed(form: SaidOf<AnswerCode>): readonly { readonly id: string; readonly place: string }[] {
  const listed = (name: string, ids: readonly string[]) =>
    ids.map((id, index) => ({ id, place: `$.${name}[${index}]` }));
  switch (form.code) {
    case 'RET':
      return form.rightParty === undefined ? [] : [{ id: form.rightParty, place: '$.rightParty' }];
    case 'SIP-CALL':
      return listed('invited', form.invited);
    case 'SVPL':
      return listed('units', form.units);
    case 'CASE-OWNER':
      return [{ id: form.owner, place: '$.owner' }];
    case 'RECIPIENT':
      return [{ id: form.recipient, place: '$.recipient' }];
    case 'SVPL-ADJ':
      return form.unit === undefined ? [] : [{ id: form.unit, place: '$.unit' }];
    default:
      return [];
  }
}

/**
 * What a word says, as the domain has it.
 * @param eventId of the event that it becomes: it names the thread of a question
 */
export function statementOf(form: Word, eventId: string): PartyStatement {
  if (form.withdraws !== undefined) return { kind: 'undone', eventId: form.withdraws, code: form.code };
  switch (form.code) {
    case 'KVI':
      return { kind: 'acknowledged' };
    case 'RET':
      return {
        kind: 'returned',
        reason: form.reason,
        ...(form.rightParty !== undefined && { proposal: form.rightParty }),
      };
    case 'PLAN':
      return { kind: 'planning-begun' };
    case 'OBSTACLE':
      return { kind: 'obstacle', exists: form.exists };
    case 'FOUND':
      return { kind: 'found', where: form.where };
    case 'PLAN-INFO':
      return { kind: 'informed', text: form.text };
    case 'QUERY':
      return { kind: 'asked', thread: eventId, text: form.text };
    case 'ANSWER':
      return { kind: 'answered', thread: form.question, text: form.text };
    case 'FVK':
      return { kind: 'contact-appointed', confirmed: form.confirmed, contact: form.contact };
    case 'CASE-OWNER':
      return { kind: 'case-owned', owner: form.owner, ...(form.desk !== undefined && { desk: form.desk }) };
    case 'RECIPIENT':
      return {
        ...{ kind: 'recipient-added', recipient: form.recipient },
        ...(form.home && { home: homeWordOf(form.home) }),
        ...(form.text !== undefined && { text: form.text }),
      };
    case 'OPPOSED':
      return { kind: 'opposed', scopes: SCOPES.filter((scope) => form.scopes?.includes(scope)) };
    default:
      return planningStatementOf(form);
  }
}

function homeWordOf({ awayFrom, homeFrom, ...rest }: NonNullable<Content['RECIPIENT']['home']>): HomeWord {
  const timed = (text: string | undefined): StatedTime | undefined => {
    const time = text === undefined ? undefined : readTime(text, '');
    return time && !isFaulty(time) ? time : undefined;
  };
  const [away, home] = [timed(awayFrom), timed(homeFrom)];
  return { ...(away && { awayFrom: away }), ...(home && { homeFrom: home }), ...rest };
}

type PlanCode = 'SIP-CALL' | 'SIP-PROPOSE' | 'SIP-REPLY' | 'SIP-DECLINED' | 'SIP-PLAN' | 'SVPL' | 'SVPL-ADJ';

/** Lists are put in the order of the domain: the same said in another order is the same. */
function planningStatementOf(form: SaidOf<PlanCode>): PartyStatement {
  const text = 'text' in form && form.text !== undefined ? { text: form.text } : {};
  const time = 'at' in form && form.at !== undefined ? readTime(form.at, '$.at') : undefined;
  const at = time && !isFaulty(time) ? { at: time } : {};
  switch (form.code) {
    case 'SIP-CALL':
      return { kind: 'sip-called', invited: form.invited, ...at, ...text };
    case 'SIP-PROPOSE':
      if (!at.at) throw new Error('a form with faults says nothing');
      return { kind: 'sip-proposed', at: at.at, ...text };
    case 'SIP-REPLY':
      return { kind: 'sip-replied', proposal: form.proposal, accepted: form.accepted, ...at, ...text };
    case 'SIP-DECLINED':
      return { kind: 'sip-declined', by: form.by, ...text };
    case 'SIP-PLAN':
      return {
        ...{ kind: 'sip-planned', state: form.state, consent: form.consent },
        items: PLAN_ITEMS.filter((item) => form.items.includes(item)),
        tookPart: PLAN_PARTICIPANTS.filter((one) => form.tookPart.includes(one)),
        ...(form.absence && { absence: form.absence }),
        ...text,
      };
    case 'SVPL':
      return { kind: 'care-planned', state: form.state, units: form.units, ...text };
    case 'SVPL-ADJ':
      return { kind: 'care-plan-adjusted', plan: form.plan, ...(form.unit !== undefined && { unit: form.unit }) };
  }
}
