import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { foldStay, MINUTE, parametersOn, type Course, type StayEvent } from '#libs/domain';
import { EXTENSION } from '#libs/fhir';
import { StayEvents } from '#libs/stays';
import { at, MONDAY, stayEvent } from '../../test/stay-events.ts';
import { testRules } from '../../test/play.ts';
import { senderStay, StatedTogether } from './sender-stay.ts';

const { ids } = testRules();
const ENCOUNTER = { class: 'IMP' } as const;
const HALF_PAST_SEVEN = at(MONDAY - 30 * MINUTE);

const admission = (more: Partial<StayEvent> = {}): StayEvent => ({
  ...stayEvent({ name: 'a', trigger: 'A01', minute: 0 }),
  ...more,
});

function stated(...events: readonly StayEvent[]) {
  const stay = new StayEvents('stay');
  for (const event of events) stay.put(event);
  return senderStay(
    new StatedTogether(stay),
    foldStay(events, { parameters: (date) => parametersOn(date) }),
    ids,
    'V1',
  );
}

describe("a stay in its sender's view", () => {
  it('begins at EVN-6 where the A01 has no PV1-44, as the fold reads it (contract 5)', () => {
    const { encounter } = stated(admission({ encounter: ENCOUNTER, occurredAt: HALF_PAST_SEVEN }));
    expect(encounter.status).toBe('in-progress');
    expect(encounter.period?.start).toBe('2026-05-04T07:30:00+02:00');
  });

  it('begins at PV1-44 where that stands, whatever EVN-6 says', () => {
    const { encounter } = stated(
      admission({ encounter: { ...ENCOUNTER, start: at(MONDAY) }, occurredAt: HALF_PAST_SEVEN }),
    );
    expect(encounter.period?.start).toBe('2026-05-04T08:00:00+02:00');
  });

  it('takes no start from EVN-6 of an A08: that is when something changed', () => {
    const update = stayEvent({ name: 'b', trigger: 'A08', minute: 0 });
    const { encounter } = stated({ ...update, encounter: ENCOUNTER, occurredAt: HALF_PAST_SEVEN });
    expect(encounter).toMatchObject({ status: 'unknown' });
    expect(encounter).not.toHaveProperty('period');
  });

  it('has no end after an A13, though PV1-45 still stands in it (standards 8.6), whatever the order they came in', () => {
    const end = at(MONDAY + MINUTE);
    const undone = { ...stayEvent({ name: 'c', trigger: 'A13', minute: 2 }), encounter: { ...ENCOUNTER, end } };
    const events = [admission(), stayEvent({ name: 'b', trigger: 'A03', minute: 1 }), undone];
    for (const order of [events, events.toReversed()]) {
      const { encounter } = stated(...order);
      expect(encounter.status).toBe('in-progress');
      expect(encounter.period).not.toHaveProperty('end');
    }
  });

  it('ends with its discharge, names its visit, and its person by an id that only its sender knows', () => {
    const events = [admission(), stayEvent({ name: 'b', trigger: 'A03', minute: 1, leaving: 'home' })];
    const { encounter, patient, organisation } = stated(...events);
    const [identity] = admission().patient.identities;
    expect(organisation).toBe('SE2321000016-1000');
    expect(patient.id).toBe(ids.patientOf(organisation, identity?.system ?? '', identity?.value ?? ''));
    expect(encounter).toMatchObject({
      status: 'finished',
      identifier: [{ value: 'V1' }],
      period: { end: '2026-05-04T08:01:00+02:00' },
      subject: { reference: `Patient/${patient.id}` },
    });
  });
});

describe('what a visit is in, and what a cancellation took back (standards 3.2)', () => {
  const said = (course: Course, minute: number, encounter: StayEvent['encounter'] = ENCOUNTER): StayEvent => ({
    ...stayEvent({ name: `${minute}`, trigger: 'A08', minute }),
    ...{ course, encounter },
  });

  it.each<readonly [readonly Course[], string]>([
    [['pre-admit'], 'planned'],
    [['register'], 'in-progress'],
    [['admit', 'to-outpatient'], 'in-progress'],
    [['admit', 'leave-start'], 'onleave'],
    [['admit', 'leave-start', 'update'], 'onleave'],
    [['admit', 'leave-start', 'leave-end'], 'in-progress'],
    [['admit', 'leave-start', 'discharge'], 'finished'],
    [['admit', 'leave-start', 'cancel-admission'], 'entered-in-error'],
  ])('after %j it is %s', (courses, status) => {
    const events = courses.map((course, minute) => said(course, minute));
    for (const order of [events, events.toReversed()]) expect(stated(...order).encounter.status).toBe(status);
  });

  it('is on the ward that it was moved from after a cancelled move that names none', () => {
    const wards = [said('admit', 0, { ...ENCOUNTER, ward: 'W-1' }), said('move', 1, { ...ENCOUNTER, ward: 'W-2' })];
    const wardOf = (...events: readonly StayEvent[]) => stated(...events).encounter.serviceProvider?.reference;
    expect(wardOf(...wards)).toBe('Organization/W-2');
    expect(wardOf(...wards, said('cancel-move', 2))).toBe('Organization/W-1');
  });

  it('expects no discharge that was taken back, and the one stated before it where there is one', () => {
    const expected = (course: Course, minute: number, day: number) =>
      said(course, minute, { ...ENCOUNTER, expectedDischarge: at(MONDAY + day * 1440 * MINUTE) });
    const [planned, cancelled] = [expected('planned-end', 1, 6), said('cancel-planned-end', 2)];
    const expectedOf = (...events: readonly StayEvent[]) =>
      stated(...events).encounter.extension?.find(({ url }) => url === EXTENSION.plannedEndDate)?.valueDateTime;
    expect(expectedOf(said('admit', 0), planned)).toBe('2026-05-10T08:00:00+02:00');
    expect(expectedOf(said('admit', 0), planned, cancelled)).toBeUndefined();
    expect(expectedOf(expected('admit', 0, 4), planned, cancelled)).toBe('2026-05-08T08:00:00+02:00');
  });
});

describe('what the messages of a stay say together', () => {
  const minutes = [0, 1, 2, 3, 4, 5];
  const TRIGGERS = ['A01', 'A08', 'A03', 'A13', 'A08', 'A11'] as const;
  const EVENTS = minutes.map((minute) => ({
    ...stayEvent({ name: `${minute}`, trigger: TRIGGERS[minute] ?? 'A08', minute, expected: `2026-05-1${minute}` }),
    sentAt: MONDAY + minute * MINUTE,
  }));

  it('goes on from what was read, and is what all of them say, in whatever order they come and go', () => {
    const step = fc.record({ event: fc.constantFrom(...EVENTS), goes: fc.boolean(), intake: fc.nat(3) });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 10 }), (steps) => {
        const stay = new StayEvents('stay');
        const together = new StatedTogether(stay);
        for (const { event, goes, intake } of steps) {
          if (goes) stay.drop(event.eventId);
          else stay.put({ ...event, intakeAt: event.sentAt + intake * MINUTE });
          if (stay.size === 0) continue;
          const anew = new StayEvents('stay');
          for (const one of stay.byId.values()) anew.put(one);
          const whole = new StatedTogether(anew).now();
          const { latest, encounter, phases } = together.now();
          expect([latest.eventId, encounter, phases]).toEqual([whole.latest.eventId, whole.encounter, whole.phases]);
        }
      }),
    );
  });
});
