import type { History } from '../acts/history.ts';
import { type InsClock, insClocks } from '../acts/ins-duty.ts';
import { isBefore, type Step } from '../acts/ward-record.ts';
import { type Addressee, addresseesOf } from '../routing/addressees.ts';
import type { Discharge } from '../stay/inpatient-course.ts';
import type { ScopeNeed } from '../stay/need.ts';
import { dischargeOf, isReal } from '../stay/stay.ts';
import { movedByOutages } from '../rules/judged-time.ts';
import {
  type Circumstances,
  closedWithDischarge,
  type DeviationDefinition,
  deviationOf,
  firstRow,
  type Judgement,
  leftForHome,
  NOTHING,
  found,
  oncePassed,
  oncePerHistory,
  oncePerJudgement,
  parametersAt,
  together,
} from './definition.ts';
import type { DeviationCode } from './deviation.ts';

/*
 * The duty to send an INS (LUS 2:1-3), a clock for each assessment of needs (DEC-27).
 *
 *   INS-01  a need was assessed, and no INS came in time
 *   INS-02  a later message shows that the INS is missing: said alone, in place of the others
 *   INS-03  it came too late after the admission
 *   INS-04  it came too late after a need that was assessed during the stay
 *   INS-05  it came without an item that it has to have
 */

/** How the duty stands in a stay. */
type Inscription =
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
interface ClockState {
  readonly clock: InsClock;
  /** When the ward had sent it for all scopes of the clock; undefined while one is missing. */
  readonly sent?: Step;
  /** The needs of the clock that no INS was sent for. */
  readonly missing: readonly ScopeNeed[];
  readonly late: boolean;
}

/** The clocks of the stay's INS. */
export const clocksOf = oncePerJudgement((history, { parameters }) => insClocks(history.stay, parameters));

/** When the ward first sent any INS of the need that holds. */
export const firstInsOf = oncePerHistory(({ ward, stay }) => ward.firstIns(stay));

/** Reads how the duty stands. */
const inscriptionOf = oncePerJudgement((history, circumstances): Inscription => {
  const { stay, ward, kept } = history;
  const clocks = clocksOf(history, circumstances);
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
});

/**
 * DEC-07: need recorded and no INS before the discharge (a transfer is none), or a UTK while there is no INS at all. Before
 * and after are told by the times by which acts are judged (DEC-29).
 */
function afterTheFact(history: History): { readonly shownBy: Step; readonly discharge?: Discharge } | undefined {
  const { stay, ward } = history;
  const ins = firstInsOf(history);
  const discharge = dischargeOf(stay);
  if (discharge && discharge.leaving !== 'transfer') {
    const shownBy = ward.discharge(discharge.statedBy);
    return shownBy && !(ins && isBefore(ins, shownBy)) ? { shownBy, discharge } : undefined;
  }
  const shownBy = ward.readyIn(stay);
  return !ins && shownBy ? { shownBy } : undefined;
}

/** DEC-04: a need assessed at or before admission, or without a time of its own, is the admission's. */
function isAssessedLater({ stay }: History, { needs }: InsClock): boolean {
  return (
    stay.admittedAt !== undefined && needs.every((need) => need.ownTime && need.assessedAt > (stay.admittedAt ?? 0))
  );
}

/** The units that some needs are about, as evidence (DEC-27). */
function unitsOf({ concerned }: History, needs: readonly ScopeNeed[]): string[] {
  const scopes = new Set<string>(needs.map(({ scope }) => scope));
  // Municipal health care always concerns the region's open care too (LUS 2:1 st.2).
  if (scopes.has('KHSL')) scopes.add('ROV');
  return concerned.filter((unit) => unit.scopes.some((scope) => scopes.has(scope))).map(({ party }) => party.id);
}

/** Need assessed, and no INS within 24 hours (LUS 2:1, 2:3), per clock (DEC-27). */
export const INS_01: DeviationDefinition = {
  code: 'INS-01',
  rows: firstRow('INS-01', 'Inskrivningsmeddelande saknas', 4, 'LUS 2:1, 2:3', 'rules 6.2; DEC-27'),
  party: 'ward',
  warning: 'Inskrivningsmeddelandet är inte skickat.',
  judge: (history, circumstances) => {
    const inscription = inscriptionOf(history, circumstances);
    if (inscription.kind !== 'clocks') return NOTHING;
    const missing = inscription.clocks.filter(({ sent }) => !sent);
    if (missing.length === 0) return NOTHING;
    const judged = missing.map(({ clock, missing: needs }): Judgement => {
      const { due, occasion, parameters } = clock;
      const units = unitsOf(history, needs);
      const begins = due - parameters.insDeadline;
      const details = {
        ...{ due, occasion, evidence: [clock.needs[0].statedBy], suspected: circumstances.suspected },
        ...(units.length > 0 && { units }),
      };
      const make = () => deviationOf(INS_01, history, begins, details);
      return oncePassed(due, circumstances, parameters, make, { begins });
    });
    return together(judged);
  },
  closing: (_closed, _history, open) =>
    open.some(({ code }) => code === 'INS-02' || code === 'INS-03' || code === 'INS-04') ? 'came-late' : 'disproved',
};

/** A later message arrives for a stay with a need and no INS (LUS 2:1; DEC-07): alone, and milder for a short stay. */
export const INS_02: DeviationDefinition = {
  code: 'INS-02',
  rows: firstRow(
    'INS-02',
    'Inskrivningsmeddelande saknas men senare meddelande finns',
    4,
    'LUS 2:1',
    'rules 6.2; DEC-07',
  ),
  party: 'ward',
  judge: (history, circumstances) => {
    const inscription = inscriptionOf(history, circumstances);
    if (inscription.kind !== 'after-the-fact') return NOTHING;
    const { clock, shownBy, discharge } = inscription;
    const { admittedAt } = history.stay;
    const short =
      discharge !== undefined &&
      admittedAt !== undefined &&
      discharge.at.start - admittedAt < clock.parameters.shortStay;
    const deviation = deviationOf(INS_02, history, clock.due - clock.parameters.insDeadline, {
      due: Math.min(clock.due, shownBy.sent),
      evidence: [clock.needs[0].statedBy, shownBy.event.eventId],
      ...(short && { severity: 3 }),
    });
    return { deviations: [deviation], timers: [] };
  },
  closing: () => 'disproved',
};

/** The INS came later than 24 hours after the admission, and the need was assessed by then (LUS 2:3; DEC-04), per clock (DEC-27). */
export const INS_03: DeviationDefinition = lateInscription(
  'INS-03',
  'Inskrivningsmeddelande för sent (vid inskrivning)',
  (history, clock) => !isAssessedLater(history, clock),
);

/** The INS came later than 24 hours after a need that was assessed during the stay (LUS 2:3; DEC-04), per clock (DEC-27). */
export const INS_04: DeviationDefinition = lateInscription(
  'INS-04',
  'Inskrivningsmeddelande för sent (senare bedömning)',
  isAssessedLater,
);

/** A code for an INS that came late. @param isOf whether a clock is of this code */
function lateInscription(
  code: DeviationCode,
  name: string,
  isOf: (history: History, clock: InsClock) => boolean,
): DeviationDefinition {
  const rows = firstRow(code, name, 3, 'LUS 2:3', 'rules 6.2; DEC-04; DEC-27');
  return {
    code,
    rows,
    party: 'ward',
    judge: (history, circumstances) => {
      const inscription = inscriptionOf(history, circumstances);
      if (inscription.kind !== 'clocks') return NOTHING;
      const deviations = inscription.clocks.flatMap(({ clock, late: isLate, sent }) => {
        if (!isLate || !sent || !isOf(history, clock)) return [];
        const { due, occasion, needs, parameters } = clock;
        const units = unitsOf(history, needs);
        const evidence = [needs[0].statedBy, sent.event.eventId];
        const details = { due, occasion, evidence, ...(units.length > 0 && { units }) };
        return [deviationOf({ code, rows }, history, due - parameters.insDeadline, details)];
      });
      return found(deviations);
    },
    closing: () => 'disproved',
  };
}

/**
 * An item of LUS 2:2 was not in the INS when it was sent, and did not come by the deadline of the INS (DEC-16). Completed in
 * time it closes; completed later it stays, with the message that completed it as evidence. Where the stay before has sent an
 * INS, one that is sent all the same has the items of LUS 2:2.
 */
export const INS_05: DeviationDefinition = {
  code: 'INS-05',
  rows: firstRow('INS-05', 'Inskrivningsmeddelande ofullständigt', 3, 'LUS 2:2', 'rules 6.2; DEC-16; DEC-35'),
  party: 'ward',
  judge: (history, circumstances) => {
    const { stay, ward } = history;
    const [clock] = clocksOf(history, circumstances);
    const ins = firstInsOf(history);
    if (!clock || !ins) return NOTHING;
    const completion = ward.completion(stay);
    if (completion === 'at-once') return NOTHING;
    const evidence = [clock.needs[0].statedBy, ins.event.eventId];
    if (completion !== 'never') {
      if (completion.sent <= movedByOutages(clock.due, circumstances.outages, clock.parameters)) return NOTHING;
      evidence.push(completion.event.eventId);
    }
    const begins = clock.due - clock.parameters.insDeadline;
    return { deviations: [deviationOf(INS_05, history, begins, { due: clock.due, evidence })], timers: [] };
  },
  closing: () => 'completed',
};

/** The units that have an INS that stands: of this stay, or of the one that it continues (DEC-08). */
export const inscribedUnits = oncePerHistory(({ informed, kept }): readonly Addressee[] => {
  const own = informed.flatMap(({ party, roles, ownNeed, trace }) =>
    ownNeed ? [{ party, roles, scopes: ownNeed, confidence: 'HIGH' as const, trace }] : [],
  );
  return addresseesOf(own, kept);
});

/** True when the units had an INS before the patient left: of this stay, or of the one that it continues (DEC-08). */
export function wasInscribedBefore(history: History, circumstances: Circumstances): boolean {
  if (history.kept.length > 0) return true;
  return firstInsOf(history) !== undefined && inscriptionOf(history, circumstances).kind !== 'after-the-fact';
}

/**
 * Discharged, and the ward never stated a need nor that there is none (LUS 2:1; DEC-09). It is for patterns only: the ward that
 * never states a need must not look like the best one. What is stated until the stay closes still counts (DEC-17).
 */
export const INS_11: DeviationDefinition = {
  code: 'INS-11',
  rows: firstRow('INS-11', 'Behovsbedömning ej registrerad', 1, 'LUS 2:1', 'rules 12.1: DEC-09'),
  party: 'ward',
  forPatternsOnly: true,
  judge: (history, circumstances) => {
    const { stay, kept } = history;
    const discharge = dischargeOf(stay);
    if (!discharge || !leftForHome(discharge) || stay.closesAt === undefined) return NOTHING;
    if (!isReal(stay) || stay.need || kept.length > 0) return NOTHING;
    const { suspected } = circumstances;
    const details = { due: stay.closesAt, evidence: [discharge.statedBy], suspected };
    return oncePassed(stay.closesAt, circumstances, parametersAt(discharge.at.start, circumstances), () =>
      deviationOf(INS_11, history, discharge.at.start, details),
    );
  },
  closing: (_closed, { stay }) => (stay.need ? 'completed' : closedWithDischarge(stay)),
};
