import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { GrowingHistory } from '../acts/history.ts';
import { COURSES } from '../events/course.ts';
import type { Fact } from '../events/fact.ts';
import { IntakeSequence, inIntakeOrder } from '../events/intake-sequence.ts';
import type { Identity } from '../events/statements.ts';
import type { StayEvent } from '../events/stay-event.ts';
import { parametersOn } from '../rules/parameters.ts';
import { DIRECTORY, consent, expecting, fact, history, may, message, need, stated, TERMS } from '../ward.fixture.ts';
import { foldStay, GrowingStay, type FoldRules } from './fold.ts';

const RULES: FoldRules = { parameters: (date) => parametersOn(date) };

const number = (value: string): Identity => ({ type: 'personnummer', system: 'urn:test', value });
const coordination = (more: Partial<Identity> = {}): Identity => ({
  ...{ type: 'samordningsnummer', system: 'urn:test:snr', value: '196109732393' },
  ...more,
});
const NUMBERS = [
  ...[[number('191212121212')], [number('191212121212')], [number('189001019802')], []],
  ...[[coordination()], [coordination({ certainty: 'osaker' })]],
];

const LIFTED = [{ lifted: { ofVisit: false } }, { lifted: { ofVisit: true } }];

/** Few instants, so that there are ties in every order. */
const instant = fc.integer({ min: 0, max: 12 }).map((half) => may('04 08:00') + half * 12 * 3_600_000);
const time = instant.map((at) => ({
  iso: new Date(at).toISOString(),
  precision: 'minute' as const,
  start: at,
  end: at,
}));

const anyFact: fc.Arbitrary<Fact> = fc
  .record({
    code: fc.constantFrom('NEED', 'CONSENT', 'INS', 'READY', 'INFO', 'COMPULSORY', 'CONTACT'),
    scopes: fc.constantFrom([], ['SOC'] as const),
    values: fc.constantFrom(['Y'], ['N'], ['SOC'], ['SOC', 'ROV'], ['NONE']),
    status: fc.constantFrom('F', 'F', 'F', 'C', 'D'),
    at: instant,
    timed: fc.boolean(),
  })
  .map(({ timed, ...one }) => (timed ? { ...one, stated: String(one.at) } : one));

const anyEvent = fc
  .record({
    course: fc.oneof(fc.constantFrom(...COURSES), fc.constantFrom('admit', 'update', 'update', 'discharge')),
    sentAt: instant,
    at: instant,
    intakeAt: instant,
    intakeStamp: fc.integer({ min: 0, max: 6 }),
    identities: fc.constantFrom(...NUMBERS),
    name: fc.constantFrom(undefined, null, { family: 'Tolvansson', given: ['Tolvan'] }),
    deceased: fc.constantFrom(undefined, undefined, undefined, true, false),
    encounter: fc.record(
      {
        class: fc.constantFrom('IMP' as const, 'IMP' as const, 'AMB' as const),
        ward: fc.constantFrom('A', 'B', null),
        start: time,
        end: time,
        expectedDischarge: fc.option(time),
        leaving: fc.constantFrom('home' as const, 'transfer' as const, 'dead' as const),
        protection: fc.constant('sekretessmarkering' as const),
      },
      { requiredKeys: [] },
    ),
    facts: fc.array(anyFact, { maxLength: 3 }),
    impliedNeed: fc.constantFrom([], ['ROV'] as const),
    protection: fc.constantFrom(undefined, undefined, undefined, 'unknown' as const, 'sekretessmarkering' as const),
    protectionDeleted: fc.constantFrom(undefined, undefined, undefined, true as const),
    beside: fc.constantFrom(undefined, undefined, undefined, undefined, {}, ...LIFTED),
    joined: fc.constantFrom(undefined, undefined, undefined, 'other'),
  })
  .map(({ identities, name, deceased, impliedNeed, protection, protectionDeleted, beside, joined, ...event }) => ({
    ...message('A08', { sent: '04 08:00' }),
    ...event,
    ...(beside && { course: 'update' as const, beside }),
    ...(joined !== undefined && { joined: { stay: joined, course: event.course, since: may('06 08:00') } }),
    patient: {
      identities: beside ? [] : identities,
      ...(name !== undefined && { name }),
      ...(deceased !== undefined && { deceased }),
      ...(protection && { protection }),
      ...(protectionDeleted && { protectionDeleted }),
    },
    terms: { ...TERMS, impliedNeed },
  }));

/** In the order in which a ward writes: each message later than those before, but for a few that stay as they are. */
function mostlyInOrder(events: readonly StayEvent[], late: ReadonlySet<number>): StayEvent[] {
  const begin = may('04 08:00');
  return events.map((event, index) => {
    const at = begin + index * 3_600_000;
    return late.has(index) ? event : { ...event, sentAt: at, at, intakeAt: at, intakeStamp: at };
  });
}

/** Each message later by word than those before, and taken in before them or at the same instant. */
const takenInBackwards = (events: readonly StayEvent[]): StayEvent[] =>
  mostlyInOrder(events, new Set()).map((event, index) => {
    const intakeAt = may('05 08:00') - Math.floor(index / 4) * 60_000;
    return { ...event, intakeAt, intakeStamp: intakeAt - index };
  });

/** Of one person, and nothing that takes back: the messages that are read alone, wherever they stand. */
const plain = (events: readonly StayEvent[]): StayEvent[] =>
  events.map((event) => ({
    ...event,
    course: event.course.startsWith('cancel-') ? 'update' : event.course,
    patient: { ...event.patient, identities: event.beside ? [] : [number('191212121212')] },
    facts: event.facts.map((one) => ({ ...one, stated: String(one.at) })),
  }));

const anyOrder = fc.array(anyEvent, { minLength: 1, maxLength: 10 });
const likely = fc
  .tuple(fc.array(anyEvent, { minLength: 1, maxLength: 14 }), fc.array(fc.nat(13), { maxLength: 2 }))
  .map(([events, late]) => mostlyInOrder(events, new Set(late)));

describe('a fold that goes on', () => {
  it('is after every event what the fold of all of them is, in whatever order they come', () => {
    fc.assert(
      fc.property(fc.oneof(anyOrder, likely, anyOrder.map(plain), anyOrder.map(takenInBackwards)), (events) => {
        const growing = new GrowingStay(RULES);
        events.forEach((event, index) => {
          expect(growing.take(event)).toEqual(foldStay(events.slice(0, index + 1), RULES));
        });
      }),
      { numRuns: 400 },
    );
  });

  it('leaves what it has answered as it was', () => {
    fc.assert(
      fc.property(likely, (events) => {
        const growing = new GrowingStay(RULES);
        const answers = events.map((event) => growing.take(event));
        const alone = events.map((_, index) => foldStay(events.slice(0, index + 1), RULES));
        expect(answers).toEqual(alone);
      }),
    );
  });
});

describe('events in the order of intake', () => {
  it('stand as they would sorted, however they come, go and are mended', () => {
    const step = fc.record({ event: fc.nat(9), goes: fc.boolean() });
    fc.assert(
      fc.property(
        fc.oneof(anyOrder, likely),
        fc.array(step),
        fc.infiniteStream(fc.boolean()),
        (events, steps, looks) => {
          const sequence = new IntakeSequence();
          let before: { start: symbol; events: readonly StayEvent[] } | undefined;
          const look = (): void => {
            expect(sequence.events).toEqual(inIntakeOrder([...sequence.byId.values()]));
            if (before?.start === sequence.start)
              expect(sequence.events.slice(0, before.events.length)).toEqual(before.events);
            before = { start: sequence.start, events: [...sequence.events] };
          };
          for (const event of events) {
            sequence.put(event);
            if (looks.next().value) look();
          }
          look();
          for (const { event, goes } of steps) {
            const one = events[event % events.length];
            if (!one) continue;
            if (goes) sequence.drop(one.eventId);
            else sequence.put({ ...one });
            look();
          }
        },
      ),
    );
  });
});

/** A stay of many messages of the kinds that a ward sends hundreds of. */
function longStay(length: number): StayEvent[] {
  const begin = may('04 08:30');
  const said = [
    message('A01', { sent: '04 08:30', facts: [need(['SOC', 'ROV'], '04 08:15'), consent('Y', '04 08:15')] }),
    message('A08', { sent: '04 09:00', encounter: expecting('10'), facts: [need(['SOC', 'ROV'], '04 08:15')] }),
    message('A08', { sent: '04 10:00', facts: [fact('READY', 'Y', '04 08:50')] }),
    message('A08', { sent: '04 10:00', facts: [{ ...fact('READY', 'N', '04 08:50'), status: 'C' }] }),
    message('A03', { sent: '04 12:00', encounter: { end: stated('04 11:00') } }),
    message('A13', { sent: '04 13:00' }),
  ];
  return Array.from({ length }, (_, n) => {
    const event = said[n % said.length] ?? message('A08', { sent: '04 08:30' });
    const at = begin + n * 60_000;
    return { ...event, eventId: `long-${String(n)}`, at, sentAt: at, intakeAt: at, intakeStamp: at };
  });
}

/** Updates that each move the expected discharge. */
function updates(length: number): StayEvent[] {
  const facts = [need(['SOC', 'ROV'], '04 08:15'), consent('Y', '04 08:15')];
  return Array.from({ length }, (_, n) => ({
    ...message(n === 0 ? 'A01' : 'A08', { sent: '04 08:30', encounter: expecting(String(10 + (n % 8))), facts }),
    eventId: `update-${String(n)}`,
  }));
}

/** @param together so many are taken in at one instant */
function inOrderOfIntake(events: readonly StayEvent[], minuteOf: (n: number) => number, together: number): StayEvent[] {
  const begin = may('04 08:30');
  return events.map((event, n) => {
    const [at, intakeAt] = [begin + minuteOf(n) * 60_000, begin + Math.floor(n / together) * together * 60_000];
    return { ...event, at, sentAt: at, intakeAt, intakeStamp: begin + n };
  });
}

/** Events that say which of them were read. */
function watched(events: readonly StayEvent[]): { readonly events: StayEvent[]; readonly read: Set<string> } {
  const read = new Set<string>();
  const watch = (event: StayEvent): StayEvent =>
    new Proxy(event, {
      get: (target, name) => {
        read.add(target.eventId);
        return Reflect.get(target, name) as unknown;
      },
    });
  return { events: events.map(watch), read };
}

describe('how certain a co-ordination number is', () => {
  const at = (sent: string, identity: Identity): StayEvent =>
    message('A08', { sent, patient: { identities: [identity] } });
  const certaintyAfter = (...events: StayEvent[]) => foldStay(events, RULES).patient.identities[0]?.certainty;
  const uncertain = at('04 09:00', coordination({ certainty: 'osaker' }));

  it('stays as it was said when the number is said again without it, until it is said otherwise', () => {
    expect(certaintyAfter(uncertain, at('04 10:00', coordination()))).toBe('osaker');
    expect(certaintyAfter(uncertain, at('04 10:00', coordination({ certainty: 'styrkt' })))).toBe('styrkt');
  });

  it('is of that number alone', () => {
    expect(certaintyAfter(uncertain, at('04 10:00', number('191212121212')))).toBeUndefined();
  });

  it('is a word to the recipients: a change is told anew, silence is not', () => {
    const admitted = (identity: Identity) =>
      message('A01', { sent: '04 08:30', patient: { identities: [identity] }, facts: [need('SOC', '04 08:20')] });
    const told = (...events: StayEvent[]) =>
      history(events).acts.map(({ kind, content }) => `${kind} ${content.person.identity.certainty ?? '-'}`);
    const unsure = coordination({ certainty: 'osaker' });
    expect(told(admitted(unsure), at('04 10:00', coordination()))).toEqual(['INS osaker']);
    expect(told(admitted(unsure), at('04 10:00', coordination({ certainty: 'styrkt' })))).toEqual([
      'INS osaker',
      'INS styrkt',
    ]);
  });
});

describe('the work of a message', () => {
  const order = (n: number): number => n;
  /** Every other message far before the one that came before it, by time and by word. */
  const backAndForth = (n: number): number => (n % 2 === 0 ? n : (n * 7919) % (n + 1));

  it.each([
    ['in order', longStay, order, 1, 12],
    ['sixteen at one instant, among them cancellations,', longStay, order, 16, 60],
    ['with times that go back and forth', updates, backAndForth, 1, 60],
  ])('%s does not grow with the length of the stay', (_what, stayOf, minuteOf, together, most) => {
    const { events, read } = watched(inOrderOfIntake(stayOf(1200), minuteOf, together));
    const rules = { ...RULES, directory: DIRECTORY, judge: (event: StayEvent) => event.sentAt };
    const history = new GrowingHistory(rules);
    const sequence = new IntakeSequence();
    const counts = events.map((event) => {
      read.clear();
      sequence.put(event);
      history.of(sequence, undefined);
      return read.size;
    });
    expect(Math.max(...counts.slice(-50))).toBeLessThan(most);
  });
});
