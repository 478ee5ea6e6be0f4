import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Continuation, Inherited } from '../routing/addressees.ts';
import { IntakeSequence } from '../events/intake-sequence.ts';
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
        const held = new IntakeSequence([message('A01', { sent: '04 08:30', id: 'first' })]);
        for (const { event, goes, protection, continuation } of steps) {
          if (goes) held.drop(event.eventId);
          // A mended event is another object with the same id.
          else held.put({ ...event });
          const events = [...held.byId.values()];
          expect(growing.of(held, protection, continuation)).toEqual(whole(events, protection, continuation));
        }
      }),
    );
  });

  it('leaves what it has answered as it was when it goes on', () => {
    const growing = new GrowingHistory(RULES);
    const sequence = new IntakeSequence(COURSE.slice(0, 2));
    const first = growing.of(sequence, undefined);
    const before = structuredClone({ stay: first.stay, acts: first.acts, duties: first.duties });
    for (const event of COURSE.slice(2)) sequence.put(event);
    growing.of(sequence, undefined);
    expect({ stay: first.stay, acts: first.acts, duties: first.duties }).toEqual(before);
  });

  it('answers with the same acts when a message makes no other', () => {
    const growing = new GrowingHistory(RULES);
    const sequence = new IntakeSequence(COURSE.slice(0, 2));
    const { acts } = growing.of(sequence, undefined);
    sequence.put(message('A08', { sent: '04 09:30' }));
    expect(growing.of(sequence, undefined).acts).toBe(acts);
  });

  it.each([
    ['each', 1, 1],
    ['sixteen at one instant, each made before the last,', 16, -1],
  ])('judges each event once, however often it is asked: %s of many stops no partition', (_, together, direction) => {
    let judged = 0;
    const growing = new GrowingHistory({ ...RULES, judge: (event) => (judged++, event.sentAt) });
    const start = may('04 08:30');
    const sequence = new IntakeSequence();
    for (let n = 0; n < 400; n++) {
      const event = message('A08', { sent: '04 08:30', facts: n === 0 ? [need('SOC', '04 08:15')] : [] });
      const [said, taken] = [start + direction * n * 1000, start + Math.floor(n / together) * 1000];
      sequence.put({ ...event, at: said, sentAt: said, intakeAt: taken, intakeStamp: n });
      if ((n + 1) % together === 0) growing.of(sequence, undefined);
    }
    expect(judged).toBe(400);
  });
});

describe('what the history of a stay costs whose need is assessed anew by each message', () => {
  /** How often something is looked up in the values and the times of facts while so many messages are read. */
  function looks(count: number, sentAt: (n: number) => number, values: (n: number) => readonly string[]): number {
    let looked = 0;
    const counting = (list: readonly string[]): readonly string[] =>
      Object.assign([...list], { includes: (value: string) => (looked++, list.includes(value)) });
    const events = Array.from({ length: count }, (_, n) => {
      const sent = may('04 08:30') + sentAt(n) * 60_000;
      const stated = { code: 'NEED', scopes: [], status: 'F', values: counting(values(n)) } as const;
      const assessed = {
        ...stated,
        get at() {
          return (looked++, sent);
        },
      };
      const more = { sentAt: sent, at: sent, intakeAt: may('10') + n, intakeStamp: n };
      return { ...message('A01', { id: `e${n}`, sent: '04 08:30' }), ...more, facts: [assessed] };
    });
    new GrowingHistory(RULES).of(new IntakeSequence(events), undefined);
    return looked;
  }

  it.each<[string, (n: number) => number, (n: number) => readonly string[]]>([
    ['the same need at one time after the other', (n) => n, () => ['SOC']],
    ['another need each time', (n) => n, (n) => (n % 2 === 0 ? ['SOC'] : ['ROV', 'KHSL'])],
    ['the same need, back and forth in time', (n) => (n * 7919) % 1009, () => ['SOC']],
  ])('grows as the messages do: %s', (_, sentAt, values) => {
    const [few, many] = [looks(100, sentAt, values), looks(400, sentAt, values)];
    expect(few).toBeGreaterThan(100);
    // Twice as much for each at four times as many would be a search in a sorted list; four times, a look at each of them.
    expect(many / few).toBeLessThan(6);
  });
});
