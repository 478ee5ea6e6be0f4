import { deviationOf, parametersAt, together, type DeviationDefinition, type Judgement } from './definition.ts';
import { HUB } from './deviation.ts';

/** A need that still waits for a recipient when its notice should have been there: the hub's own (DEC-05). */
export const TEK_03: DeviationDefinition = {
  code: 'TEK-03',
  rows: [
    {
      code: 'TEK-03',
      from: '2018-01-01',
      name: 'Okänd mottagaradress',
      severity: 3,
      statute: 'DEC-05',
      version: 'regler 2018-01-01',
      source: 'rules 6.2',
    },
  ],
  party: 'hub',
  judge: (history, circumstances) => {
    const waiting = history.duties.filter((duty) => duty.code === 'ROUTE-BY-HAND');
    const judged = waiting.map(({ due, occasion, statedBy, since }): Judgement => {
      const from = due + parametersAt(since, circumstances).grace;
      if (circumstances.watermark < from) return { deviations: [], timers: [{ at: from }] };
      const details = { occasion, party: HUB, due, evidence: [statedBy] };
      return { deviations: [deviationOf(TEK_03, history, since, details)], timers: [] };
    });
    return together(judged);
  },
  closing: () => 'completed',
};
