import {
  CONSEQUENCES,
  HOUR,
  isInFeed,
  isOpenCase,
  localDate,
  monthOf,
  parametersOn,
  stepOf,
  type CaseEvent,
  type DeviationCase,
  type DeviationReport,
  type DoneAct,
  type Instant,
  type Protection,
  type Severity,
  type StandingDeviation,
  type StayProfile,
} from '#libs/domain';
import type { DeviationRecord } from '#libs/fhir';

/** A case as it is kept, with what stands in it: what a caller sees of it is cut from this (`case-view.ts`). */
export interface CaseBody {
  readonly id: string;
  readonly stayId?: string;
  readonly what: DeviationCase;
  readonly deviations: readonly Pick<StandingDeviation, 'id' | 'code' | 'open' | 'closedReason'>[];
  readonly reports: readonly DeviationReport[];
  /** The label of a protected person: it follows what is said of the case. */
  readonly protection?: Protection;
}

/** The row of a case in the feed (rules 12.5): no stay, no unit, no day, no person, and a random id. */
export interface FeedRow {
  readonly id: string;
  readonly version: number;
  readonly state: string;
  readonly code: string;
  readonly step: number;
  readonly severity: Severity;
  readonly careType: string;
  readonly month: string;
  readonly hospitalKind: string;
  readonly municipalityKind: string;
}

/** The row of a case, but for its version; undefined of a protected person's, and of what is no statistics outside. */
export function feedRowOf(
  id: string,
  { what, protection }: CaseBody,
  profile: StayProfile | undefined,
): Omit<FeedRow, 'version'> | undefined {
  if (protection !== undefined || profile?.isCounted === false || !isInFeed(what.code)) return undefined;
  return {
    ...{ id, state: what.state, code: what.code, step: stepOf(what.code), severity: what.severity },
    careType: profile?.careType ?? 'unknown',
    month: monthOf(what.due),
    hospitalKind: profile?.hospitalKind ?? 'unknown',
    municipalityKind: profile?.municipalityKind ?? 'unknown',
  };
}

/** A deviation of the hub's own as a case reads it. A suspicion is put to nobody. */
export function standingDeviation({
  id,
  deviation,
  name,
  status,
  identified,
  lastUpdated,
  closedReason,
}: DeviationRecord): StandingDeviation {
  const { code, party, severity, due } = deviation;
  return {
    ...{
      id,
      code,
      name,
      party,
      severity,
      due,
      identified,
      changed: lastUpdated ?? identified,
      open: status === 'final',
    },
    ...(closedReason !== undefined && { closedReason }),
  };
}

/** What people said in a case: reports and acts. */
export function wordsIn(events: readonly CaseEvent[]): { reports: DeviationReport[]; acts: DoneAct[] } {
  const reports = events.flatMap(({ eventId: id, intakeAt: at, by, says }): DeviationReport[] => {
    if (says.kind !== 'reported') return [];
    const { code, on, consent, text, organisation } = says;
    const consequence = CONSEQUENCES.find((known) => known === says.consequence) ?? 'none';
    return [
      {
        id,
        at,
        by,
        code,
        on,
        consent,
        consequence,
        ...(text !== undefined && { text }),
        ...(organisation !== undefined && { party: organisation }),
      },
    ];
  });
  const acts = events.flatMap(({ eventId: id, intakeAt: at, intakeStamp: stamp, by, says }): DoneAct[] => {
    if (says.kind !== 'acted') return [];
    const { act, role, side, from, standing } = says;
    return [{ ...act, id, at, stamp, by, role, side, from, standing }];
  });
  return { reports, acts };
}

/** What is to be done by the unit, and until when (AVV-02): nothing while others act. */
export function awaitsUnit({ state, question }: DeviationCase): boolean {
  return state === 'new' || state === 'with-unit' || (isOpenCase(state) && question !== undefined);
}

/** Until when a unit answers, by the row of the day on which the case was found (DEC-34). */
export const answerBy = ({ identified }: DeviationCase): Instant =>
  identified + parametersOn(localDate(identified)).answerDays * 24 * HOUR;
