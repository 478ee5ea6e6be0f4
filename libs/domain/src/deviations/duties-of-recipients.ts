import { afterBankTime } from '../rules/bank-days.ts';
import type { TakenWord } from '../answers/party-words.ts';
import { type DeviationDefinition, deviationOf, firstRow, isConcern, NOTHING, parametersAt } from './definition.ts';
import {
  homeward,
  isMunicipal,
  isOpenCare,
  isOpenCareUnit,
  isSaidBy,
  isSentOn,
  notBeforeLeaving,
  notInTime,
  wordsOf,
} from './recipients.ts';

/*
 * That a person has taken part of a notice (KVI). Any word on the stay shows it of the INS; of the UTK only one that names it.
 *
 *   INS-08  no word at all within a day of weekdays; a word that comes late closes it
 *   UTK-06  the patient left, and the UTK had not been acknowledged; likewise. Of who goes on in open compulsory care the
 *           decision is the UTK of each unit that it reached (DEC-11)
 *   FVK-02  the region's open care has said nothing at all for days, and the patient is still there
 */

export const INS_08: DeviationDefinition = {
  code: 'INS-08',
  rows: firstRow(
    'INS-08',
    'Inskrivningsmeddelande ej kvitterat',
    2,
    'Regional rutin',
    'rules 6.2 (24 h, unsure); DEC-13',
  ),
  party: 'recipient',
  warning: 'Inskrivningsmeddelandet är inte kvitterat.',
  judge: (history, circumstances) =>
    notInTime(INS_08, history, circumstances, {
      ...{ kind: 'INS', answer: 'KVI' },
      within: (received) => afterBankTime(received, parametersAt(received, circumstances).acknowledgeDeadline),
      isDone: ({ unit }) => wordsOf(history, unit.party.id).length > 0,
    }),
  closing: ({ occasion }, history) => (wordsOf(history, occasion).length > 0 ? 'came-late' : 'disproved'),
};

export const UTK_06: DeviationDefinition = {
  code: 'UTK-06',
  rows: firstRow('UTK-06', 'Utskrivningsklar ej kvitterad', 2, 'Regional rutin', 'rules 6.2; DEC-11; DEC-13'),
  party: 'recipient',
  judge: (history, circumstances) =>
    notBeforeLeaving(UTK_06, history, circumstances, {
      ...{ kind: history.stay.openCompulsoryCare ? 'OPT-DECISION' : 'UTK', answer: 'KVI' },
      isDone: ({ unit, keys }) => {
        const ids = new Set(keys.map(circumstances.deliveryId));
        return wordsOf(history, unit.party.id).some(({ about }) => about !== undefined && ids.has(about));
      },
    }),
  closing: (_closed, history) => (homeward(history) ? 'came-late' : 'withdrawn'),
};

export const FVK_02: DeviationDefinition = {
  code: 'FVK-02',
  rows: firstRow('FVK-02', 'Öppenvård svarar inte', 2, 'LUS 2:5', 'rules 6.2 (72 h, unsure); DEC-13'),
  party: 'recipient',
  warning: 'Mottagningen har inte svarat på inskrivningsmeddelandet.',
  judge: (history, circumstances) => {
    const home = homeward(history);
    return notInTime(FVK_02, history, circumstances, {
      ...{ kind: 'INS', answer: 'FVK', concerns: isOpenCareUnit },
      within: (received) => received + parametersAt(received, circumstances).clinicSilence,
      // Who left before then is what FVK-01 is about: one failure is one case. A transfer ends the duty (DEC-08).
      isDone: ({ unit, due }) =>
        (home && home.at <= due) || isSentOn(history) || wordsOf(history, unit.party.id).length > 0,
    });
  },
  closing: ({ occasion }, history) => (wordsOf(history, occasion).length > 0 ? 'came-late' : 'disproved'),
};

/** LUS 2:5: a unit of the region's open care that received an INS appoints the contact before the patient leaves. */
export const FVK_01: DeviationDefinition = {
  code: 'FVK-01',
  rows: firstRow('FVK-01', 'Fast vårdkontakt ej utsedd', 3, 'LUS 2:5', 'rules 6.2; DEC-12; DEC-13'),
  party: 'recipient',
  judge: (history, circumstances) =>
    notBeforeLeaving(FVK_01, history, circumstances, {
      ...{ kind: 'INS', answer: 'FVK', concerns: isOpenCareUnit },
      isDone: ({ unit }) => wordsOf(history, unit.party.id).some(({ says }) => says.kind === 'contact-appointed'),
    }),
  closing: (_closed, history) => (homeward(history) ? 'came-late' : 'withdrawn'),
};

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
