import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MINUTE, type PersonEvent, type PersonStatement } from '#libs/domain';
import type { ArrivedEvent } from '#libs/stays';
import type { OutRecord } from '#libs/messaging';
import { inForce, noticesIn, tasksIn, testRules } from '../../test/play.ts';
import { BERGA, MONDAY, ORIGIN, stayEvent, uuidOf } from '../../test/stay-events.ts';
import { CaseBook, NOTHING_KNOWN } from './case-book.ts';

/** Two stays that the operator makes one, as the router takes it in with the messages of both. */

const need = (...values: string[]) => [{ code: 'NEED', values }] as const;
const WARD = 'SE2321000016-1001';
const first = stayEvent({ name: 'a01', trigger: 'A01', minute: 0, facts: need('SOC'), expected: '2026-05-10' });
const second = stayEvent({
  ...{ name: 'a01', stay: 'second', ward: WARD, trigger: 'A01', minute: 60, start: 50, expected: '2026-05-10' },
  facts: need('SOC', 'ROV'),
});
const late = stayEvent({
  name: 'a08',
  stay: 'second',
  ward: WARD,
  trigger: 'A08',
  minute: 180,
  expected: '2026-05-12',
});

function operators(name: string, minute: number, says: PersonStatement): PersonEvent {
  const at = MONDAY + minute * MINUTE;
  return {
    ...{ eventId: uuidOf(name), inboundId: uuidOf(`inbound ${name}`), ordinal: 0, revision: 3, findings: [] },
    ...{ patientIds: [uuidOf('person')], saidBy: 'operator', trigger: says.kind, at, sentAt: at, says },
    ...{ intakeAt: at, intakeStamp: at * 1000 },
  };
}

const joined = operators('joined', 120, {
  ...{ kind: 'stays-joined', from: uuidOf('second'), into: uuidOf('stay'), reason: 'registrerad två gånger' },
});
const undone = operators('undone', 240, { kind: 'undone', eventId: joined.eventId });

function play(events: readonly ArrivedEvent[]): OutRecord[] {
  const book = new CaseBook(NOTHING_KNOWN, testRules());
  return events.flatMap((event) => book.apply(event, ORIGIN) ?? []);
}

const NAMES = new Map([
  [uuidOf('stay'), 'first'],
  [uuidOf('second'), 'second'],
]);

/** What each party holds in force, of which stay. */
const standing = (events: readonly ArrivedEvent[]): string[] =>
  inForce(noticesIn(play(events)))
    .map(({ category, recipient, stayId }) => `${category} ${recipient} of the ${NAMES.get(stayId)}`)
    .sort();

const ONE_STAY = [
  'BUT 0184 of the first',
  `BUT ${BERGA} of the first`,
  'INS 0184 of the first',
  `INS ${BERGA} of the first`,
];

it('two stays that are joined are one: each party holds it once, and what was said of the other is taken back', () => {
  expect(standing([first, second])).toEqual([
    'INS 0184 of the first',
    'INS 0184 of the second',
    `INS ${BERGA} of the second`,
  ]);
  expect(standing([first, second, joined])).toEqual(['INS 0184 of the first', `INS ${BERGA} of the first`]);
});

it('what comes later under the number that was given up is told of the stay that goes on', () => {
  expect(standing([first, second, joined, late])).toEqual(ONE_STAY);
});

it('who has been told of a need of either keeps it until the ward assesses the need of the one stay', () => {
  const less = { ...second, facts: second.facts.map((fact) => ({ ...fact, values: ['ROV'] })) };
  expect(standing([first, less, joined])).toEqual(['INS 0184 of the first', `INS ${BERGA} of the first`]);
  const anew = stayEvent({ name: 'anew', trigger: 'A08', minute: 190, facts: need('ROV') });
  expect(standing([first, less, joined, anew])).toEqual([`INS ${BERGA} of the first`]);
});

it('nobody loses one before having the other: the stay that goes on is told first', () => {
  const after = noticesIn(play([first, second, joined]).slice(play([first, second]).length));
  const clinics = after.filter(({ recipient }) => recipient === BERGA);
  expect(clinics.map(({ withdraws }) => withdraws.length)).toEqual([0, 1]);
});

it('in every order of processing each party ends with the same', () => {
  const order = fc.shuffledSubarray([first, second, joined, late], { minLength: 4 });
  fc.assert(fc.property(order, (events) => expect(standing(events)).toEqual(ONE_STAY)));
});

it('taken back they are two again, and each party holds what it held', () => {
  const two = standing([first, second, late]);
  expect(standing([first, second, joined, late, undone])).toEqual(two);
  const order = fc.shuffledSubarray([first, second, joined, late, undone], { minLength: 5 });
  fc.assert(fc.property(order, (events) => expect(standing(events)).toEqual(two)));
});

it('a message read anew by a mended translation stays where it belongs', () => {
  const mended = { ...second, revision: 2000, facts: [] };
  expect(standing([first, second, joined, mended])).toEqual(['INS 0184 of the first']);
  expect(standing([first, second, joined, mended, undone])).toEqual(['INS 0184 of the first']);
});

describe('Tasks', () => {
  it('of the stay that gives way end with it', () => {
    const unrouted = { ...second, patient: { ...second.patient, address: { lines: [], municipality: '0180' } } };
    expect(openOfSecond(play([first, unrouted]))).toBeGreaterThan(0);
    expect(openOfSecond(play([first, unrouted, joined]))).toBe(0);
  });

  function openOfSecond(records: readonly OutRecord[]): number {
    const tasks = tasksIn(records);
    const latest = new Map(tasks.map((task) => [task.id, task]));
    return [...latest.values()].filter(({ stayId, status }) => stayId === uuidOf('second') && status === 'requested')
      .length;
  }
});
