import { describe, expect, it } from '@jest/globals';
import { parametersOn, type Duty } from '#libs/domain';
import type { TaskRecord } from '#libs/fhir';
import { timedTasksOf, type TimedTasks } from './timed-tasks.ts';

const HOUR = 3_600_000;
const duty = (since: number, due: number): Duty => ({
  ...{ code: 'STATE-GROUND', occasion: 'UTS', owner: 'o', statedBy: 'e', text: 'Ange grund.' },
  since: since * HOUR,
  due: due * HOUR,
});
const at = (hours: number, duties: Duty[], given: readonly TaskRecord[] = []): TimedTasks =>
  timedTasksOf(duties, given, {
    ...{
      stayId: 's',
      now: hours * HOUR,
      watermark: hours * HOUR,
      parameters: (date: string) => parametersOn(date),
      cancelled: false,
      ward: 'sjukhuset',
    },
    idOf: ({ occasion }) => occasion,
  });

describe('the reminder of a missing ground', () => {
  it('waits until the hours before the deadline', () => {
    expect(at(19, [duty(10, 24)])).toEqual({ changed: [], timers: [20 * HOUR] });
    expect(at(20, [duty(10, 24)])).toMatchObject({
      changed: [{ status: 'requested', id: 'UTS:reminder' }],
      timers: [],
    });
  });

  it('of a deadline near by comes half-way, not at once', () => {
    expect(at(10, [duty(10, 14)]).timers).toEqual([12 * HOUR]);
  });

  it('is not given after the deadline, but stands until nothing makes the duty', () => {
    expect(at(25, [duty(10, 24)]).changed).toEqual([]);
    const given = at(20, [duty(10, 24)]).changed;
    expect(at(25, [duty(10, 24)], given).changed).toEqual([]);
    expect(at(25, [], given).changed).toMatchObject([{ status: 'completed', version: 2 }]);
  });
});

describe('a Task that nobody has done', () => {
  const waiting = { role: 'municipality' as const, scopes: ['SOC'] as const, proposals: [] };
  const routing: Duty = { ...duty(0, 24), code: 'ROUTE-BY-HAND', occasion: 'municipality', owner: 'operator', waiting };
  const given = (hours: number, one: Duty, before: readonly TaskRecord[] = []) =>
    at(hours, [one], before).changed.map(({ id, status, duty: { owner, due } }) => [id, status, owner, due / HOUR]);

  it('goes to the operator once more at half its time, and to the ward four hours before the end', () => {
    expect(at(11, [routing])).toEqual({ changed: [], timers: [12 * HOUR, 20 * HOUR] });
    expect(given(12, routing)).toEqual([['municipality:again', 'requested', 'operator', 24]]);
    const first = at(12, [routing]).changed;
    expect(given(20, routing, first)).toEqual([['municipality:ward', 'requested', 'sjukhuset', 24]]);
    const [toWard] = at(20, [routing], first).changed;
    // What others have said of the person, and who was thought of, is not the ward's.
    expect(toWard?.duty.text).not.toContain(routing.text);
    expect(toWard?.duty.waiting).toBeUndefined();
  });

  it('in proportion where it has fewer hours, also when it is overdue before anybody can see it, and ends once it is done', () => {
    expect(at(0, [{ ...routing, due: 6 * HOUR }]).timers).toEqual([3 * HOUR, 5 * HOUR]);
    expect(at(25, [routing]).changed).toHaveLength(2);
    expect(given(31, { ...duty(30, 24), code: 'COMPLETE-INS', occasion: 'INS' })).toEqual([
      ['INS:operator', 'requested', 'operator', 24],
    ]);
    const both = at(20, [routing]).changed;
    expect(both).toHaveLength(2);
    expect(at(21, [], both).changed.map(({ status }) => status)).toEqual(['completed', 'completed']);
  });

  it('of the ward goes to the operator', () => {
    const incomplete: Duty = { ...duty(0, 24), code: 'COMPLETE-INS', occasion: 'INS' };
    expect(given(20, incomplete)).toEqual([['INS:operator', 'requested', 'operator', 24]]);
  });
});

describe('a duty from an hour on', () => {
  const nobodyArrived: Duty = { ...duty(10, 58), code: 'CONFIRM', occasion: 'transfer-1', from: 34 * HOUR };
  const minute = HOUR / 60;

  it('is a Task when the watermark has passed its hour and the grace, and not before', () => {
    expect(at(34, [nobodyArrived])).toEqual({ changed: [], timers: [34 * HOUR + minute] });
    expect(at(34 + 1 / 60, [nobodyArrived])).toMatchObject({
      changed: [{ status: 'requested', id: 'transfer-1' }],
      timers: [],
    });
  });

  it('is completed when the patient has arrived after all', () => {
    const given = at(35, [nobodyArrived]).changed;
    expect(at(36, [], given).changed).toMatchObject([{ status: 'completed' }]);
  });
});
