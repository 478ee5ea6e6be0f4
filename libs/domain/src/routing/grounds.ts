import type { Scope } from '../events/fact.ts';
import type { LegalForm } from '../events/terms.ts';
import { GROUNDS, type Ground } from '../notices/grounds.ts';
import { ofCode, speaksOf, type FactInForce } from '../stay/facts.ts';
import type { Party } from './party.ts';

/** Legal forms that a row holds between. */
type Forms = readonly LegalForm[];
const ANY: Forms = ['region-authority', 'municipal-authority', 'private'];
const AUTHORITIES: Forms = ['region-authority', 'municipal-authority'];

/** One row of the table kind x ground x legal forms (DEC-22; rules 8.2, 12.2, 12.3). */
export interface GroundRow {
  readonly ground: Ground;
  /** Codes of `CodeSystem/notice` that it carries; `more` is everything that chapter 2 of LUS does not make lawful. */
  readonly carries: readonly string[] | 'more';
  readonly from: Forms;
  readonly to: Forms;
  /** True when it holds by the legal forms alone, without anybody stating it. */
  readonly unstated: boolean;
  /** Local days, first and last. */
  readonly validFrom: string;
  readonly validTo?: string;
  readonly source: string;
}

const SINCE = '2018-01-01';

/** The dated table of grounds. */
export const GROUND_ROWS: readonly GroundRow[] = [
  row('LUS_2KAP', ['INS', 'BUT', 'INS-WITHDRAWN'], ANY, ANY, 'LUS 2:1-4; OSL 25:11 p.6, 10:28; PSL 6:12', true),
  row('CONSENT', 'more', ANY, ANY, 'OSL 10:1, 12:2'),
  row('SAME_REGION', 'more', ['region-authority'], ['region-authority'], 'OSL 25:11 p.2', true),
  {
    ...row('CHILD_OR_ABUSE_OR_COMPULSORY', 'more', AUTHORITIES, AUTHORITIES, 'OSL 25:12'),
    validTo: '2027-12-31',
  },
  {
    ...row('CHILD_OR_ABUSE_OR_COMPULSORY', 'more', AUTHORITIES, AUTHORITIES, 'OSL 25:12 (SFS 2026:1310)'),
    validFrom: '2028-01-01',
  },
  row('CANNOT_CONSENT', 'more', AUTHORITIES, ANY, 'OSL 25:13'),
  row('MENPROVNING', 'more', ANY, ANY, 'OSL 25:1'),
  row('PRIVATE_PROVIDER', 'more', ['private'], ANY, 'PSL 6:12'),
  row('LPT_7A', ['OPT-DECISION'], ANY, AUTHORITIES, 'LPT 7 a st.3; OSL 10:28'),
];

function row(
  ground: Ground,
  carries: GroundRow['carries'],
  from: Forms,
  to: Forms,
  source: string,
  unstated = false,
): GroundRow {
  return { ground, carries, from, to, unstated, validFrom: SINCE, source };
}

/** `refused` is lawful withholding; `not-stated` is a Task to the ward (DEC-06). */
export type GroundDecision = { readonly ground: Ground } | { readonly withheld: 'refused' | 'not-stated' };

/** What is to be told, by whom, to whom, and what the ward has stated of grounds. */
export interface GroundQuestion {
  /** Code of the kind of notice. */
  readonly kind: string;
  readonly from: LegalForm;
  readonly to: Pick<Party, 'legalForms'>;
  /** What of the recipient's need the content speaks of: consent in one of them is enough. */
  readonly scopes: readonly Scope[];
  readonly disclosures: readonly FactInForce[];
  /** Local day of telling. */
  readonly date: string;
}

/**
 * On which ground a notice may be told (LUS 3:1-2; rules 12.2, 12.3; DEC-22). CONSENT is named first, then what follows
 * without statement, then what the ward has stated. A ground outside its row is no ground.
 */
export function groundFor(question: GroundQuestion): GroundDecision {
  const { scopes, disclosures } = question;
  const carrying = (ground: Ground): boolean => holds(ground, question);
  const lawful = GROUNDS.find((ground) => ground === 'LUS_2KAP' && carrying(ground));
  if (lawful) return { ground: lawful };
  const consents = scopes.map((scope) => latestConsent(disclosures, scope));
  if (consents.includes('Y') && carrying('CONSENT')) return { ground: 'CONSENT' };
  const refused = consents.includes('N');
  if (carrying('SAME_REGION')) return { ground: 'SAME_REGION' };
  const stated = new Set(scopes.flatMap((scope) => latestBasis(disclosures, scope)));
  const ground = GROUNDS.find(
    (candidate) => stated.has(candidate) && !(candidate === 'CONSENT' && refused) && carrying(candidate),
  );
  return ground ? { ground } : { withheld: refused ? 'refused' : 'not-stated' };
}

/** True when a ground carries a kind between these legal forms on that day. */
export function holds(
  ground: Ground,
  { kind, from, to, date }: Pick<GroundQuestion, 'kind' | 'from' | 'to' | 'date'>,
): boolean {
  return GROUND_ROWS.some(
    (one) =>
      one.ground === ground &&
      one.validFrom <= date &&
      date <= (one.validTo ?? date) &&
      (one.carries === 'more' ? !isLawful(kind) : one.carries.includes(kind)) &&
      one.from.includes(from) &&
      one.to.some((form) => to.legalForms.includes(form)),
  );
}

/** True for what chapter 2 of LUS makes lawful without any statement. */
function isLawful(kind: string): boolean {
  return GROUND_ROWS.some((one) => one.ground === 'LUS_2KAP' && one.carries.includes(kind));
}

function latestConsent(disclosures: readonly FactInForce[], scope: Scope): string | undefined {
  return ofCode(disclosures, 'CONSENT').findLast((fact) => speaksOf(fact, scope))?.values[0];
}

function latestBasis(disclosures: readonly FactInForce[], scope: Scope): readonly string[] {
  return ofCode(disclosures, 'BASIS').findLast((fact) => speaksOf(fact, scope))?.values ?? [];
}
