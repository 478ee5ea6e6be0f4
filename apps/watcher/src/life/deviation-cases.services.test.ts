import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { CaseEvent, CaseStatement, StayEvent } from '#libs/domain';
import { fact, ids, may, message, need, ORGANISATION, SOLNA, stated, stayOf } from '../../test/ward.ts';
import { Watch } from '../../test/watch.ts';
import { pairsOf, publishedMonth } from '../feed/published-months.ts';
import type { CaseBody, FeedRow } from './case-body.ts';
import { caseView, viewerOf } from './case-view.ts';

const ORDERED = { terms: { ins: 'ordered' as const } };
const admit = (more: object = {}): StayEvent =>
  message('A01', { sent: '04 08:30', facts: [need('SOC', '04 08:00')], ...ORDERED, ...more });
const order = (sent: string): StayEvent => message('A08', { sent, facts: [fact('INS', 'Y', sent)], ...ORDERED });

function word(by: string, at: string, says: CaseStatement): CaseEvent {
  const inboundId = ids.inbound(by, Buffer.from(JSON.stringify([at, says])));
  const eventId = ids.event(inboundId, 0);
  return { eventId, inboundId, ordinal: 0, revision: 1, intakeAt: may(at), intakeStamp: may(at), by, says };
}
const report = (at: string, more: object = {}): CaseEvent =>
  word(SOLNA, at, {
    kind: 'reported',
    code: 'INS-01',
    on: '2026-05-04',
    consequence: 'delay',
    consent: false,
    text: 'Kom aldrig',
    ...more,
  });
const done = (
  at: string,
  caseId: string,
  act: Extract<CaseStatement, { kind: 'acted' }>['act'],
  more: object = {},
): CaseEvent =>
  word(ORGANISATION, at, {
    kind: 'acted',
    caseId,
    act,
    role: 'unit',
    side: 'region',
    from: 'new',
    standing: [],
    ...more,
  });

interface Stored {
  readonly id: string;
  readonly version: number;
  readonly body: CaseBody;
  readonly row: FeedRow | undefined;
}

let watch: Watch;
beforeAll(async () => {
  watch = await Watch.begin();
});
afterAll(() => watch.end());
beforeEach(() => watch.clear());

async function cases(): Promise<Stored[]> {
  const { rows } = await watch.pool.query<{ id: string; version: number; body: string; feed_row: string | null }>(
    'select id, version, body, feed_row from deviation_case where body is not null order by id',
  );
  return rows.map(({ id, version, body, feed_row: row }) => ({
    ...{ id, version, body: JSON.parse(body) as CaseBody },
    row: row === null ? undefined : (JSON.parse(row) as FeedRow),
  }));
}
const states = async (): Promise<string[]> => (await cases()).map(({ body: { what } }) => `${what.code} ${what.state}`);

async function missing(): Promise<Stored> {
  await watch.events(admit());
  await watch.judgeAt('05 08:01');
  const [one] = await cases();
  if (!one) throw new Error('no case');
  return one;
}

describe('a case', () => {
  it('is made of what the hub finds: a Task for the unit, a row for the feed that names neither stay nor unit', async () => {
    const { body, row } = await missing();
    expect(body).toMatchObject({ stayId: stayOf('v1'), what: { state: 'new', party: ORGANISATION, code: 'INS-01' } });
    expect(row).toEqual({
      ...{ id: row?.id, version: 1, state: 'new', code: 'INS-01', step: 1, severity: 4, careType: 'SOM' },
      ...{ month: '2026-05', hospitalKind: 'region', municipalityKind: 'other' },
    });
    const [fed] = await watch.saidOfCases('deviation-feed');
    const text = JSON.stringify(fed);
    for (const secret of [stayOf('v1'), ORGANISATION, SOLNA, body.id, '1912']) expect(text).not.toContain(secret);
    const [task] = await watch.saidOfCases('tasks');
    expect((await watch.saidOfCases(`deviations.${ORGANISATION}`)).map(({ id }) => id)).toEqual([task?.id]);
    expect(task?.value).toMatchObject({ status: 'requested', owner: { reference: `Organization/${ORGANISATION}` } });
  });

  it('leaves what is counted of its stay untouched where it is counted as before: not even the row is locked', async () => {
    await watch.events(admit());
    const rows = `select ctid::text || ' ' || xmin::text as put, xmax::text as locked from followed_stay`;
    const { rows: before } = await watch.pool.query<{ put: string }>(rows);
    expect(before).toHaveLength(1);
    // By another version of the county no stay in memory counts: it is read, and nobody knows how it was counted last.
    watch.county = { ...watch.county, version: 'another' };
    await watch.judgeAt('05 08:01');
    expect(await cases()).toHaveLength(1);
    expect((await watch.pool.query(rows)).rows).toEqual([{ put: before[0]?.put, locked: '0' }]);
  });

  it('is one with what people report of it, and each sees of it what was addressed to it', async () => {
    const { id } = await missing();
    await watch.words(report('05 09:00', { stayId: stayOf('v1') }));
    const [one, ...others] = await cases();
    expect(others).toEqual([]);
    expect(one).toMatchObject({ id, body: { what: { reporters: [SOLNA] } } });
    if (!one) return;
    const stored = { version: 2, changedAt: 0, body: one.body, feedRow: one.row };
    const seenBy = (party: string, role: 'party' | 'sender' | 'observer'): string => {
      const caller = { name: party, party, roles: [role] };
      const viewer = viewerOf(caller, stored);
      return viewer ? JSON.stringify(caseView(stored, viewer, caller, 'municipal')) : 'not there';
    };
    expect(seenBy('0183', 'party')).toBe('not there');
    expect(seenBy(SOLNA, 'party')).not.toContain(stayOf('v1'));
    expect(seenBy(SOLNA, 'party')).not.toContain('"found"');
    expect(seenBy(ORGANISATION, 'sender')).toContain('Kom aldrig');
    expect(seenBy('storsthlm', 'observer')).not.toMatch(
      new RegExp(`Kom aldrig|${ORGANISATION}|${SOLNA}|${stayOf('v1')}|${id}`),
    );
  });

  it('lives on when the late message turns one deviation into another, and opens when it was closed before', async () => {
    const { id, body } = await missing();
    const answer = { act: 'answer', cause: 'staffing', action: 'staff-informed' } as const;
    await watch.words(done('05 09:00', id, answer, { standing: body.what.standing }));
    expect(await states()).toEqual(['INS-01 answered']);
    expect((await watch.saidOfCases('tasks')).map(({ value }) => value['status'])).toEqual(['requested', 'completed']);
    await watch.words(
      done('05 09:30', id, { act: 'close', reason: 'settled' }, { from: 'answered', standing: body.what.standing }),
    );
    expect(await states()).toEqual(['INS-01 closed']);
    await watch.events(order('05 10:00'));
    expect(await states()).toEqual(['INS-03 new']);
    const [one] = await cases();
    expect(one?.body.what.history.map(({ what, code, reason }) => [what, code ?? reason].join(' '))).toEqual([
      ...['found INS-01', 'answer ', 'close settled', 'ended INS-01', 'found INS-03'],
    ]);
  });

  it('is closed by the hub when nothing of it stands, and the row in the feed with it', async () => {
    await missing();
    await watch.events(message('A08', { sent: '05 11:00', facts: [need('NONE', '05 10:30')], ...ORDERED }));
    const [one] = await cases();
    expect(one).toMatchObject({
      body: { what: { state: 'closed', closedByHub: true } },
      row: { state: 'closed', version: 2 },
    });
    expect((await watch.saidOfCases('tasks')).at(-1)?.value['status']).toBe('cancelled');
  });

  it('is the same, by id and by state, when all of it comes again in another order', async () => {
    const { id, body } = await missing();
    const said = [
      report('05 09:00', { stayId: stayOf('v1') }),
      done('05 09:10', id, { act: 'take' }, { standing: body.what.standing }),
      done('05 09:20', id, { act: 'escalate', reason: 'of-principle' }, { from: 'with-unit' }),
    ];
    await watch.words(...said);
    await watch.events(order('05 10:00'));
    const before = (await cases()).map(({ id: name, body: { what } }) => [
      name,
      what.state,
      what.standing,
      what.reporters,
    ]);
    await watch.clear();
    await watch.words(...said.toReversed());
    await watch.events(order('05 10:00'));
    await watch.events(admit());
    await watch.judgeAt('05 08:01');
    await watch.words(...said);
    expect(
      (await cases()).map(({ id: name, body: { what } }) => [name, what.state, what.standing, what.reporters]),
    ).toEqual(before);
    expect(before.map(([name, state]) => [name, state])).toEqual([[id, 'region']]);
  });
});

describe('a report without a stay', () => {
  it('waits, and joins the case of its person’s stay when that appears', async () => {
    const patientId = ids.patient('pnr', '191212121212');
    await watch.words(report('04 20:00', { patientId, organisation: ORGANISATION }));
    expect(await states()).toEqual(['INS-01 new']);
    const [waiting] = await cases();
    await missing();
    const all = await cases();
    expect(all).toHaveLength(2);
    expect(all.find(({ id }) => id === waiting?.id)?.body.what).toMatchObject({ state: 'closed', closedByHub: true });
    expect(all.find(({ id }) => id !== waiting?.id)?.body).toMatchObject({
      ...{ stayId: stayOf('v1'), what: { state: 'new', reporters: [SOLNA] }, reports: [{ text: 'Kom aldrig' }] },
    });
  });
});

describe('the feed', () => {
  it('never holds a protected person, nor what came to be one', async () => {
    await watch.events(admit({ patient: { protection: 'sekretessmarkering' } }));
    await watch.judgeAt('05 08:01');
    expect((await cases()).map(({ row }) => row)).toEqual([undefined]);
    expect(await watch.saidOfCases('deviation-feed')).toEqual([]);
  });

  it('publishes a month once it has closed, answers it the same again, and counts what was corrected since', async () => {
    const visits = Array.from({ length: 12 }, (_, n) => `m${n}`);
    const leave = (visit: string): StayEvent =>
      message('A03', {
        visit,
        sent: '06 10:00',
        ...ORDERED,
        encounter: { ward: visit < 'm5' ? 'W1' : 'W2', end: stated('06 10:00'), leaving: 'home' },
      });
    await watch.events(...visits.flatMap((visit) => [admit({ visit }), leave(visit)]));
    await watch.judgeAt('31 10:00');
    await watch.publish();
    expect(await publishedMonth(watch.pool, '2026-05')).toBeUndefined();
    await watch.pool.query('update watermark set at = $1', [Date.parse('2026-06-16T00:00Z')]);
    await watch.publish();
    const first = await publishedMonth(watch.pool, '2026-05');
    expect(first).toMatchObject({ month: '2026-05', threshold: 5, corrections: 'none' });
    expect(first?.lines).toContainEqual({ measure: 'INS-02', dimension: 'total', within: '', value: '', count: 12 });
    expect((await watch.saidOfCases('deviation-feed')).at(-1)?.value).toMatchObject({
      month: '2026-05',
      lines: first?.lines,
    });
    const may = { from: '2026-05', to: '2026-05' };
    // All of the month have it: nothing stands out.
    expect(first?.recurring).toEqual({ units: [], pairs: [] });
    const pairs = await pairsOf(watch.pool, 'board-hospital', 'INS-02', may);
    expect(pairs.map(({ count, of }) => [count, of])).toEqual([[12, 12]]);
    await watch.events(message('A11', { visit: 'm1', sent: '07 10:00', ...ORDERED }));
    await watch.publish();
    expect(await pairsOf(watch.pool, 'board-hospital', 'INS-02', may)).toEqual(pairs);
    expect(await publishedMonth(watch.pool, '2026-05')).toEqual({ ...first, corrections: 'fewer-than-5' });
  });
});
