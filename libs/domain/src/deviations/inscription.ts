import type { History } from '../acts/history.ts';
import { insClocks, type InsClock } from '../acts/ins-clocks.ts';
import { isBefore, type Step } from '../acts/step.ts';
import { addresseesOf, type Addressee } from '../routing/addressees.ts';
import type { Discharge } from '../stay/inpatient-course.ts';
import type { ScopeNeed } from '../stay/need.ts';
import { dischargeOf } from '../stay/stay.ts';
import { movedByOutages } from '../time/outages.ts';
import { deviationOf, type Circumstances, type DeviationDefinition } from './definition.ts';
import type { Deviation } from './deviation.ts';

/** How the duty to send an INS stands in a stay (LUS 2:1-3): what INS-01 to INS-05 have in common. */
export type Inscription =
  /** No need, or the stay before has sent an INS that stands (DEC-08). */
  | { readonly kind: 'no-duty' }
  /** A later message shows that the INS was missing (DEC-07). */
  | {
      readonly kind: 'after-the-fact';
      readonly clock: InsClock;
      readonly shownBy: Step;
      readonly discharge?: Discharge;
    }
  | { readonly kind: 'clocks'; readonly clocks: readonly ClockState[] };

/** One clock, and the first INS of its scopes. */
export interface ClockState {
  readonly clock: InsClock;
  /** When the ward had sent it for all scopes of the clock; undefined while one is missing. */
  readonly sent?: Step;
  /** The needs of the clock that no INS was sent for. */
  readonly missing: readonly ScopeNeed[];
  readonly late: boolean;
}

/** Reads how the duty stands. */
export function inscriptionOf(history: History, circumstances: Circumstances): Inscription {
  const { stay, ward, kept } = history;
  const clocks = insClocks(stay, circumstances.parameters);
  const [first] = clocks;
  if (!first || kept.length > 0) return { kind: 'no-duty' };
  const after = afterTheFact(history);
  if (after) return { kind: 'after-the-fact', clock: first, ...after };
  return {
    kind: 'clocks',
    clocks: clocks.map((clock) => {
      const missing = clock.needs.filter((need) => !ward.insFor(stay, need));
      if (missing.length > 0) return { clock, missing, late: false };
      const sent = clock.needs
        .flatMap((need) => ward.insFor(stay, need) ?? [])
        .reduce((last, step) => (isBefore(last, step) ? step : last));
      const due = movedByOutages(clock.due, circumstances.outages, clock.parameters);
      return { clock, sent, missing, late: sent.sent > due };
    }),
  };
}

/**
 * DEC-07: need recorded and no INS before the discharge (a transfer is none), or a UTK while there is no INS at all. Before
 * and after are told by the times by which acts are judged (DEC-29).
 */
function afterTheFact({ stay, ward }: History): { readonly shownBy: Step; readonly discharge?: Discharge } | undefined {
  const ins = ward.firstIns(stay);
  const discharge = dischargeOf(stay);
  if (discharge && discharge.leaving !== 'transfer') {
    const shownBy = ward.discharge(discharge.statedBy);
    return shownBy && !(ins && isBefore(ins, shownBy)) ? { shownBy, discharge } : undefined;
  }
  const shownBy = ward.readyIn(stay);
  return !ins && shownBy ? { shownBy } : undefined;
}

/** DEC-04: a need assessed at or before admission, or without a time of its own, is the admission's. */
export function isAssessedLater({ stay }: History, { needs }: InsClock): boolean {
  return (
    stay.admittedAt !== undefined && needs.every((need) => need.ownTime && need.assessedAt > (stay.admittedAt ?? 0))
  );
}

/** The units that some needs are about, as evidence (DEC-27). */
export function unitsOf({ concerned }: History, needs: readonly ScopeNeed[]): string[] {
  const scopes = new Set<string>(needs.map(({ scope }) => scope));
  // Municipal health care always concerns the region's open care too (LUS 2:1 st.2).
  if (scopes.has('KHSL')) scopes.add('ROV');
  return concerned.filter((unit) => unit.scopes.some((scope) => scopes.has(scope))).map(({ party }) => party.id);
}

/** The deviation of a clock whose INS came late. */
export function lateInscription(
  definition: Pick<DeviationDefinition, 'code' | 'rows'>,
  history: History,
  { clock, sent }: ClockState,
): Deviation[] {
  if (!sent) return [];
  const { due, occasion, needs, parameters } = clock;
  const units = unitsOf(history, needs);
  const evidence = [needs[0].statedBy, sent.event.eventId];
  const begins = due - parameters.insDeadline;
  return [deviationOf(definition, history, begins, { due, occasion, evidence, ...(units.length > 0 && { units }) })];
}

/** The units that have an INS that stands: of this stay, or of the one that it continues (DEC-08). */
export function inscribedUnits({ informed, kept }: History): Addressee[] {
  const own = informed.flatMap(({ party, roles, ownNeed, trace }) =>
    ownNeed ? [{ party, roles, scopes: ownNeed, confidence: 'HIGH' as const, trace }] : [],
  );
  return addresseesOf(own, kept);
}

/** True when the units had an INS before the patient left: of this stay, or of the one that it continues (DEC-08). */
export function wasInscribedBefore(history: History, circumstances: Circumstances): boolean {
  if (history.kept.length > 0) return true;
  return (
    history.ward.firstIns(history.stay) !== undefined && inscriptionOf(history, circumstances).kind !== 'after-the-fact'
  );
}
