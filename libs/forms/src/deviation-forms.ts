import {
  ACT_REASONS,
  ACTIONS,
  CASE_ACTS,
  CASE_ROLES,
  CASE_SIDES,
  CASE_STATES,
  type CaseAct,
  type CaseActName,
  type CaseStatement,
  CAUSES,
  type Consequence,
  CONSEQUENCES,
  QUESTIONS,
  REPORT_CODES,
} from '#libs/domain';
import { fault, type Fault, looksLikePersonNumber } from '#libs/platform';
import { closed, formReader, type FormSchema, HSA_ID, ownFields, type Reading, TEXT, UUID } from './form-check.ts';
import { type FormIdentity, IDENTITY_SCHEMA, readFormIdentity } from './form-person.ts';

/**
 * A report of a deviation by a person: `POST /deviation-reports` (rules 6.3). It names the stay, where the reporter was told of
 * it; else the person and the hospital, for what never came cannot be named; else the hospital alone.
 */
export interface DeviationReportForm {
  readonly code: 'REPORT';
  /** What went wrong. */
  readonly deviation: string;
  /** Local day on which it happened. */
  readonly on: string;
  readonly consequence: Consequence;
  /** The patient has agreed to being named to the unit (AVV-01). */
  readonly consent: boolean;
  readonly text?: string;
  /** Encounter.id in the reporter's own view. */
  readonly stay?: string;
  readonly person?: FormIdentity;
  /** The hospital: the organisation whose ward it was. */
  readonly organisation?: string;
}

/** JSON Schema of a report. */
export const DEVIATION_REPORT_SCHEMAS: Readonly<Record<'REPORT', FormSchema>> = {
  REPORT: {
    ...closed(
      {
        ...{ code: { const: 'REPORT' }, deviation: { enum: REPORT_CODES }, on: { type: 'string', format: 'date' } },
        ...{ consequence: { enum: CONSEQUENCES }, consent: { type: 'boolean' }, text: TEXT },
        ...{ stay: UUID, person: IDENTITY_SCHEMA, organisation: HSA_ID },
      },
      ['code', 'deviation', 'on', 'consequence', 'consent'],
    ),
    anyOf: [
      { required: ['stay'], properties: { stay: {} } },
      { required: ['organisation'], properties: { organisation: {} } },
    ],
  },
};

const readReportForm = formReader<DeviationReportForm>(DEVIATION_REPORT_SCHEMAS);

/** Reads a report. Its text goes on to the unit: it names nobody by number (AVV-01). */
export function readDeviationReport(bytes: Uint8Array): Reading<DeviationReportForm> {
  const read = readReportForm(bytes);
  if (!read.ok) return read;
  const [first, ...rest] = faultsIn(read.value);
  return first === undefined ? read : { ok: false, faults: [first, ...rest] };
}

function faultsIn({ text, person }: DeviationReportForm): Fault[] {
  const identity = person && readFormIdentity(person, () => '');
  return [
    ...(text !== undefined && looksLikePersonNumber(text) ? [fault('person-in-text', '$.text')] : []),
    ...(typeof identity === 'string' ? [fault(identity, '$.person.value')] : []),
  ];
}

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

const readActForm = formReader<CaseActForm>(CASE_ACT_SCHEMAS);

/** Reads an act. */
export function readCaseAct(bytes: Uint8Array): Reading<CaseActForm> {
  const read = readActForm(bytes);
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
