import { NEED_SCOPES, type NeedScope } from '../events/fact.ts';
import type { Terms } from '../events/terms.ts';
import type { Instant } from '../time/time.ts';
import type { Admission } from './inpatient-course.ts';
import { ofCode, runStart, scopeKey, type FactInForce } from './facts.ts';

/** The assessed need of one scope, with a clock of its own (DEC-27). */
export interface ScopeNeed {
  readonly scope: NeedScope;
  /** When the doctor judged it: start of the present run of need (LAW-15). */
  readonly assessedAt: Instant;
  /** False when the sender gave the judgement no time of its own (DEC-04). */
  readonly ownTime: boolean;
  readonly statedBy: string;
}

export interface Need {
  /** Empty: `NONE` was stated. */
  readonly scopes: readonly ScopeNeed[];
  readonly statedBy: string;
}

/** Which scopes the ward has ordered the INS for (DEC-32). `all`: an order that is addressed to nobody orders all there are. */
export interface InsOrder {
  readonly all: boolean;
  readonly scopes: readonly NeedScope[];
  /** The first message of the orders that stand. */
  readonly statedBy?: string;
}

/** The orders of INS that stand. */
export function insOrderOf(facts: readonly FactInForce[]): InsOrder {
  const standing = standingOrders(facts);
  return {
    all: standing.some((order) => order.scopes.length === 0),
    scopes: NEED_SCOPES.filter((scope) => standing.some((order) => order.scopes.includes(scope))),
    ...(standing[0] && { statedBy: standing[0].statedBy }),
  };
}

function standingOrders(facts: readonly FactInForce[]): FactInForce[] {
  const latest = new Map(ofCode(facts, 'INS').map((order) => [scopeKey(order.scopes), order]));
  return [...latest.values()].filter((order) => order.values[0] === 'Y');
}

/**
 * The need in force: stated; else addressed by the ward's own INS (DEC-01); else implied by the agreement from the admission
 * on (contract 5, `need`). Undefined: never stated.
 * @param admission the admission that implies it; undefined when none has been stated of this person
 */
export function needOf(
  facts: readonly FactInForce[],
  terms: Terms,
  admission: Admission | undefined,
): Need | undefined {
  const stated = ofCode(facts, 'NEED');
  const latest = stated.at(-1);
  if (latest) {
    const scopes = scopesIn(latest).flatMap((scope) => {
      const first = runStart(stated, (fact) => fact.values.includes(scope));
      return first ? [scopeNeed(scope, first)] : [];
    });
    return { scopes, statedBy: latest.statedBy };
  }
  return addressedNeed(facts) ?? impliedNeed(terms, admission);
}

function scopesIn(fact: FactInForce): NeedScope[] {
  return NEED_SCOPES.filter((scope) => fact.values.includes(scope));
}

function scopeNeed(scope: NeedScope, fact: FactInForce): ScopeNeed {
  return { scope, assessedAt: fact.at, ownTime: fact.stated !== undefined, statedBy: fact.statedBy };
}

/** An INS that the ward itself addresses, by its scope, counts as a recorded need; one addressed to nobody does not. */
function addressedNeed(facts: readonly FactInForce[]): Need | undefined {
  const standing = standingOrders(facts);
  const scopes = NEED_SCOPES.flatMap((scope) => {
    const order = standing.find((candidate) => candidate.scopes.includes(scope));
    return order ? [scopeNeed(scope, order)] : [];
  });
  const [first] = scopes;
  return first && { scopes, statedBy: first.statedBy };
}

function impliedNeed({ impliedNeed: implied }: Terms, admission: Admission | undefined): Need | undefined {
  if (implied.length === 0 || !admission) return undefined;
  const { at: assessedAt, statedBy } = admission;
  return { scopes: implied.map((scope) => ({ scope, assessedAt, ownTime: false, statedBy })), statedBy };
}
