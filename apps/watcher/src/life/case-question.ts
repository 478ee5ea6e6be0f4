import type { Caller } from '#libs/county';
import { REPORT_CODES, stepOf, type Instant } from '#libs/domain';
import { fault, isFault, type Fault } from '#libs/platform';

/** Which cases a caller asks for: all that is given has to hold. */
export interface CaseQuestion {
  readonly state?: string | undefined;
  /** Of a code, of a step of the regional routine, or of both. */
  readonly codes?: readonly string[] | undefined;
  readonly month?: string | undefined;
  readonly open?: boolean | undefined;
  readonly careType?: string | undefined;
  readonly hospitalKind?: string | undefined;
  readonly municipalityKind?: string | undefined;
  readonly unit?: string | undefined;
  readonly municipality?: string | undefined;
  /** Place of the last one of the page before. */
  readonly after?: { readonly changedAt: Instant; readonly id: string } | undefined;
}

/**
 * What may not be asked for, by who asks (rules 12.5): an answer tells what was asked for. Storsthlm and HSF know neither unit nor
 * municipality of a live case; the kinds stand in their rows alone; a party that is told of a stay is not told where in care it is.
 */
function forbiddenTo({ roles }: Caller): readonly string[] {
  if (roles.includes('observer')) return ['unit', 'municipality'];
  if (roles.includes('operator')) return ['hospitalKind', 'municipalityKind'];
  return [...(roles.includes('sender') ? [] : ['careType']), 'hospitalKind', 'municipalityKind'];
}

type Query = Readonly<Record<string, unknown>>;

/** Reads a question from the address. @returns what is wrong with it (BRY-5009 and the like) where something is */
export function readCaseQuestion(query: Query, caller: Caller): CaseQuestion | Fault {
  const asked = [...NAMES, 'step', 'code'].filter((name) => query[name] !== undefined);
  const wrong = asked.find((name) => !isWord(query[name]) || forbiddenTo(caller).includes(name));
  if (wrong !== undefined) return fault('bad-parameter', wrong);
  const after = placeOf(query['after']);
  if (isFault(after)) return after;
  const text = (name: string): string | undefined => query[name] as string | undefined;
  const [code, step] = [text('code'), text('step')];
  return {
    ...Object.fromEntries(NAMES.map((name) => [name, text(name)])),
    ...((code !== undefined || step !== undefined) && { codes: codesOf(code, step) }),
    open: query['open'] === undefined ? undefined : query['open'] === 'true',
    after,
  };
}

const NAMES = ['state', 'month', 'careType', 'hospitalKind', 'municipalityKind', 'unit', 'municipality'] as const;

const isWord = (value: unknown): boolean => typeof value === 'string' && /^[\w-]{1,40}$/.test(value);

function codesOf(code: string | undefined, step: string | undefined): string[] {
  const named = code === undefined ? REPORT_CODES : [code];
  return named.filter((one) => step === undefined || String(stepOf(one)) === step);
}

function placeOf(value: unknown): CaseQuestion['after'] | Fault {
  if (value === undefined) return undefined;
  const [, at, id] = (typeof value === 'string' && /^(\d{1,15})_([0-9a-f-]{36})$/.exec(value)) || [];
  return at === undefined || id === undefined ? fault('bad-cursor') : { changedAt: Number(at), id };
}
