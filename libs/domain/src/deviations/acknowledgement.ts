import { afterBankTime } from '../rules/bank-days.ts';
import { deviationOf, firstRow, NOTHING, oncePassed, parametersAt, type DeviationDefinition } from './definition.ts';
import { homeward, isOpenCare, isSentOn, perHolder, wordsOf } from './recipients.ts';

/*
 * That a person has taken part of a notice (KVI). Any word on the stay shows it of the INS; of the UTK only one that names it.
 *
 *   INS-08  no word at all within a day of weekdays; a word that comes late closes it
 *   UTK-06  the patient left, and the UTK had not been acknowledged; likewise
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
    perHolder(
      history,
      circumstances,
      { kind: 'INS', answer: 'KVI' },
      (received) => afterBankTime(received, parametersAt(received, circumstances).acknowledgeDeadline),
      ({ unit: { party }, act, received, due }) => {
        if (wordsOf(history, party.id).length > 0) return NOTHING;
        const details = { occasion: party.id, party: party.id, due, evidence: [act.statedBy], units: [party.id] };
        const make = () => deviationOf(INS_08, history, received, details);
        return oncePassed(due, circumstances, parametersAt(received, circumstances), make, { begins: received });
      },
    ),
  closing: ({ occasion }, history) => (wordsOf(history, occasion).length > 0 ? 'came-late' : 'disproved'),
};

export const UTK_06: DeviationDefinition = {
  code: 'UTK-06',
  rows: firstRow('UTK-06', 'Utskrivningsklar ej kvitterad', 2, 'Regional rutin', 'rules 6.2; DEC-13'),
  party: 'recipient',
  judge: (history, circumstances) => {
    const home = homeward(history);
    if (!home) return NOTHING;
    const { discharge, at } = home;
    return perHolder(
      history,
      circumstances,
      { kind: 'UTK', answer: 'KVI' },
      () => at,
      ({ unit: { party }, act, keys, received }) => {
        if (received >= at) return NOTHING;
        const ids = new Set(keys.map(circumstances.deliveryId));
        if (wordsOf(history, party.id).some(({ about }) => about !== undefined && ids.has(about))) return NOTHING;
        const parameters = parametersAt(received, circumstances);
        const details = {
          ...{ occasion: `${discharge.n}|${party.id}`, party: party.id, due: at, units: [party.id] },
          evidence: [act.statedBy, discharge.statedBy],
          ...(at - received < parameters.shortNotice && { severity: 1 as const }),
        };
        return oncePassed(at, circumstances, parameters, () => deviationOf(UTK_06, history, received, details));
      },
    );
  },
  closing: (_closed, history) => (homeward(history) ? 'came-late' : 'withdrawn'),
};

export const FVK_02: DeviationDefinition = {
  code: 'FVK-02',
  rows: firstRow('FVK-02', 'Öppenvård svarar inte', 2, 'LUS 2:5', 'rules 6.2 (72 h, unsure); DEC-13'),
  party: 'recipient',
  warning: 'Mottagningen har inte svarat på inskrivningsmeddelandet.',
  judge: (history, circumstances) => {
    const home = homeward(history);
    return perHolder(
      history,
      circumstances,
      { kind: 'INS', answer: 'FVK', concerns: ({ party, scopes }) => isOpenCare(party, scopes) },
      (received) => received + parametersAt(received, circumstances).clinicSilence,
      ({ unit: { party }, act, received, due }) => {
        // Who left before then is what FVK-01 is about: one failure is one case. A transfer ends the duty (DEC-08).
        if ((home && home.at <= due) || isSentOn(history) || wordsOf(history, party.id).length > 0) return NOTHING;
        const details = { occasion: party.id, party: party.id, due, evidence: [act.statedBy], units: [party.id] };
        const make = () => deviationOf(FVK_02, history, received, details);
        return oncePassed(due, circumstances, parametersAt(received, circumstances), make, { begins: received });
      },
    );
  },
  closing: ({ occasion }, history) => (wordsOf(history, occasion).length > 0 ? 'came-late' : 'disproved'),
};

/** LUS 2:5: a unit of the region's open care that received an INS appoints the contact before the patient leaves. */
export const FVK_01: DeviationDefinition = {
  code: 'FVK-01',
  rows: firstRow('FVK-01', 'Fast vårdkontakt ej utsedd', 3, 'LUS 2:5', 'rules 6.2; DEC-12; DEC-13'),
  party: 'recipient',
  judge: (history, circumstances) => {
    const home = homeward(history);
    if (!home) return NOTHING;
    const { discharge, at } = home;
    return perHolder(
      history,
      circumstances,
      { kind: 'INS', answer: 'FVK', concerns: ({ party, scopes }) => isOpenCare(party, scopes) },
      () => at,
      ({ unit: { party }, act, received }) => {
        if (received >= at) return NOTHING;
        if (wordsOf(history, party.id).some(({ says }) => says.kind === 'contact-appointed')) return NOTHING;
        const parameters = parametersAt(received, circumstances);
        const details = {
          ...{ occasion: `${discharge.n}|${party.id}`, party: party.id, due: at, units: [party.id] },
          evidence: [act.statedBy, discharge.statedBy],
          ...(at - received < parameters.shortNotice && { severity: 1 as const }),
        };
        return oncePassed(at, circumstances, parameters, () => deviationOf(FVK_01, history, received, details));
      },
    );
  },
  closing: (_closed, history) => (homeward(history) ? 'came-late' : 'withdrawn'),
};
