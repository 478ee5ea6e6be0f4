import type { History } from '../acts/history.ts';
import type { Act, EndCause } from '../notices/act.ts';
import {
  deviationOf,
  firstRow,
  found,
  NOTHING,
  type Circumstances,
  type DeviationDefinition,
  type Judgement,
} from './definition.ts';

/*
 * Told to one who was not the right one. The ward stated address, listing and identity, and is asked about it; what the hub or
 * its operator chose by themselves is seen in the trace of the notice.
 *
 *   INS-06  a recipient sent the INS back: it has no other content than the lawful items
 *   SEK-02  a recipient had more than that of somebody whose it was not: it sent it back, or the visit was another person's. It has
 *           to be assessed as a breach (GDPR art. 33), so no later word closes it but one that it was right after all
 */

/** Kinds that carry nothing but the items of chapter 2 (LUS 2:2, 2:4). */
const LAWFUL: ReadonlySet<Act['kind']> = new Set<Act['kind']>(['INS', 'BUT']);

/** Kinds whose recipient the ward does not state: a municipality has added it, or the person has named it (rules 12.2). */
const CHOSEN_BY_OTHERS: ReadonlySet<Act['kind']> = new Set<Act['kind']>(['HOME']);

/** The acts that ended for one of these reasons, the first of each recipient, when it had received them. */
function misaddressed(
  definition: Pick<DeviationDefinition, 'code' | 'rows'>,
  history: History,
  { received }: Circumstances,
  isSo: (act: Act, cause: EndCause) => boolean,
): Judgement {
  const ended = history.acts.filter((act) => act.ended && received.has(act.key));
  if (ended.length === 0 || history.stay.state === 'cancelled') return NOTHING;
  const standing = new Set(history.returns.map(({ by }) => by));
  const isUndone = ({ recipient, ended }: Act): boolean => ended?.cause === 'returned' && !standing.has(recipient);
  const wrong = ended.filter((act) => act.ended && !isUndone(act) && isSo(act, act.ended.cause));
  const byRecipient = Map.groupBy(wrong, ({ recipient }) => recipient);
  const deviations = [...byRecipient].flatMap(([recipient, [first]]) => {
    if (!first?.ended) return [];
    const evidence = [first.statedBy, first.ended.statedBy];
    const details = { occasion: recipient, due: first.ended.at, evidence, units: [recipient] };
    return [deviationOf(definition, history, first.sent, details)];
  });
  return found(deviations);
}

export const INS_06: DeviationDefinition = {
  code: 'INS-06',
  rows: firstRow('INS-06', 'Inskrivningsmeddelande till fel mottagare', 3, 'LUS 2:1', 'rules 6.2'),
  party: 'ward',
  judge: (history, circumstances) =>
    misaddressed(INS_06, history, circumstances, ({ kind }, cause) => kind === 'INS' && cause === 'returned'),
  closing: () => 'disproved',
};

export const SEK_02: DeviationDefinition = {
  code: 'SEK-02',
  rows: firstRow('SEK-02', 'Feladresserat meddelande', 4, 'OSL 25:1', 'rules 6.2; DEC-18'),
  party: 'ward',
  judge: (history, circumstances) =>
    misaddressed(
      SEK_02,
      history,
      circumstances,
      ({ kind }, cause) =>
        cause === 'other-person' || (cause === 'returned' && !LAWFUL.has(kind) && !CHOSEN_BY_OTHERS.has(kind)),
    ),
  closing: () => 'disproved',
};
