import type { History } from '../acts/history.ts';
import { type FactInForce, ofCode } from '../stay/facts.ts';
import type { Discharge } from '../stay/inpatient-course.ts';
import { endOfLocalDay, type Instant, localDate, MINUTE } from '../time/time.ts';
import {
  type Circumstances,
  closedWithDischarge,
  type DeviationDefinition,
  deviationOf,
  firstRow,
  found,
  isConcern,
  type Judgement,
  leftForHome,
  NOTHING,
  oncePassed,
  parametersAt,
} from './definition.ts';
import type { Severity } from './deviation.ts';
import { wasInscribedBefore } from './inscription.ts';
import { answersThroughHub, holdings, homeward, isMunicipal, isSaidBy } from './recipients.ts';

/** The day of a discharge was told, and turned out to be another (rules 6.2), once per discharge. An hour of the same day is none. */
export const UTS_03: DeviationDefinition = {
  code: 'UTS-03',
  rows: firstRow('UTS-03', 'Fel utskrivningsdatum', 3, 'LUS 3:2', 'rules 6.2; DEC-24'),
  party: 'ward',
  judge: (history, circumstances) => {
    const { stay, ward } = history;
    if (stay.discharges.length === 0 || !isConcern(history)) return NOTHING;
    if (!wasInscribedBefore(history, circumstances)) return NOTHING;
    const deviations = stay.discharges.flatMap((discharge) => {
      const told = ward.dischargedAtFirst(discharge.statedBy);
      const step = ward.discharge(discharge.statedBy);
      if (!told || !step || !leftForHome(discharge)) return [];
      if (localDate(told.start) === localDate(discharge.at.start)) return [];
      const details = { occasion: String(discharge.n), due: step.sent, evidence: [discharge.statedBy] };
      return [deviationOf(UTS_03, history, discharge.at.start, details)];
    });
    return found(deviations);
  },
  closing: (_closed, { stay }) => closedWithDischarge(stay),
};

/** A party found the patient at home, and the ward had said nothing of a discharge (DEC-09). Leave is none. */
export const UTS_10: DeviationDefinition = {
  code: 'UTS-10',
  rows: firstRow('UTS-10', 'Utskrivning ej meddelad', 4, 'LUS 3:2', 'rules 12.1: DEC-09'),
  party: 'ward',
  judge: (history, { suspected }) => {
    const { stay, ward, words } = history;
    if (words.length === 0 || stay.state !== 'admitted' || !isConcern(history)) return NOTHING;
    const found = words.find(
      ({ says, sent }) =>
        says.kind === 'found' &&
        says.where === 'home' &&
        // Found before the present admission: the ward has said since that the patient is there.
        sent > (stay.admittedAt ?? Infinity) &&
        !ward.isOnLeave(sent),
    );
    if (!found) return NOTHING;
    const details = { due: found.sent, evidence: [found.eventId], suspected, units: [found.party] };
    return { deviations: [deviationOf(UTS_10, history, found.sent, details)], timers: [] };
  },
  closing: (_closed, { stay }) => (stay.state === 'discharged' ? 'came-late' : 'disproved'),
};

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

/*
 * The check list at the discharge: what the patient should have when leaving for home, as the ward itself states it by CHECK. An
 * item by its name is there, with `NO-` before it the ward says that it is not. What nobody mentions is not judged: silence on
 * an item of a list says nothing. What a recipient finds missing is reported by people.
 *
 *   UTS-07  medicines, or the list of them, were not there
 *   UTS-08  aids, or an adaptation of the home, were not there
 */

/** Items of the check list (contract 5). */
const ITEMS = {
  'UTS-07': ['MEDICINES', 'MEDICINE-LIST'],
  'UTS-08': ['AIDS', 'HOME-ADAPTATION'],
} as const;

/** The word that an item was not there when the patient left: the last one until then, else the first one afterwards. */
function missingWord(facts: readonly FactInForce[], item: string, left: number): FactInForce | undefined {
  const mentions = facts.filter(({ values }) => values.includes(item) || values.includes(`NO-${item}`));
  const word = mentions.findLast(({ at }) => at <= left) ?? mentions[0];
  return word?.values.includes(`NO-${item}`) ? word : undefined;
}

function judgedItems(
  definition: Pick<DeviationDefinition, 'rows'> & { readonly code: keyof typeof ITEMS },
  history: History,
  { watermark }: Circumstances,
): Judgement {
  const home = homeward(history);
  if (!home || !isConcern(history)) return NOTHING;
  const { discharge, at } = home;
  if (watermark < at) return { deviations: [], timers: [{ at }] };
  const checks = ofCode(history.stay.recorded, 'CHECK').filter((fact) => fact.at >= discharge.legStart);
  const missing = ITEMS[definition.code].flatMap((item) => missingWord(checks, item, discharge.at.end) ?? []);
  if (missing.length === 0) return NOTHING;
  const evidence = [discharge.statedBy, ...missing.map(({ statedBy }) => statedBy)];
  const details = { occasion: String(discharge.n), due: at, evidence };
  return { deviations: [deviationOf(definition, history, at, details)], timers: [] };
}

function ofItems(code: keyof typeof ITEMS, name: string, severity: Severity): DeviationDefinition {
  const rows = firstRow(code, name, severity, 'Regional rutin', 'rules 6.2');
  return {
    ...{ code, rows, party: 'ward' },
    judge: (history, circumstances) => judgedItems({ code, rows }, history, circumstances),
    closing: (_closed, { stay }) => closedWithDischarge(stay),
  };
}

export const UTS_07 = ofItems('UTS-07', 'Läkemedel eller läkemedelslista saknas', 4);

export const UTS_08 = ofItems('UTS-08', 'Hjälpmedel eller bostadsanpassning saknas', 3);

/**
 * Left for home with home care, and its provider was not told before (rules 12.2): the municipality's, who had been told of the
 * discharge and whose provider it is; else the ward's. A call that was written down counts as told.
 *
 * Only of a municipality or board that adds its providers through the hub: of any other, somebody may have rung, and that the hub
 * told nobody shows nothing (DEC-13).
 */
export const UTS_04: DeviationDefinition = {
  code: 'UTS-04',
  rows: firstRow('UTS-04', 'Hemtjänst ej informerad', 4, 'Regional rutin', 'rules 6.2, 12.2; DEC-13'),
  party: 'recipient',
  judge: (history, circumstances) => {
    const home = homeward(history);
    if (!home || !isConcern(history)) return NOTHING;
    const { discharge, at } = home;
    const known = ofCode(history.stay.concerns, 'HOMECARE').findLast((fact) => fact.at <= discharge.at.end);
    if (!known || known.values.length === 0 || isToldBefore(history, at)) return NOTHING;
    const inscribed = holdings(history, circumstances, 'INS').find(
      ({ unit, act }) => isMunicipal(unit) && answersThroughHub(unit.party, 'RECIPIENT', act.sent),
    );
    if (!inscribed) return NOTHING;
    const { id } = inscribed.unit.party;
    const isOurs = wasToldOfDischarge(history, circumstances, id, at);
    const details = {
      ...{ occasion: String(discharge.n), due: at, units: [id] },
      evidence: [known.statedBy, discharge.statedBy],
      // Told with the discharge itself: as little time as a recipient can have (DEC-13).
      ...(isOurs && { party: id, severity: 1 as const }),
    };
    return oncePassed(at, circumstances, parametersAt(at, circumstances), () =>
      deviationOf(UTS_04, history, at, details),
    );
  },
  closing: (_closed, { stay }) => closedWithDischarge(stay),
};

const isBy = (one: Instant, other: Instant): boolean => Math.floor(one / MINUTE) <= Math.floor(other / MINUTE);

/** A provider had its notice, or was rung: whoever was rung that has no INS is one. */
function isToldBefore({ acts, calls, informed }: History, left: Instant): boolean {
  const units = new Set(informed.map(({ party }) => party.id));
  return (
    acts.some(({ kind, sent }) => kind === 'HOME' && isBy(sent, left)) ||
    calls.some(({ recipient, at }) => !units.has(recipient) && isBy(at, left))
  );
}

/** True when the municipality knew of the discharge when the patient left: by its notice, or by a call. */
function wasToldOfDischarge(
  { acts, calls }: History,
  { received }: Circumstances,
  party: string,
  left: Instant,
): boolean {
  const notice = acts.find(({ kind, recipient, ended }) => kind === 'UTS' && recipient === party && !ended);
  const at = notice && received.get(notice.key);
  return (at !== undefined && isBy(at, left)) || calls.some((call) => call.recipient === party && isBy(call.at, left));
}
