import {
  deviationOf,
  firstRow,
  parametersAt,
  together,
  type DeviationDefinition,
  type Judgement,
} from './definition.ts';
import { HUB } from './deviation.ts';

/** A need that still waits for a recipient when its notice should have been there: the hub's own (DEC-05). */
export const TEK_03: DeviationDefinition = {
  code: 'TEK-03',
  rows: firstRow('TEK-03', 'Okänd mottagaradress', 3, 'DEC-05', 'rules 6.2'),
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
