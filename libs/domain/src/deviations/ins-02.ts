import { deviationOf, NOTHING, type DeviationDefinition } from './definition.ts';
import { inscriptionOf } from './inscription.ts';

/** A later message arrives for a stay with a need and no INS (LUS 2:1; DEC-07): alone, and milder for a short stay. */
export const INS_02: DeviationDefinition = {
  code: 'INS-02',
  rows: [
    {
      code: 'INS-02',
      from: '2018-01-01',
      name: 'Inskrivningsmeddelande saknas men senare meddelande finns',
      severity: 4,
      statute: 'LUS 2:1',
      version: 'regler 2018-01-01',
      source: 'rules 6.2; DEC-07',
    },
  ],
  party: 'ward',
  judge: (history, circumstances) => {
    const inscription = inscriptionOf(history, circumstances);
    if (inscription.kind !== 'after-the-fact') return NOTHING;
    const { clock, shownBy, discharge } = inscription;
    const { admittedAt } = history.stay;
    const short =
      discharge !== undefined &&
      admittedAt !== undefined &&
      discharge.at.start - admittedAt < clock.parameters.shortStay;
    const deviation = deviationOf(INS_02, history, clock.due - clock.parameters.insDeadline, {
      due: Math.min(clock.due, shownBy.sent),
      evidence: [clock.needs[0].statedBy, shownBy.event.eventId],
      ...(short && { severity: 3 }),
    });
    return { deviations: [deviation], timers: [] };
  },
  closing: () => 'disproved',
};
