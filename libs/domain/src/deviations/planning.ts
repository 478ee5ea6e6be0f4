import type { TakenWord } from '../stay/party-words.ts';
import { deviationOf, firstRow, isConcern, NOTHING, parametersAt, type DeviationDefinition } from './definition.ts';
import { homeward, isMunicipal, isOpenCare, isSaidBy, notBeforeLeaving, notInTime, wordsOf } from './recipients.ts';

/*
 * Planning (LUS 2:6) and its obstacles (LUS 5:5), by what the parties say.
 *
 *   PLA-01  a municipality or board has not begun within some hours of the INS, and the patient is still there
 *   UTS-09  the patient left, and it had not begun: what is said afterwards changes nothing of that
 *   MOT-02  the region's measures are not there, by the latest word of the region's open care
 */

/** Words that show that planning has begun. */
const PLANS: ReadonlySet<TakenWord['says']['kind']> = new Set<TakenWord['says']['kind']>([
  'planning-begun',
  'informed',
  'sip-called',
  'sip-proposed',
  'sip-replied',
  'sip-declined',
  'sip-planned',
  'care-planned',
  'care-plan-adjusted',
]);

const plans = ({ says }: TakenWord): boolean => PLANS.has(says.kind);

export const PLA_01: DeviationDefinition = {
  code: 'PLA-01',
  rows: firstRow('PLA-01', 'Planering ej påbörjad', 2, 'LUS 2:6', 'rules 6.2 (48 h, unsure); DEC-13'),
  party: 'recipient',
  warning: 'Planeringen inför utskrivning är inte påbörjad.',
  judge: (history, circumstances) => {
    const home = homeward(history);
    return notInTime(PLA_01, history, circumstances, {
      ...{ kind: 'INS', answer: 'PLAN', concerns: isMunicipal },
      within: (received) => received + parametersAt(received, circumstances).planningDeadline,
      isDone: ({ unit, due }) => (home && home.at <= due) || wordsOf(history, unit.party.id).some(plans),
    });
  },
  closing: ({ occasion }, history) => (wordsOf(history, occasion).some(plans) ? 'came-late' : 'disproved'),
};

export const UTS_09: DeviationDefinition = {
  code: 'UTS-09',
  rows: firstRow('UTS-09', 'Utskriven utan planering', 4, 'LUS 2:6', 'rules 6.2; DEC-13'),
  party: 'recipient',
  judge: (history, circumstances) =>
    notBeforeLeaving(UTS_09, history, circumstances, {
      ...{ kind: 'INS', answer: 'PLAN', concerns: isMunicipal },
      isDone: ({ unit }, left) => wordsOf(history, unit.party.id).some((word) => plans(word) && isSaidBy(word, left)),
    }),
  closing: (_closed, history) => (homeward(history) ? 'disproved' : 'withdrawn'),
};

export const MOT_02: DeviationDefinition = {
  code: 'MOT-02',
  rows: firstRow('MOT-02', 'Regionens insatser ej tillgängliga', 3, 'LUS 5:5', 'rules 6.2; PAY-09'),
  party: 'recipient',
  judge: (history) => {
    if (history.words.length === 0 || !isConcern(history)) return NOTHING;
    const latest = new Map<string, TakenWord>();
    for (const word of history.words) {
      if (word.says.kind === 'obstacle' && word.by && isOpenCare(word.by)) latest.set(word.party, word);
    }
    const deviations = [...latest.values()].flatMap(({ party, says, sent, eventId }) =>
      says.kind === 'obstacle' && says.exists === 'yes'
        ? [
            deviationOf(MOT_02, history, sent, {
              occasion: party,
              party,
              due: sent,
              evidence: [eventId],
              units: [party],
            }),
          ]
        : [],
    );
    return { deviations, timers: [] };
  },
  closing: ({ occasion }, history) =>
    wordsOf(history, occasion).some(({ says }) => says.kind === 'obstacle') ? 'completed' : 'disproved',
};
