import type { History } from '../acts/history.ts';
import { ofCode, type FactInForce } from '../stay/facts.ts';
import type { Discharge } from '../stay/inpatient-course.ts';
import { endOfLocalDay } from '../time/local-time.ts';
import {
  closedWithDischarge,
  deviationOf,
  firstRow,
  isConcern,
  NOTHING,
  oncePassed,
  parametersAt,
  type DeviationDefinition,
} from './definition.ts';
import { homeward, isSaidBy } from './recipients.ts';

/*
 * What the patient is told at the discharge (patient act 3:2 b): the ward says it by PATINFO.
 *
 *   UTS-06  a ward whose agreement says that it states PATINFO has stated none by the end of the day
 *   FVK-03  it has, in coded values, and they do not name the contact that the ward knew of
 *
 * PATINFO in words of its own shows that the patient was informed and not of what: FVK-03 is not judged by it.
 */

/** Coded values of PATINFO (contract 5). */
const CODED: ReadonlySet<string> = new Set(['WRITTEN', 'ORAL', 'CONTACT']);

/** What the ward has stated of the information in the part of the stay that a discharge ended. */
function statedOf({ stay }: History, { legStart }: Discharge): FactInForce[] {
  return ofCode(stay.recorded, 'PATINFO').filter(({ at, values }) => at >= legStart && values.length > 0);
}

export const UTS_06: DeviationDefinition = {
  code: 'UTS-06',
  rows: firstRow('UTS-06', 'Patientinformation saknas', 2, 'PL 3:2 b', 'rules 6.2'),
  party: 'ward',
  judge: (history, circumstances) => {
    const home = homeward(history);
    const isHere = history.stay.terms.patientInformation === 'here';
    if (!home || !isHere || !isConcern(history) || statedOf(history, home.discharge).length > 0) return NOTHING;
    const { discharge, at } = home;
    const { suspected } = circumstances;
    const due = endOfLocalDay(discharge.at.start);
    const details = { occasion: String(discharge.n), due, evidence: [discharge.statedBy], suspected };
    return oncePassed(due, circumstances, parametersAt(at, circumstances), () =>
      deviationOf(UTS_06, history, at, details),
    );
  },
  closing: (_closed, history) => {
    const home = homeward(history);
    return home && statedOf(history, home.discharge).length > 0 ? 'came-late' : closedWithDischarge(history.stay);
  },
};

export const FVK_03: DeviationDefinition = {
  code: 'FVK-03',
  rows: firstRow('FVK-03', 'Fast vårdkontakt ej meddelad patient', 2, 'PL 3:2 b', 'rules 6.2; DEC-13'),
  party: 'ward',
  judge: (history, circumstances) => {
    const home = homeward(history);
    if (!home || !isConcern(history)) return NOTHING;
    const { discharge, at } = home;
    const stated = statedOf(history, discharge);
    const coded = stated.flatMap(({ values }) => values.filter((value) => CODED.has(value)));
    const appointed = history.words.find((word) => word.says.kind === 'contact-appointed' && isSaidBy(word, at));
    if (!appointed || coded.length === 0 || coded.includes('CONTACT') || !reachedWard(history, appointed)) {
      return NOTHING;
    }
    const parameters = parametersAt(at, circumstances);
    const details = {
      ...{ occasion: String(discharge.n), due: endOfLocalDay(discharge.at.start), units: [appointed.party] },
      evidence: [discharge.statedBy, appointed.eventId, ...stated.map(({ statedBy }) => statedBy)],
      ...(at - appointed.sent < parameters.shortNotice && { severity: 1 as const }),
    };
    return oncePassed(details.due, circumstances, parameters, () => deviationOf(FVK_03, history, at, details));
  },
  closing: (_closed, { stay }) => (closedWithDischarge(stay) === 'withdrawn' ? 'withdrawn' : 'completed'),
};

/** True of a clinic's word that the ward has for certain: both are the region's (rules 12.2); of another nobody knows here. */
function reachedWard({ stay }: History, { by }: History['words'][number]): boolean {
  return stay.terms.legalForm === 'region-authority' && (by?.legalForms.includes('region-authority') ?? false);
}
