import { NEED_SCOPES, type NeedScope } from '../codes/scope.ts';
import { isRegisteredNowhere } from '../routing/routing-facts.ts';
import type { Parameters } from '../rules/parameters.ts';
import { orderedBy, type ScopeNeed } from '../stay/need.ts';
import { hasInsDuty, isReal, type Stay } from '../stay/stay.ts';
import { type Instant, localDate } from '../time/time.ts';

/** The duty to send an INS for some scopes of need by one hour (LUS 2:3; DEC-27). */
export interface InsClock {
  readonly needs: readonly [ScopeNeed, ...ScopeNeed[]];
  readonly due: Instant;
  /** Empty for the first clock; the event that stated the need for a later one. */
  readonly occasion: string;
  /** The row that was in force when the duty began (DEC-34). */
  readonly parameters: Parameters;
}

/**
 * The clocks of a stay's INS, the earliest first: 24 hours after admission, or after a later assessment (LAW-15). Scopes that
 * are due at the same instant have one clock. Empty when there is no duty.
 */
export function insClocks(stay: Stay, parameters: (date: string) => Parameters): InsClock[] {
  const { admittedAt, need } = stay;
  if (!hasInsDuty(stay) || admittedAt === undefined || !need) return [];
  const byStart = Map.groupBy(need.scopes, ({ assessedAt }) => Math.max(admittedAt, assessedAt));
  return [...byStart]
    .sort(([a], [b]) => a - b)
    .flatMap(([begins, needs], index) => {
      const [first, ...others] = needs;
      if (!first) return [];
      const row = parameters(localDate(begins));
      const occasion = index === 0 ? '' : first.statedBy;
      return [
        { needs: [first, ...others], due: begins + row.insDeadline, occasion, parameters: row } satisfies InsClock,
      ];
    });
}

/**
 * True when the ward has sent the INS of a scope: with `ins=auto` the duty being complete is the sending (DEC-02); with
 * `ins=ordered` the ward orders it, for all there are or for one scope alone (DEC-32).
 */
export function isSentOf(stay: Stay, scope: NeedScope): boolean {
  if (!isReal(stay) || stay.need?.scopes.some((need) => need.scope === scope) !== true) return false;
  return stay.terms.ins === 'auto' || orderedBy(stay.insOrders, scope) !== undefined;
}

/** The scopes whose INS the ward has sent ({@link isSentOf}). */
export function sentScopes(stay: Stay): NeedScope[] {
  return NEED_SCOPES.filter((scope) => isSentOf(stay, scope));
}

/** The four items that LUS 2:2 requires of an INS. */
export type InsItem = 'name' | 'personal-number' | 'address' | 'expected-discharge';

/**
 * The items of LUS 2:2 that a stay lacks (INS-05), with the exemptions of rules 12.4 and DEC-35: address for protected
 * persons; personal number and address for co-ordination, reserve and LMA numbers and for newborns.
 */
export function missingItems(stay: Stay, parameters: Parameters): InsItem[] {
  const missing: InsItem[] = [];
  const { patient } = stay;
  const type = patient.identities[0]?.type;
  const exempt = isRegisteredNowhere({ identity: type }) || isNewborn(stay, parameters);
  if (!patient.name || (!patient.name.family && patient.name.given.length === 0)) missing.push('name');
  if (!exempt && type !== 'personnummer') missing.push('personal-number');
  if (!exempt && !patient.address && !stay.protection) missing.push('address');
  if (!stay.expectedDischarge) missing.push('expected-discharge');
  return missing;
}

/** A child admitted within its first weeks; a birth date of which the day is not known says nothing. */
function isNewborn({ patient, admittedAt }: Stay, { newbornDays }: Parameters): boolean {
  const { birthDate } = patient;
  if (!birthDate || birthDate.length !== 10 || admittedAt === undefined) return false;
  const days = (Date.parse(localDate(admittedAt)) - Date.parse(birthDate)) / 86_400_000;
  return days >= 0 && days < newbornDays;
}
