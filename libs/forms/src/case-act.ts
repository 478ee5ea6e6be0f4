import {
  ACT_REASONS,
  ACTIONS,
  CASE_ACTS,
  CASE_ROLES,
  CASE_SIDES,
  CASE_STATES,
  CAUSES,
  QUESTIONS,
  type CaseAct,
  type CaseActName,
  type CaseStatement,
} from '#libs/domain';
import { fault, looksLikePersonNumber } from '#libs/platform';
import { closed, TEXT, UUID } from './elements.ts';
import { formReader, type FormSchema } from './form-check.ts';
import { ownFields, type Reading } from './json-object.ts';

/** What a person does with a case: `POST /deviation-cases/<id>/acts`. */
export interface CaseActForm extends Omit<CaseAct, 'act'> {
  readonly code: CaseActName;
  /** The version of the case that the person saw. */
  readonly version: number;
}

type Keys = Readonly<Record<string, object>>;
const BASE: Keys = { version: { type: 'integer', minimum: 1 } };
const REASON: Keys = { reason: { enum: ACT_REASONS } };

/** Of each act: what it must say, and what it may. */
const CONTENT: Readonly<Record<CaseActName, readonly [must: Keys, may: Keys]>> = {
  take: [{}, {}],
  answer: [{ cause: { enum: CAUSES }, action: { enum: ACTIONS } }, { text: TEXT }],
  ask: [{ question: { enum: QUESTIONS } }, {}],
  escalate: [REASON, {}],
  close: [REASON, {}],
  reject: [REASON, { text: TEXT }],
  reopen: [REASON, {}],
  withdraw: [{ report: UUID }, {}],
};

/** JSON Schemas of the acts, by code. */
export const CASE_ACT_SCHEMAS = Object.fromEntries(
  CASE_ACTS.map((code) => {
    const [must, may] = CONTENT[code];
    const properties = { code: { const: code }, ...BASE, ...must, ...may };
    return [code, closed(properties, ['code', 'version', ...Object.keys(must)])];
  }),
) as Readonly<Record<CaseActName, FormSchema>>;

const readForm = formReader<CaseActForm>(CASE_ACT_SCHEMAS);

/** Reads an act. */
export function readCaseAct(bytes: Uint8Array): Reading<CaseActForm> {
  const read = readForm(bytes);
  if (!read.ok || read.value.text === undefined || !looksLikePersonNumber(read.value.text)) return read;
  return { ok: false, faults: [fault('person-in-text', '$.text')] };
}

/** An act as it lies on `inbound` (kind `case-act`): the hub itself writes it, once it has checked it, and reads it on every replay. */
export type CheckedAct = Omit<Extract<CaseStatement, { kind: 'acted' }>, 'kind'>;

/** Reads a checked act; undefined for what is none, which only somebody else can have written. */
export function readCheckedAct(bytes: Uint8Array): CheckedAct | undefined {
  const value = ownFields(bytes);
  const { caseId, act, role, side, from, standing } = value;
  const isKnown = <Word extends string>(words: readonly Word[], word: unknown): word is Word =>
    words.some((known) => known === word);
  if (typeof caseId !== 'string' || typeof act !== 'object' || act === null || !Array.isArray(standing))
    return undefined;
  if (!('act' in act) || !isKnown(CASE_ACTS, act.act)) return undefined;
  if (!isKnown(CASE_ROLES, role) || !isKnown(CASE_SIDES, side) || !isKnown(CASE_STATES, from)) return undefined;
  return { caseId, act: { ...(act as CaseAct) }, role, side, from, standing: standing.map(String) };
}
