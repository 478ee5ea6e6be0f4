import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Continuation, Inherited } from '../routing/addressees.ts';
import type { StayEvent } from '../events/stay-event.ts';
import type { PersonProtection } from '../person/protection.ts';
import { GrowingHistory, historyOf, type HistoryRules } from './history.ts';
import { parametersOn } from '../rules/parameters.ts';
import { consent, DIRECTORY, expecting, fact, JARVA, may, message, need, stated } from '../ward.fixture.ts';

const RULES: HistoryRules = {
  directory: DIRECTORY,
  parameters: (date) => parametersOn(date),
  judge: (event) => event.sentAt,
};
const whole = (events: readonly StayEvent[], protection?: PersonProtection, continuation?: Continuation) =>
  historyOf({ ...RULES, events, ...(protection && { protection }), ...(continuation && { continuation }) });

const COURSE = [
  message('A01', { sent: '04 08:30', facts: [need(['SOC', 'ROV'], '04 08:15'), consent('Y', '04 08:15')] }),
  message('A08', { sent: '04 09:00', encounter: expecting('10') }),
  message('A08', { sent: '05 09:00', encounter: expecting('12'), facts: [fact('READY', 'Y', '05 08:50')] }),
  message('A08', { sent: '05 10:00', facts: [fact('READY', 'N', '05 09:50'), fact('INFO', 'x', '05 09:51')] }),
  message('A03', { sent: '06 12:00', encounter: { end: stated('06 11:00') } }),
  message('A13', { sent: '06 13:00' }),
  message('A11', { sent: '07 09:00' }),
];

const PROTECTIONS = [undefined, { label: 'sekretessmarkering', since: may('05 09:30') }] as const;

const inherited = (party: string, since: string): Inherited => ({ party, scopes: ['SOC'], since: may(since) });
const admitted = { after: may('04 07:00'), from: may('04 07:00'), until: may('05 07:00') };
const CONTINUATIONS: readonly (Continuation | undefined)[] = [
  undefined,
  { inherited: [inherited('0183', '04 07:30')], admitted },
  { inherited: [inherited('0183', '05 09:30'), inherited(JARVA, '06 12:30')], admitted },
  { inherited: [inherited('0183', '05 09:30')], admitted, over: { at: may('06 12:00'), cause: 'deceased-later' } },
  { inherited: [], over: { at: may('08'), cause: 'no-need-later' } },
];

describe('a history that grows', () => {
  it('says at every call what the whole says, in whatever order events come, go and are mended', () => {
    const step = fc.record({
      event: fc.constantFrom(...COURSE),
      goes: fc.boolean(),
      protection: fc.constantFrom(...PROTECTIONS),
      continuation: fc.constantFrom(...CONTINUATIONS),
    });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 12 }), (steps) => {
        const growing = new GrowingHistory(RULES);
        const held = new Map([[COURSE[0]?.eventId ?? '', message('A01', { sent: '04 08:30', id: 'first' })]]);
        for (const { event, goes, protection, continuation } of steps) {
          if (goes && held.size > 1) held.delete(event.eventId);
          // A mended event is another object with the same id.
          else held.set(event.eventId, { ...event });
          const events = [...held.values()];
          expect(growing.of(events, protection, continuation)).toEqual(whole(events, protection, continuation));
        }
      }),
    );
  });

  it('leaves what it has answered as it was when it goes on', () => {
    const growing = new GrowingHistory(RULES);
    const first = growing.of(COURSE.slice(0, 2), undefined);
    const before = structuredClone({ acts: first.acts, duties: first.duties });
    growing.of(COURSE, undefined);
    expect({ acts: first.acts, duties: first.duties }).toEqual(before);
  });

  it('judges each event once, however often it is asked: a stay with many messages stops no partition', () => {
    let judged = 0;
    const growing = new GrowingHistory({ ...RULES, judge: (event) => (judged++, event.sentAt) });
    const start = may('04 08:30');
    const events: StayEvent[] = [];
    for (let n = 0; n < 400; n++) {
      const event = message('A08', { sent: '04 08:30', facts: n === 0 ? [need('SOC', '04 08:15')] : [] });
      events.push({ ...event, sentAt: start + n * 1000, intakeAt: start + n * 1000 });
      growing.of(events, undefined);
    }
    expect(judged).toBe(events.length);
  });
});
