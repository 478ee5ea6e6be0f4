import {
  ANSWER_CODES,
  mayAnswer,
  needsGround,
  RETURN_REASONS,
  type AnswerCode,
  type FixedContact,
  type Ground,
  type Party,
  type PartyStatement,
  type ReturnReason,
} from '#libs/domain';
import { fault, type Fault } from '#libs/platform';
import { closed, PARTY, PERSON_AT_WORK, SHORT_TEXT, STATED_GROUNDS, TEXT, TIME, UUID } from './elements.ts';
import { formReader, isFaulty, readTime, type FormSchema } from './form-check.ts';

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
}

type Said = {
  readonly [Code in AnswerCode]: { readonly code: Code; readonly withdraws?: undefined } & Content[Code];
}[AnswerCode];
/** `withdraws` is the id that the hub gave an earlier reply of the same party. */
type TakenBack = { readonly code: AnswerCode; readonly withdraws: string };

/** A reply as JSON: over HTTP (`POST /replies`) and on `replies.<party>`. */
export type ReplyForm = ReplyBase & (Said | TakenBack);

const BASE = { stay: UUID, about: UUID, sent: TIME, grounds: STATED_GROUNDS, answeredBy: PERSON_AT_WORK } as const;
const REQUIRED = ['code', 'stay', 'about'] as const;

/** What a reply of each code holds besides, and which of it it must hold. */
const CONTENT: Readonly<Record<AnswerCode, { readonly [key: string]: object }>> = {
  KVI: {},
  RET: { reason: { enum: RETURN_REASONS }, rightParty: PARTY },
  PLAN: {},
  OBSTACLE: { exists: { enum: ['yes', 'no', 'unknown'] } },
  FOUND: { where: { enum: ['admitted', 'home'] } },
  'PLAN-INFO': { text: TEXT },
  QUERY: { text: TEXT },
  ANSWER: { text: TEXT, question: UUID },
  FVK: {
    confirmed: { type: 'boolean' },
    contact: closed({ name: SHORT_TEXT, role: SHORT_TEXT, unit: SHORT_TEXT, telephone: SHORT_TEXT }, ['name']),
  },
  'SIP-CALL': {
    invited: { type: 'array', minItems: 1, maxItems: 40, uniqueItems: true, items: PARTY },
    at: TIME,
    text: TEXT,
  },
};
const OPTIONAL: ReadonlySet<string> = new Set(['rightParty', 'at']);

function schemaOf(code: AnswerCode): FormSchema {
  const content = CONTENT[code];
  const must = Object.keys(content).filter((key) => !OPTIONAL.has(key) && !(code === 'SIP-CALL' && key === 'text'));
  const own = { ...BASE, code: { const: code } };
  return {
    type: 'object',
    if: { type: 'object', required: ['withdraws'], properties: { withdraws: UUID } },
    then: closed({ ...own, withdraws: UUID }, [...REQUIRED, 'withdraws']),
    else: closed({ ...own, ...content }, [...REQUIRED, ...must]),
  };
}

/** JSON Schema of a reply, by code. */
export const REPLY_SCHEMAS: Readonly<Record<AnswerCode, FormSchema>> = Object.fromEntries(
  ANSWER_CODES.map((code) => [code, schemaOf(code)]),
) as Record<AnswerCode, FormSchema>;

/** Reads a reply: its form alone, not whether this party may send it. */
export const readReplyForm = formReader<ReplyForm>(REPLY_SCHEMAS);

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
  const { code, grounds } = form;
  const faults: Fault[] = [];
  if (!mayAnswer(code, party)) faults.push(fault('answer-not-theirs', '$.code'));
  for (const place of ['sent', 'at'] as const) {
    const text: unknown = place in form ? form[place as keyof ReplyForm] : undefined;
    const time = typeof text === 'string' ? readTime(text, `$.${place}`) : undefined;
    if (time && isFaulty(time)) faults.push(time);
  }
  if (form.withdraws !== undefined) return faults;
  const follows = party.legalForms.includes('region-authority');
  if (needsGround(code) && grounds === undefined && !follows) faults.push(fault('ground-not-stated', '$.grounds'));
  if (form.code === 'RET' && form.rightParty !== undefined && !knows(form.rightParty)) {
    faults.push(fault('unknown-party', '$.rightParty'));
  }
  if (form.code === 'SIP-CALL') {
    form.invited.forEach((id, index) => {
      if (!knows(id)) faults.push(fault('unknown-party', `$.invited[${index}]`));
    });
  }
  return faults;
}

/**
 * What a reply says, as the domain has it.
 * @param eventId of the event that the reply becomes: it names the thread of a question
 */
export function statementOf(form: ReplyForm, eventId: string): PartyStatement {
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
    case 'SIP-CALL': {
      const at = form.at === undefined ? undefined : readTime(form.at, '$.at');
      return {
        kind: 'sip-called',
        invited: form.invited,
        ...(at && !isFaulty(at) && { at }),
        ...(form.text !== undefined && { text: form.text }),
      };
    }
  }
}
