import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { knownSince, patientsIn, personsSentOn, type StayEvent } from '#libs/domain';
import { consent, ids, message, need, stayOf } from '../../../apps/watcher/test/ward.ts';
import { StayEvents } from './stay-events.ts';

const PERSONS = [ids.patient('pnr', 'other'), ids.patient('pnr', 'reserve')];
const EVENTS: readonly StayEvent[] = [
  message('A01', { sent: '04 08:30', person: 'reserve', facts: [need('SOC', '04 08:15')] }),
  message('A08', { sent: '04 09:00', facts: [consent('Y', '04 09:00')] }),
  { ...message('A08', { sent: '04 10:00' }), sender: 'DS' },
  message('A03', { sent: '05 10:00', encounter: { leaving: 'transfer' } }),
  { ...message('A08', { sent: '04 11:00', person: 'other' }), beside: {} },
  { ...message('A08', { sent: '04 12:00', person: 'other' }), beside: { persons: PERSONS } },
];

describe('the events of a stay in memory', () => {
  it('answer what is asked of them as a look at all of them would, in whatever order they come, go and are mended', () => {
    const step = fc.record({
      event: fc.constantFrom(...EVENTS),
      goes: fc.boolean(),
      by: fc.constantFrom('KS', 'DS'),
      earlier: fc.nat(100),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        const stay = new StayEvents(stayOf('v1'));
        for (const { event, goes, by, earlier } of steps) {
          if (goes) stay.drop(event.eventId);
          else stay.put({ ...event, sender: by, intakeAt: event.intakeAt - earlier });
          const all = [...stay.byId.values()];
          expect(new Map(stay.knownSince())).toEqual(knownSince(all));
          expect(stay.bytes).toBe(all.reduce((sum, one) => sum + JSON.stringify(one).length, 0));
          expect([...stay.patients()].sort()).toEqual(patientsIn(all).sort());
          expect([...stay.senders()].sort()).toEqual([...new Set(all.map(({ sender }) => sender))].sort());
          expect([...stay.sequence.events].map(({ eventId }) => eventId).sort()).toEqual([...stay.byId.keys()].sort());
          // One too many costs reading, one too few would be wrong.
          expect(stay.sentOn()).toEqual(expect.arrayContaining(personsSentOn(all)));
        }
      }),
    );
  });

  it('are the same stay as long as no event came or went', () => {
    const stay = new StayEvents(stayOf('v1'));
    for (const event of EVENTS) stay.put(event);
    const before = stay.asStay();
    expect(stay.asStay()).toBe(before);
    stay.drop(EVENTS[1]?.eventId ?? '');
    expect(stay.asStay()).not.toBe(before);
  });
});
