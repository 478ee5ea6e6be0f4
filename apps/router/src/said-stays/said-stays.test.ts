import { describe, expect, it } from '@jest/globals';
import { MINUTE, routingEventOf } from '#libs/domain';
import { isUnreadable, readStay, type DecisionLines, type StayRecord } from '#libs/fhir';
import type { OutRecord } from '#libs/messaging';
import { breachesOf } from '../../../../test/conformance/contracts.ts';
import {
  BERGA,
  CONSENT,
  MONDAY,
  NEED_BOTH,
  ORIGIN,
  READY,
  REFUSED,
  stayEvent,
  uuidOf,
  type EventDraft,
} from '../../test/stay-events.ts';
import { testRules } from '../../test/play.ts';
import { CaseBook, NOTHING_KNOWN } from '../deciding/case-book.ts';

const A01: EventDraft = { name: 'a01', trigger: 'A01', minute: 0, facts: [NEED_BOTH, CONSENT], expected: '2026-05-10' };

function stayIn(record: OutRecord): StayRecord {
  const value: unknown = JSON.parse(String(record.value));
  expect(breachesOf('stays', value)).toEqual([]);
  const stay = readStay(value);
  if (isUnreadable(stay)) throw new Error(stay.unreadable);
  return stay;
}

const said = (records: readonly OutRecord[] = []): StayRecord[] =>
  records.filter(({ kind }) => kind === 'stay').map(stayIn);

function bookOf(...drafts: readonly EventDraft[]): { book: CaseBook; records: OutRecord[] } {
  const book = new CaseBook(NOTHING_KNOWN, testRules());
  const origin = { ...ORIGIN, visitId: 'V1' };
  return { book, records: drafts.flatMap((draft) => book.apply(stayEvent(draft), origin) ?? []) };
}

describe('a stay on `stays`', () => {
  it('is said with each change, keyed by the stay, with a version that grows and ids that differ', () => {
    const { records } = bookOf(A01, { name: '2', trigger: 'A08', minute: 1, expected: '2026-05-12' });
    const stays = records.filter(({ kind }) => kind === 'stay');
    expect(stays.map(({ key }) => key)).toEqual([uuidOf('stay'), uuidOf('stay')]);
    const [first, second] = said(records);
    expect(second?.version).toBeGreaterThan(first?.version ?? Infinity);
    expect(new Set(stays.map(({ id }) => id)).size).toBe(2);
    expect(second?.stated?.encounter.identifier).toMatchObject([{ value: 'V1' }]);
  });

  it('is not said again when nothing of it is new', () => {
    const { records } = bookOf(A01, { ...A01, name: '2', trigger: 'A08', minute: 1 });
    expect(said(records)).toHaveLength(1);
  });

  it('tells what was told to whom on which ground, and who may see each line (rules 12.5)', () => {
    const [stay] = said(bookOf(A01).records);
    expect(stay?.told.map(({ kind, recipient, ground }) => [kind, recipient, ground])).toEqual([
      ['INS', '0184', 'LUS_2KAP'],
      ['INS', BERGA, 'LUS_2KAP'],
    ]);
    for (const { recipient, seenBy, trace } of stay?.told ?? []) {
      expect(seenBy).toEqual(['sender', 'operator', recipient]);
      expect(trace.length).toBeGreaterThan(0);
      for (const line of trace) expect(line.seenBy).toEqual(['sender', 'operator']);
    }
  });

  it('says which calls were made beside the hub: the ward sees its own, and not what the operator recorded', () => {
    const { book } = bookOf(A01);
    const records = ['sender:KS', 'disa'].flatMap((operator, at) => {
      const event = routingEventOf({
        ...{ eventId: uuidOf(`call ${operator}`), inboundId: uuidOf(`in ${operator}`), ordinal: 0, revision: 1 },
        ...{ intakeAt: MONDAY + (at + 5) * MINUTE, intakeStamp: MONDAY + (at + 5) * MINUTE, stayId: uuidOf('stay') },
        ...{ operator, reason: 'natt' },
        says: { kind: 'call-recorded', recipient: '0184', at: MONDAY + MINUTE, notice: 'INS', channel: 'fax' },
      });
      return event ? (book.apply(event, { ...ORIGIN, visitId: 'V1' }) ?? []) : [];
    });
    const call = { recipient: '0184', at: MONDAY + MINUTE, kind: 'INS', channel: 'fax' };
    expect(said(records).at(-1)?.calls).toEqual([
      { ...call, statedBy: uuidOf('call sender:KS'), seenBy: ['sender', 'operator'] },
      { ...call, statedBy: uuidOf('call disa'), seenBy: ['operator'] },
    ]);
  });

  it('hides a withheld notice from whom it was withheld from (DEC-06), and why one was taken back', () => {
    const need: EventDraft = { ...A01, facts: [{ code: 'NEED', values: ['SOC'] }, REFUSED] };
    const ready: EventDraft = { name: '2', trigger: 'A08', minute: 1, facts: [READY], expected: '2026-05-10' };
    const [, withheld, cancelled] = said(bookOf(need, ready, { name: '3', trigger: 'A11', minute: 2 }).records);
    expect(withheld?.withheld).toMatchObject([{ kind: 'UTK', recipient: '0184', seenBy: ['sender', 'operator'] }]);
    expect(cancelled?.told[0]?.withdrawn?.because).toEqual({
      text: 'Återtaget: vårdtillfället makulerades.',
      seenBy: ['sender', 'operator'],
    });
  });

  it("keeps what another ward's stay brings to the operator alone", () => {
    const moved: EventDraft = { name: '2', trigger: 'A03', minute: 10, leaving: 'transfer' };
    const second: EventDraft = {
      ...A01,
      name: 's',
      stay: 'second',
      start: 12,
      minute: 12,
      sender: 'DS',
      facts: [CONSENT],
    };
    const { records } = bookOf({ ...A01, facts: [{ code: 'NEED', values: ['SOC'] }] }, moved, {
      ...second,
      expected: '2026-05-12',
    });
    const told = said(records).filter(({ stayId }) => stayId === uuidOf('second'));
    const lines = told.flatMap((stay) => stay.told.flatMap(({ trace }) => trace));
    const others = lines.filter(({ rule }) => rule === 'DEC-08');
    expect(others.length).toBeGreaterThan(0);
    for (const { seenBy } of others) expect(seenBy).toEqual(['operator']);
  });

  it('of every stay of a person is said anew, with its label, when one states a protection', () => {
    const other: EventDraft = { ...A01, stay: 'second', minute: 1, protection: 'skyddadFolkbokforing' };
    const { book } = bookOf(A01);
    const stays = said(book.apply(stayEvent(other), ORIGIN));
    expect(new Map(stays.map(({ stayId, protection }) => [stayId, protection]))).toEqual(
      new Map([
        [uuidOf('stay'), 'skyddadFolkbokforing'],
        [uuidOf('second'), 'skyddadFolkbokforing'],
      ]),
    );
    for (const { stated } of stays) {
      for (const resource of [stated?.encounter, stated?.patient]) {
        expect(resource?.meta?.security).toContainEqual(expect.objectContaining({ code: 'skyddadFolkbokforing' }));
      }
    }
  });

  it('that a mended translation has emptied is said never to have been', () => {
    const { book } = bookOf(A01);
    const mended = { ...stayEvent({ ...A01, revision: 2000 }), stayId: uuidOf('other') };
    const stays = said(book.apply(mended, ORIGIN));
    expect(stays.find(({ stayId }) => stayId === uuidOf('stay'))).not.toHaveProperty('stated');
    expect(stays.find(({ stayId }) => stayId === uuidOf('other'))).toHaveProperty('stated');
  });

  it('is marked to be said once more when it leaves on the lane of another partition than last time', () => {
    const { book } = bookOf(A01);
    const [first] = book.changes().said;
    book.apply(stayEvent({ name: '2', trigger: 'A08', minute: 1, expected: '2026-05-12' }), { ...ORIGIN, part: 1 });
    expect([first?.unsaid, book.changes().said[0]?.unsaid]).toEqual([false, true]);
  });
});

describe('the decisions in the record of a stay', () => {
  const moved = (minute: number, municipality: string): EventDraft => ({
    ...{ name: `moved ${minute}`, trigger: 'A08', minute, municipality, expected: '2026-05-10' },
  });
  const social: EventDraft = { ...A01, facts: [{ code: 'NEED', values: ['SOC'] }, CONSENT] };
  const last = (...drafts: readonly EventDraft[]): StayRecord => {
    const stay = said(bookOf(...drafts).records).at(-1);
    if (!stay) throw new Error('nothing was said');
    return stay;
  };
  const factIn = (lines: DecisionLines | undefined, name: string): string | undefined =>
    lines?.facts.find(({ fact }) => fact === name)?.value;

  it('are one, and no notice names it, where all was told by the same facts', () => {
    const ready: EventDraft = { name: '2', trigger: 'A08', minute: 1, facts: [READY], expected: '2026-05-12' };
    const stay = last(A01, ready, { name: '3', trigger: 'A03', minute: 2 });
    expect(stay.told.length).toBeGreaterThan(4);
    expect(stay).not.toHaveProperty('earlier');
    for (const line of stay.told) expect(line).not.toHaveProperty('decision');
    expect(stay.decision?.made).toMatchObject({ date: '2026-05-04', at: MONDAY });
  });

  it('are also those by which an older notice was told, with the facts as they were then', () => {
    const stay = last(social, moved(1, '0183'));
    const [first, second] = stay.told;
    expect([first?.recipient, second?.recipient]).toEqual(['0184', '0183']);
    const [earlier, ...others] = stay.earlier ?? [];
    expect(others).toEqual([]);
    expect([first?.decision, second?.decision]).toEqual([earlier?.key, undefined]);
    // What was taken back was taken back by what is known since.
    expect(first?.withdrawn).not.toHaveProperty('decision');
    expect(factIn(earlier, 'address')).toContain('0184');
    expect(factIn(stay.decision, 'address')).toContain('0183');
    expect([earlier?.made?.at, stay.decision?.made?.at]).toEqual([MONDAY, MONDAY + MINUTE]);
  });

  it('are kept where other facts lead to the same recipients, but only if somebody was told by them', () => {
    const housing = (minute: number, kind: string, more: Partial<EventDraft> = {}): EventDraft => ({
      ...{ name: `housing ${minute}`, trigger: 'A08', minute, facts: [{ code: 'HOUSING', values: [kind] }] },
      ...more,
    });
    const stay = last(
      social,
      housing(1, 'KORTTID'),
      housing(2, 'ORD', { expected: '2026-05-12' }),
      housing(3, 'UNKNOWN'),
    );
    expect(stay.told.map(({ kind, decision }) => [kind, decision])).toEqual([
      ['INS', uuidOf('event stay a01')],
      ['BUT', uuidOf('event stay housing 2')],
    ]);
    expect(stay.earlier?.map((earlier) => factIn(earlier, 'housing'))).toEqual([undefined, 'ORD']);
    expect(factIn(stay.decision, 'housing')).toBe('UNKNOWN');
    expect(stay.decision?.made).not.toHaveProperty('at');
  });

  it('outlive the need: who had the notice asks why also when nobody is told any more', () => {
    const stay = last(social, { name: 'a11', trigger: 'A11', minute: 1 });
    expect(stay).not.toHaveProperty('decision');
    expect(stay.told.map(({ decision }) => decision)).toEqual(stay.earlier?.map(({ key }) => key));
    expect(factIn(stay.earlier?.[0], 'address')).toContain('0184');
  });

  it('show no address of a person who is protected since', () => {
    const stay = last(social, { ...moved(1, '0183'), protection: 'sekretessmarkering' });
    expect(JSON.stringify(stay.earlier)).not.toMatch(/Gatan 1/);
    expect(factIn(stay.earlier?.[0], 'address')).toBe('skyddad');
  });

  it('are the latest ten besides the last: an older notice names one that is not there any more', () => {
    const many = Array.from({ length: 30 }, (_, n) => moved(n + 1, n % 2 === 0 ? '0183' : '0184'));
    const stay = last(social, ...many);
    expect(stay.earlier).toHaveLength(10);
    const kept = new Set(stay.earlier?.map(({ key }) => key));
    const named = stay.told.flatMap(({ decision }) => decision ?? []);
    expect(named).toHaveLength(30);
    expect(named.filter((key) => kept.has(key))).toEqual(named.slice(-10));
  });
});

describe('a record of `stays`', () => {
  it('is read as it was written, and whatever else lies there is unreadable, not a fault', () => {
    const [record] = bookOf(A01).records.filter(({ kind }) => kind === 'stay');
    const value = JSON.parse(String(record?.value)) as Record<string, unknown>;
    expect(isUnreadable(readStay(value))).toBe(false);
    const broken = [null, 1, 'stay', [], {}, { ...value, version: '1' }, { ...value, patient: undefined }];
    broken.push({ ...value, earlier: [value['decision']] });
    for (const one of broken) expect(isUnreadable(readStay(one))).toBe(true);
    for (const name of ['told', 'withheld', 'findings']) {
      expect(isUnreadable(readStay({ ...value, [name]: [{}] }))).toBe(true);
    }
  });
});

describe('a stay that was told of very often', () => {
  const moved = (n: number): EventDraft => ({
    ...{ name: `moved ${n}`, trigger: 'A08', minute: n },
    expected: n % 2 === 0 ? '2026-05-10' : '2026-05-12',
  });
  const { book, records } = bookOf(A01, ...Array.from({ length: 300 }, (_, n) => moved(n + 1)));
  const largest = (kind: string, from: number, to: number): number =>
    Math.max(
      ...records
        .filter((record) => record.kind === kind)
        .slice(from, to)
        .map(({ value }) => value.length),
    );

  it('has records no larger for that: a broker takes none of more than a megabyte', () => {
    for (const kind of ['stay', 'notice']) {
      const [few, many] = [largest(kind, 200, 300), largest(kind, -100, Infinity)];
      expect(many).toBeLessThan(few * 1.05);
      expect(many).toBeLessThan(250_000);
    }
  });

  it('still shows to whom the first notice went, and the latest', () => {
    const [last] = said(records.filter(({ kind }) => kind === 'stay').slice(-1));
    const told = last?.told ?? [];
    expect(told.length).toBeLessThan(110);
    expect(told.slice(0, 2).map(({ kind, recipient }) => [kind, recipient])).toEqual([
      ['INS', '0184'],
      ['INS', BERGA],
    ]);
    expect(told.at(-1)?.delivery).toBe(book.told(uuidOf('stay')).at(-1)?.id);
  });

  it('takes all of it back in one message to each', () => {
    const cancelled =
      book.apply(stayEvent({ name: 'a11', trigger: 'A11', minute: 400, reason: 'Fel' } as EventDraft), ORIGIN) ?? [];
    const withdrawn = book.told(uuidOf('stay')).filter((notice) => notice.withdrawn === undefined);
    expect(withdrawn).toEqual([]);
    expect(Math.max(...cancelled.map(({ value }) => value.length))).toBeLessThan(500_000);
  });
});
