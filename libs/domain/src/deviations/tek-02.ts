import { deviationOf, firstRow, type DeviationDefinition } from './definition.ts';
import { HUB } from './deviation.ts';

/**
 * A recipient was told by telephone, fax or paper beside the hub (rules 6.2), once for each that was recorded: what the notice
 * lacked the hub for is counted. The call meets no deadline and makes none.
 */
export const TEK_02: DeviationDefinition = {
  code: 'TEK-02',
  rows: firstRow('TEK-02', 'Reservkanal använd', 1, 'LUS 2:1', 'rules 6.2'),
  party: 'hub',
  judge: (history) => ({
    deviations: history.calls.map(({ recipient, eventId, at }) =>
      deviationOf(TEK_02, history, at, {
        ...{ occasion: eventId, party: HUB, due: at, evidence: [eventId], units: [recipient] },
      }),
    ),
    timers: [],
  }),
  // The record of the call was taken back.
  closing: () => 'disproved',
};
