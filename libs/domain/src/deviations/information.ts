import type { History } from '../acts/history.ts';
import type { Step } from '../acts/ward-record.ts';
import { type GroundDecision, groundFor } from '../disclosure/gate.ts';
import { INFO } from '../notices/kinds.ts';
import type { Addressee } from '../routing/addressees.ts';
import type { Parameters } from '../rules/parameters.ts';
import type { Discharge } from '../stay/inpatient-course.ts';
import type { Stay } from '../stay/stay.ts';
import { endOfLocalDay, type Instant, localDate } from '../time/time.ts';
import { movedByOutages } from '../rules/judged-time.ts';
import {
  closedWithDischarge,
  deviationOf,
  firstRow,
  found,
  isConcern,
  leftForHome,
  NOTHING,
  oncePassed,
  oncePerJudgement,
  parametersAt,
  together,
  type DeviationDefinition,
  type Judgement,
} from './definition.ts';
import { firstInsOf, inscribedUnits } from './inscription.ts';

/*
 * The information at the discharge (LUS 3:2), to each unit that has an INS, by the end of the day of the discharge.
 *
 *   UTS-01  it is missing
 *   UTS-02  it came the day after, or later
 */

/** How the information stands for one discharge, over all units that have an INS (DEC-03, DEC-27). */
interface InformationState {
  readonly discharge: Discharge;
  /** First instant after the day of the discharge (DEC-33). */
  readonly due: Instant;
  readonly parameters: Parameters;
  readonly units: readonly { readonly party: string; readonly told: ToldState }[];
}

type ToldState = 'in-time' | 'late' | 'withheld' | 'ground-not-stated' | 'missing';

/** How the information stands for each discharge that asks for it; none where the agreement has it elsewhere. */
const informationOf = oncePerJudgement((history, circumstances): readonly InformationState[] => {
  const { stay, kept } = history;
  if (stay.discharges.length === 0 || !isConcern(history) || stay.terms.info === 'elsewhere') return [];
  if (!firstInsOf(history) && kept.length === 0) return [];
  const units = inscribedUnits(history);
  return stay.discharges.flatMap((discharge, index) => {
    if (!leftForHome(discharge)) return [];
    const due = endOfLocalDay(discharge.at.start);
    const parameters = parametersAt(discharge.at.start, circumstances);
    const moved = movedByOutages(due, circumstances.outages, parameters);
    const until = stay.discharges[index + 1]?.legStart ?? Infinity;
    const told = units.map((unit) => ({
      party: unit.party.id,
      told: informationTo(history, unit, { from: discharge.legStart, until }, moved),
    }));
    return [{ discharge, due, parameters, units: told }];
  });
});

/** What the ward has said in the part of the stay that a discharge ends. */
interface Leg {
  readonly from: Instant;
  readonly until: Instant;
}

function informationTo(history: History, unit: Addressee, leg: Leg, due: Instant): ToldState {
  const { stay, ward } = history;
  const inLeg = { ...stay, infos: stay.infos.filter(({ at }) => leg.from <= at && at < leg.until) };
  const stated = INFO.due({ stay: inLeg, unit, base: NOBODY, said: () => undefined });
  const handed = stated.flatMap(({ slot }) => ward.handedOver(unit.party.id, slot) ?? []);
  // One whom only the stay before has told could not be told before that was known: that is not this ward's lateness.
  const latest = unit.ownNeed || !unit.kept ? due : Math.max(due, unit.kept.since + 1);
  if (handed.some(({ sent }) => sent < latest)) return 'in-time';
  if (handed.length > 0) {
    const said = stated.flatMap(({ slot }) => ward.statedInformation(slot) ?? []);
    return toldLate(history, unit, said, due);
  }
  const decision = groundBy(history, unit, stay.disclosures, due);
  if ('ground' in decision) return 'missing';
  if (decision.withheld !== 'not-stated') return 'withheld';
  return stated.length > 0 ? 'ground-not-stated' : 'missing';
}

/**
 * Told after the deadline. It is no lateness of the ward's where the person had refused it until then (DEC-06), or where the
 * ward had said it in time and the unit had no INS until a correction named it (DEC-05, DEC-17).
 */
function toldLate(history: History, unit: Addressee, said: readonly Step[], due: Instant): ToldState {
  const { acts, stay } = history;
  const until = stay.disclosures.filter(({ at }) => at < due);
  const decision = groundBy(history, unit, until, due);
  if ('withheld' in decision && decision.withheld === 'refused') return 'withheld';
  const first = acts.find(({ kind, recipient, ended }) => kind === 'INS' && recipient === unit.party.id && !ended);
  if (!first || first.sent < due) return 'late';
  return said.some(({ sent }) => sent < due) ? 'in-time' : 'late';
}

/** Whether the information may be told to a unit on the day of the discharge, by these statements of grounds. */
function groundBy({ stay }: History, unit: Addressee, disclosures: Stay['disclosures'], due: Instant): GroundDecision {
  return groundFor({
    kind: INFO.kind,
    from: stay.terms.legalForm,
    to: unit.party,
    scopes: unit.scopes,
    disclosures,
    date: localDate(due - 1),
  });
}

/** Which slots are due does not depend on whose notice it is. */
const NOBODY = { person: { identity: { type: 'other', system: '', value: '' } }, careProvider: '' } as const;

/**
 * Discharged, and a unit with an INS has neither information of its scope by the end of the day nor a lawful withholding (LUS
 * 3:2; DEC-03, DEC-06), once per discharge. Milder when nothing but a ground is missing.
 */
export const UTS_01: DeviationDefinition = {
  code: 'UTS-01',
  rows: firstRow('UTS-01', 'Utskrivningsinformation saknas', 4, 'LUS 3:2', 'rules 6.2; DEC-03; DEC-06; DEC-27'),
  party: 'ward',
  warning: 'Informationen vid utskrivning är inte skickad.',
  judge: (history, circumstances) => {
    const judged = informationOf(history, circumstances).map(({ discharge, due, parameters, units }): Judgement => {
      const missing = units.filter(({ told }) => told === 'missing' || told === 'ground-not-stated');
      if (missing.length === 0) return NOTHING;
      const onlyGround = missing.every(({ told }) => told === 'ground-not-stated');
      const begins = discharge.at.start;
      const details = {
        ...{ occasion: String(discharge.n), due, evidence: [discharge.statedBy], suspected: circumstances.suspected },
        units: missing.map(({ party }) => party),
        ...(onlyGround && { severity: 2 as const, reason: 'ground-not-stated' as const }),
      };
      const make = () => deviationOf(UTS_01, history, begins, details);
      // Where only a ground is missing, the Task for it warns already (DEC-06).
      return oncePassed(due, circumstances, parameters, make, onlyGround ? undefined : { begins });
    });
    return together(judged);
  },
  closing: ({ occasion }, { stay }, open) =>
    open.some((one) => one.code === 'UTS-02' && one.occasion === occasion) ? 'came-late' : closedWithDischarge(stay),
};

/** The information came after the day of the discharge (LUS 3:2; DEC-04), once per discharge. */
export const UTS_02: DeviationDefinition = {
  code: 'UTS-02',
  rows: firstRow('UTS-02', 'Utskrivningsinformation sen', 3, 'LUS 3:2', 'rules 6.2; DEC-04'),
  party: 'ward',
  judge: (history, circumstances) => {
    const deviations = informationOf(history, circumstances).flatMap(({ discharge, due, units }) => {
      if (units.some(({ told }) => told === 'missing' || told === 'ground-not-stated')) return [];
      const late = units.filter(({ told }) => told === 'late');
      if (late.length === 0) return [];
      const details = { occasion: String(discharge.n), due, evidence: [discharge.statedBy] };
      const parties = late.map(({ party }) => party);
      return [deviationOf(UTS_02, history, discharge.at.start, { ...details, units: parties })];
    });
    return found(deviations);
  },
  closing: (_closed, { stay }) => closedWithDischarge(stay),
};
