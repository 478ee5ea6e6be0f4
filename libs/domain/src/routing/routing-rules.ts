/**
 * The rules that a routing decision names: each with the paragraph or source it rests on, as dated rows, so that a decision at
 * a past date names what held then. `docs/rules.md` has them in whole sentences. No row decides anything by itself: the code
 * that applies a rule names it in the trace.
 */

/** One line of why, for the operator and, filtered, for the parties (rules 12.5). Swedish. */
export interface TraceLine {
  readonly rule: string;
  readonly text: string;
}

export interface RoutingRule {
  readonly id: RoutingRuleId;
  /** The paragraph, routine or decision; Swedish, for the trace. */
  readonly basis: string;
  /** Local dates, first and last day. */
  readonly from: string;
  readonly to?: string;
}

export const ROUTING_RULE_IDS = [
  'DEC-01',
  'LAW-12',
  'RTE-01',
  'RTE-02',
  'RTE-03',
  'RTE-07',
  'RTE-08',
  'RTE-09',
  'RTE-10',
  'RTE-20',
  'RTE-22',
  'RTE-23',
  'RTE-24',
  'RTE-41',
  'PAY-02',
  'PAY-03',
  'PAY-13',
  '4.4',
  '4.5',
  '4.7',
  '12.2',
  '12.6',
  '12.7',
] as const;
export type RoutingRuleId = (typeof ROUTING_RULE_IDS)[number];

const SINCE = '2018-01-01';
/** SoL (2025:400) replaced SoL (2001:453) on this day. */
const NEW_SOL = '2025-07-01';
const OLD_SOL_ENDS = '2025-06-30';

const row = (id: RoutingRuleId, basis: string, from = SINCE, to?: string): RoutingRule => ({
  ...{ id, basis, from },
  ...(to !== undefined && { to }),
});

export const ROUTING_RULES: readonly RoutingRule[] = [
  row('DEC-01', 'LUS 2:1: utan bedömt behov underrättas ingen'),
  row('LAW-12', 'LUS 2:1 st.2'),
  row('RTE-01', 'SoL (2001:453) 2 a kap.', SINCE, OLD_SOL_ENDS),
  row('RTE-01', 'SoL 29:3', NEW_SOL),
  row('RTE-02', 'SoL (2001:453) 2 a kap.', SINCE, OLD_SOL_ENDS),
  row('RTE-02', 'SoL 29:2, LUS 5:3', NEW_SOL),
  row('RTE-03', 'SoL (2001:453) 2 a kap.', SINCE, OLD_SOL_ENDS),
  row('RTE-03', 'SoL 29:4', NEW_SOL),
  row('RTE-07', 'HSL 12:1, 14:1: i länet svarar regionen för hemsjukvård i ordinärt boende'),
  row('RTE-08', 'katalogen: uppdraget är lämnat till en annan part'),
  row('RTE-09', 'HSL 7:3: listning'),
  row('RTE-10', 'pågående kontakt i psykiatri eller beroendevård'),
  row('RTE-20', 'kommunen är delad i nämnder, var och en egen myndighet'),
  row('RTE-22', 'stadens adressregister; postnummer används aldrig'),
  row('RTE-23', 'stadens riktlinjer om ärendeansvar mellan nämnderna'),
  row('RTE-24', 'katalogen: stadens nämnder genom tiden'),
  row('RTE-41', 'skyddade personuppgifter: en människa väljer mottagare'),
  row('PAY-02', 'LUS 5:2 st.1'),
  row('PAY-03', 'LUS 5:2 st.2'),
  row('PAY-13', 'LUS 5:2: den som inte är folkbokförd i landet'),
  row('4.4', 'målgrupp och mottagningsfunktion'),
  row('4.5', 'slag av personnummer'),
  row('4.7', 'personer från annan ort, och utan bostad'),
  row('12.2', 'vem som får veta vad'),
  row('12.6', 'beslut om adressering'),
  row('12.7', 'mottagare som en part själv har lagt till'),
];

const byId = Map.groupBy(ROUTING_RULES, ({ id }) => id);

/** The row of a rule on a local date; before its first day the first row. */
export function routingRuleOn(id: RoutingRuleId, date: string): RoutingRule {
  const rows = byId.get(id);
  const found = rows?.findLast(({ from }) => from <= date) ?? rows?.[0];
  if (!found) throw new Error(`no row of ${id}`);
  return found;
}
