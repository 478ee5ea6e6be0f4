import { NEED_SCOPES, type NeedScope, type Scope } from '../codes/scope.ts';
import type { Terms } from '../events/event-origin.ts';
import type { Instant } from '../time/time.ts';
import type { Admission } from './inpatient-course.ts';
import { runStart, scopeKey, type FactInForce } from './facts.ts';
import type { Facts } from './growing-facts.ts';

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

/** An order of the INS that stands. One that is addressed to nobody (no scopes) orders all there are (DEC-32). */
export interface InsOrder {
  readonly scopes: readonly Scope[];
  readonly statedBy: string;
}

/** The message by which the INS of a scope is ordered; undefined when it is not. */
export function orderedBy(orders: readonly InsOrder[], scope: NeedScope): string | undefined {
  return orders.find(({ scopes }) => scopes.length === 0 || scopes.includes(scope))?.statedBy;
}

/**
 * The orders of INS that stand, the earliest first: one that is repeated stands since it was first given.
 * @param orders facts of INS, oldest first
 */
export function insOrdersOf(orders: readonly FactInForce[]): InsOrder[] {
  return ordersInForce(orders).map(({ scopes, statedBy }) => ({ scopes, statedBy }));
}

function ordersInForce(all: readonly FactInForce[]): FactInForce[] {
  const byScopes = Map.groupBy(all, (order) => scopeKey(order.scopes));
  return [...byScopes.values()]
    .flatMap((orders) => runStart(orders, (order) => order.values[0] === 'Y') ?? [])
    .sort((a, b) => a.at - b.at);
}

/**
 * The need in force that facts state: as such, or addressed by the ward's own INS (DEC-01). Undefined: none does, and it may
 * be implied (`impliedNeed`).
 */
export function statedNeed({ needs, of }: Pick<Facts, 'needs' | 'of'>): Need | undefined {
  const { latest } = needs;
  if (!latest) return addressedNeed(of.orders);
  if (needs.isJoined) return joinedNeed(needs.list(), latest);
  const scopes = scopesIn(latest).flatMap((scope) => {
    const first = needs.startOf(scope);
    return first ? [scopeNeed(scope, first)] : [];
  });
  return { scopes, statedBy: latest.statedBy };
}

function joinedNeed(stated: readonly FactInForce[], { statedBy }: FactInForce): Need {
  const assessed = assessments(stated).flatMap(scopesNeeded);
  const scopes = NEED_SCOPES.flatMap((scope) => {
    const [first] = assessed.filter((one) => one.scope === scope).sort((a, b) => a.assessedAt - b.assessedAt);
    return first ?? [];
  });
  return { scopes, statedBy };
}

/**
 * Assessments one after the other, of which the latest holds. Of stays that the operator has made one each was assessed for
 * itself while they were
 * two: nobody has said that what is needed by one is not needed any more because the other says less. What is said of either
 * from then on is said of both.
 */
function assessments(stated: readonly FactInForce[]): readonly (readonly FactInForce[])[] {
  const since = stated.reduce((latest, { joined }) => Math.max(latest, joined?.since ?? -Infinity), -Infinity);
  const named = (fact: FactInForce): string => (fact.takenIn > since ? '' : (fact.joined?.stay ?? 'this one'));
  const stays = new Set(stated.map(named));
  if (stays.size > 1) stays.delete('');
  return [...stays].map((stay) => stated.filter((fact) => named(fact) === stay || named(fact) === ''));
}

function scopesNeeded(stated: readonly FactInForce[]): ScopeNeed[] {
  const latest = stated.at(-1);
  if (!latest) return [];
  return scopesIn(latest).flatMap((scope) => {
    const first = runStart(stated, (fact) => fact.values.includes(scope));
    return first ? [scopeNeed(scope, first)] : [];
  });
}

function scopesIn(fact: FactInForce): NeedScope[] {
  return NEED_SCOPES.filter((scope) => fact.values.includes(scope));
}

function scopeNeed(scope: NeedScope, fact: FactInForce): ScopeNeed {
  return { scope, assessedAt: fact.at, ownTime: fact.stated !== undefined, statedBy: fact.statedBy };
}

/** An INS that the ward itself addresses, by its scope, counts as a recorded need; one addressed to nobody does not. */
function addressedNeed(orders: readonly FactInForce[]): Need | undefined {
  const inForce = ordersInForce(orders);
  const scopes = NEED_SCOPES.flatMap((scope) => {
    const order = inForce.find((candidate) => candidate.scopes.includes(scope));
    return order ? [scopeNeed(scope, order)] : [];
  });
  const [first] = scopes;
  return first && { scopes, statedBy: first.statedBy };
}

/**
 * The need that the agreement implies from the admission on (contract 5, `need`), where none is stated.
 * @param admission the admission that implies it; undefined when none has been stated of this person
 */
export function impliedNeed({ impliedNeed: implied }: Terms, admission: Admission | undefined): Need | undefined {
  if (implied.length === 0 || !admission) return undefined;
  const { at: assessedAt, statedBy } = admission;
  return { scopes: implied.map((scope) => ({ scope, assessedAt, ownTime: false, statedBy })), statedBy };
}
