import type { History } from '../acts/history.ts';
import { groundFor } from '../disclosure/gate.ts';
import { INFO } from '../notices/info.ts';
import type { Addressee } from '../routing/addressees.ts';
import type { Discharge } from '../stay/inpatient-course.ts';
import { endOfLocalDay, localDate } from '../time/local-time.ts';
import { movedByOutages } from '../time/outages.ts';
import type { Instant } from '../time/time.ts';
import { isConcern, leftForHome, parametersAt, type Circumstances } from './definition.ts';
import { inscribedUnits } from './inscription.ts';
import type { Parameters } from '../rules/parameters.ts';

/** How the information of LUS 3:2 stands for one discharge, over all units that have an INS (DEC-03, DEC-27). */
export interface InformationState {
  readonly discharge: Discharge;
  /** First instant after the day of the discharge (DEC-33). */
  readonly due: Instant;
  readonly parameters: Parameters;
  readonly units: readonly { readonly party: string; readonly told: ToldState }[];
}

export type ToldState = 'in-time' | 'late' | 'withheld' | 'ground-not-stated' | 'missing';

/** How the information stands for each discharge that asks for it; none where the agreement has it elsewhere. */
export function informationOf(history: History, circumstances: Circumstances): InformationState[] {
  const { stay, ward, kept } = history;
  if (!isConcern(history) || stay.terms.info === 'elsewhere') return [];
  if (!ward.firstIns(stay) && kept.length === 0) return [];
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
}

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
  if (handed.length > 0) return handed.some(({ sent }) => sent < latest) ? 'in-time' : 'late';
  const decision = groundFor({
    kind: INFO.kind,
    from: stay.terms.legalForm,
    to: unit.party,
    scopes: unit.scopes,
    disclosures: stay.disclosures,
    date: localDate(due - 1),
  });
  if ('ground' in decision) return 'missing';
  if (decision.withheld !== 'not-stated') return 'withheld';
  return stated.length > 0 ? 'ground-not-stated' : 'missing';
}

/** Which slots are due does not depend on whose notice it is. */
const NOBODY = { person: { identity: { type: 'other', system: '', value: '' } }, careProvider: '' } as const;
