import { deviationOf, firstRow, isConcern, NOTHING, type DeviationDefinition } from './definition.ts';

/** A party found the patient at home, and the ward had said nothing of a discharge (DEC-09). Leave is none. */
export const UTS_10: DeviationDefinition = {
  code: 'UTS-10',
  rows: firstRow('UTS-10', 'Utskrivning ej meddelad', 4, 'LUS 3:2', 'rules 12.1: DEC-09'),
  party: 'ward',
  judge: (history, { suspected }) => {
    const { stay, ward, words } = history;
    if (words.length === 0 || stay.state !== 'admitted' || !isConcern(history)) return NOTHING;
    const found = words.find(
      ({ says, sent }) =>
        says.kind === 'found' &&
        says.where === 'home' &&
        // Found before the present admission: the ward has said since that the patient is there.
        sent > (stay.admittedAt ?? Infinity) &&
        !ward.isOnLeave(sent),
    );
    if (!found) return NOTHING;
    const details = { due: found.sent, evidence: [found.eventId], suspected, units: [found.party] };
    return { deviations: [deviationOf(UTS_10, history, found.sent, details)], timers: [] };
  },
  closing: (_closed, { stay }) => (stay.state === 'discharged' ? 'came-late' : 'disproved'),
};
