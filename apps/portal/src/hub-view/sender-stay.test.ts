import { describe, expect, it } from '@jest/globals';
import { parametersOn } from '#libs/domain';
import { isUnreadable, readEventBundle } from '#libs/fhir';
import { at, event, NOON, type EventOptions } from '../testing/samples.ts';
import { senderStay } from './sender-stay.ts';

const MINUTE = 60_000;

function stayOf(...events: readonly EventOptions[]) {
  const read = events.map((options) => {
    const one = readEventBundle(event(options));
    if (isUnreadable(one)) throw new Error(one.unreadable);
    return one;
  });
  return senderStay(read, 'patient-1', 'V1', (date) => parametersOn(date)).encounter;
}

describe("a stay in its sender's view", () => {
  it('begins at EVN-6 where the A01 has no PV1-44, as the fold reads it (contract 5)', () => {
    const encounter = stayOf({ encounter: { class: 'IMP' }, occurredAt: at(5, 10, 8) });
    expect(encounter.status).toBe('in-progress');
    expect(encounter.period?.start).toBe('2026-05-10T08:00:00+02:00');
  });

  it('begins at PV1-44 where that stands, whatever EVN-6 says', () => {
    expect(stayOf({ occurredAt: at(5, 10, 8) }).period?.start).toBe('2026-05-10T09:00:00+02:00');
  });

  it('takes no start from EVN-6 of an A08: that is when something changed', () => {
    const encounter = stayOf({ trigger: 'A08', encounter: { class: 'IMP' }, occurredAt: at(5, 10, 8) });
    expect(encounter).toMatchObject({ status: 'unknown' });
    expect(encounter).not.toHaveProperty('period');
  });

  it('has no end after an A13, though PV1-45 still stands in it (standards 8.6)', () => {
    const end = at(5, 12, 11);
    const encounter = stayOf(
      {},
      { trigger: 'A03', sentAt: NOON + MINUTE, encounter: { class: 'IMP', end } },
      { trigger: 'A13', sentAt: NOON + 2 * MINUTE, encounter: { class: 'IMP', end } },
    );
    expect(encounter.status).toBe('in-progress');
    expect(encounter.period).not.toHaveProperty('end');
  });
});
