import type { History } from '../acts/history.ts';
import { ofCode, type FactInForce } from '../stay/facts.ts';
import {
  closedWithDischarge,
  deviationOf,
  firstRow,
  isConcern,
  NOTHING,
  type Circumstances,
  type DeviationDefinition,
  type Judgement,
} from './definition.ts';
import type { Severity } from './deviation.ts';
import { homeward } from './recipients.ts';

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
