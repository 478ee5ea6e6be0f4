import { insClocks } from '../acts/ins-clocks.ts';
import { movedByOutages } from '../time/outages.ts';
import { deviationOf, NOTHING, type DeviationDefinition } from './definition.ts';

/**
 * An item of LUS 2:2 was not in the INS when it was sent, and did not come by the deadline of the INS (DEC-16). Completed in
 * time it closes; completed later it stays, with the message that completed it as evidence. Where the stay before has sent an
 * INS, one that is sent all the same has the items of LUS 2:2.
 */
export const INS_05: DeviationDefinition = {
  code: 'INS-05',
  rows: [
    {
      code: 'INS-05',
      from: '2018-01-01',
      name: 'Inskrivningsmeddelande ofullständigt',
      severity: 3,
      statute: 'LUS 2:2',
      version: 'regler 2018-01-01',
      source: 'rules 6.2; DEC-16; DEC-35',
    },
  ],
  party: 'ward',
  judge: (history, circumstances) => {
    const { stay, ward } = history;
    const [clock] = insClocks(stay, circumstances.parameters);
    const ins = ward.firstIns(stay);
    if (!clock || !ins) return NOTHING;
    const completion = ward.completion(stay);
    if (completion === 'at-once') return NOTHING;
    const evidence = [clock.needs[0].statedBy, ins.event.eventId];
    if (completion !== 'never') {
      if (completion.sent <= movedByOutages(clock.due, circumstances.outages, clock.parameters)) return NOTHING;
      evidence.push(completion.event.eventId);
    }
    const begins = clock.due - clock.parameters.insDeadline;
    return { deviations: [deviationOf(INS_05, history, begins, { due: clock.due, evidence })], timers: [] };
  },
  closing: () => 'completed',
};
