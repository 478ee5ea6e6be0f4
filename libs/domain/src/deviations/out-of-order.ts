import { deviationOf, firstRow, isConcern, NOTHING, type DeviationDefinition } from './definition.ts';
import { HUB } from './deviation.ts';

/**
 * A message of the stay was taken in after one that was sent later (rules 6.2), once per stay: for those who run the hub, who
 * can ask the sender's engine why; a ward can do nothing about it. What an outage of the hub had
 * kept waiting is no fault of the sender's: such a message is judged by its sent time all the same (architecture 7).
 */
export const TEK_04: DeviationDefinition = {
  code: 'TEK-04',
  rows: firstRow('TEK-04', 'Meddelanden i fel ordning', 1, 'ARK 7', 'rules 6.2'),
  party: 'hub',
  judge: (history, { outages }) => {
    const found = history.ward.outOfOrder;
    if (!found || !isConcern(history)) return NOTHING;
    const { event, after } = found;
    if (outages.some(({ from, to }) => from <= after.intakeAt && event.sentAt <= to)) return NOTHING;
    const details = { party: HUB, due: event.sentAt, evidence: [event.eventId, after.eventId] };
    return { deviations: [deviationOf(TEK_04, history, event.sentAt, details)], timers: [] };
  },
  closing: () => 'disproved',
};
