import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { continuedHistories, type TellHistory } from '#libs/domain';
import type { OutRecord } from '#libs/messaging';
import {
  A01,
  a08,
  CONSENT,
  NEED_BOTH,
  NOT_READY,
  READY,
  stayEvent,
  uuidOf,
  type EventDraft,
  INFO,
  PRIVATE,
  moved,
  goesOn,
} from '../../test/stay-events.ts';
import { inForce, noticesIn, play, rules, tasksIn } from '../../test/play.ts';
import { contentHash } from '../telling/told-notices.ts';
import { stayHistory } from '../routing-rules.ts';

/** Stays of five messages in which something is told, corrected, taken back and told again. */
const STAYS: Record<string, EventDraft[]> = {
  'BUT and READY to and fro': [
    { ...A01, facts: [NEED_BOTH, CONSENT] },
    a08('2', 1, { expected: '2026-05-12' }),
    a08('3', 2, { facts: [READY] }),
    a08('4', 3, { facts: [NOT_READY] }),
    a08('5', 4, { expected: '2026-05-10', facts: [READY] }),
  ],
  'discharged, taken back, cancelled': [
    { ...A01, facts: [NEED_BOTH, CONSENT] },
    { name: '2', trigger: 'A03', minute: 10 },
    { name: '3', trigger: 'A13', minute: 11 },
    { name: '4', trigger: 'A03', minute: 12 },
    { name: '5', trigger: 'A11', minute: 13 },
  ],
  'need late, consent late, moved': [
    { ...A01, facts: [] },
    a08('2', 1, { facts: [{ code: 'NEED', values: ['SOC'] }, READY] }),
    a08('3', 2, { facts: [CONSENT] }),
    a08('4', 3, { municipality: '0126' }),
    a08('5', 4, { facts: [{ code: 'NEED', values: ['NONE'] }] }),
  ],
  'protected half way, in another stay of the person': [
    { ...A01, facts: [NEED_BOTH, CONSENT] },
    a08('2', 1, { facts: [READY] }),
    { ...A01, name: 'p', stay: 'second', minute: 2, protection: 'unknown' },
    a08('4', 3, { expected: '2026-05-12' }),
    { name: '5', trigger: 'A03', minute: 10 },
  ],
  'goes on in another stay after a transfer': [
    { ...A01, facts: [NEED_BOTH, CONSENT], clinic: PRIVATE },
    { ...moved('2', 10), clinic: PRIVATE },
    goesOn('s1', 12, { facts: [CONSENT], expected: '2026-05-12' }),
    goesOn('s2', 13, { trigger: 'A08', facts: [READY, INFO] }),
    goesOn('s3', 20, { trigger: 'A03', leaving: 'home' }),
  ],
  'goes on in a stay that is heard of first, and the person dies there': [
    { ...A01, facts: [{ code: 'NEED', values: ['SOC'] }] },
    goesOn('s1', 12, { facts: [CONSENT, READY], expected: '2026-05-12' }),
    moved('3', 30),
    goesOn('s2', 31, { trigger: 'A08', expected: '2026-05-13' }),
    goesOn('s3', 40, { trigger: 'A03', leaving: 'dead' }),
  ],
  'the transfer is taken back, and made again': [
    { ...A01, facts: [NEED_BOTH] },
    moved('2', 10),
    goesOn('s1', 12, { facts: [CONSENT, READY], expected: '2026-05-12' }),
    { name: '4', trigger: 'A13', minute: 20 },
    moved('5', 25),
  ],
  'a chain of three, each with a word of its own': [
    { ...A01, facts: [{ code: 'NEED', values: ['SOC'] }] },
    moved('2', 10),
    goesOn('s1', 12, { facts: [{ code: 'NEED', values: ['ROV'] }] }),
    goesOn('s2', 20, { trigger: 'A03', leaving: 'transfer' }),
    goesOn('t1', 22, { stay: 'third', start: 22, facts: [CONSENT, READY] }),
  ],
  'two go on from one, and one of them never was': [
    { ...A01, facts: [{ code: 'NEED', values: ['SOC'] }] },
    moved('2', 10),
    goesOn('s1', 12, { facts: [CONSENT, READY] }),
    goesOn('t1', 14, { stay: 'third', start: 14, facts: [CONSENT, READY] }),
    goesOn('s2', 20, { trigger: 'A11' }),
  ],
  'the first never was': [
    { ...A01, facts: [{ code: 'NEED', values: ['SOC'] }] },
    moved('2', 10),
    goesOn('s1', 12, { facts: [CONSENT, READY] }),
    { name: '4', trigger: 'A11', minute: 20 },
    goesOn('s2', 30, { trigger: 'A03', leaving: 'home', clinic: PRIVATE, facts: [{ code: 'NEED', values: ['ROV'] }] }),
  ],
  'goes on, and is marked as protected on the way': [
    { ...A01, facts: [{ code: 'NEED', values: ['SOC'] }] },
    moved('2', 10),
    goesOn('s1', 12, { facts: [CONSENT, READY] }),
    goesOn('s2', 13, { trigger: 'A08', protection: 'unknown' }),
    goesOn('s3', 20, { trigger: 'A03', leaving: 'home' }),
  ],
  'cancelled and admitted anew': [
    { ...A01, facts: [NEED_BOTH, CONSENT] },
    { name: '2', trigger: 'A11', minute: 1 },
    { ...A01, name: '3', minute: 2, facts: [] },
    a08('4', 3, { facts: [{ code: 'INFO', values: ['Mat på bordet'], scopes: ['ROV'] }] }),
    { name: '5', trigger: 'A03', minute: 10 },
  ],
};

/** A line per notice in force; its digest covers all that the party reads but the id and version, which count messages. */
function toldInForce(records: readonly OutRecord[]): string[] {
  return inForce(noticesIn(records))
    .map(({ actId, category, recipient, communication, encounter, patient, organizations }) => {
      const content = [{ ...communication, id: '' }, { ...encounter, meta: null }, patient, organizations];
      return `${category} ${recipient} ${actId} ${uuidOf(JSON.stringify(content))}`;
    })
    .sort();
}

function openTasks(records: readonly OutRecord[]): string[] {
  const latest = new Map(tasksIn(records).map((task) => [task.id, task]));
  return [...latest.values()]
    .filter(({ status }) => status === 'requested')
    .map(({ id, duty }) => JSON.stringify([id, duty]))
    .sort();
}

describe.each(Object.entries(STAYS))('any order, each message also doubled: %s', (_name, drafts) => {
  const events = drafts.map(stayEvent);
  const inOrder = play(events);
  // The double is taken in later: of duplicates the earliest counts.
  const doubles = events.map((event) => ({ ...event, intakeAt: event.intakeAt + 90_000 }));

  it('leaves every party with the same notices in force, and the same open Tasks', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([...events, ...doubles], { minLength: 10, maxLength: 10 }), (order) => {
        const { records } = play(order);
        expect(toldInForce(records)).toEqual(toldInForce(inOrder.records));
        expect(openTasks(records)).toEqual(openTasks(inOrder.records));
      }),
      { numRuns: 60 },
    );
  });
  it('what stands told is what the acts say', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([...events, ...doubles], { minLength: 5, maxLength: 10 }), (order) => {
        const { book } = play(order);
        const present = [...new Map(order.map((event) => [event.eventId, event])).values()].map((event) => ({
          ...event,
          intakeAt: Math.min(...order.filter((one) => one.eventId === event.eventId).map((one) => one.intakeAt)),
        }));
        const since = present.find((event) => event.patient.protection)?.intakeAt;
        const protection = since === undefined ? undefined : { label: 'unknown' as const, since };
        const byStay = Map.groupBy(present, (event) => event.stayId);
        const family = [...byStay].map(([stayId, events]) => ({ stayId, events }));
        const tell: TellHistory = (stayId, continuation) =>
          stayHistory(byStay.get(stayId) ?? [], protection, rules, continuation)!;
        for (const [stayId, { acts }] of continuedHistories(family, rules, tell)) {
          const due = acts.filter((act) => !act.ended).map((act) => `${act.key} ${contentHash(act.content)}`);
          const has = book.told(stayId).filter((notice) => !notice.withdrawn);
          expect(has.map((notice) => `${notice.actKey} ${notice.contentHash}`).sort()).toEqual(due.sort());
        }
      }),
      { numRuns: 40 },
    );
  });
  it('in the order it came nothing withdrawn is told afresh, and each act is told once', () => {
    const { records } = play([...events, ...doubles]);
    expect(records).toEqual(inOrder.records.map((record) => ({ ...record, traceparent: expect.any(String) })));
    const acts = inOrder.book.told(uuidOf('stay')).map(({ actKey }) => actKey);
    expect(new Set(acts).size).toBe(acts.length);
  });
});
