import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { StayEvent } from '#libs/domain';
import { consent, fact, info, may, message, need, ORGANISATION, SOLNA, stated, stayOf } from '../test/ward.ts';
import { Watch } from '../test/watch.ts';

const ORDERED = { terms: { ins: 'ordered' as const } };
const SOC = need('SOC', '04 08:00');
const YES = consent('Y', '04 08:00');

const admit = (sent: string, more: object = {}): StayEvent => message('A01', { sent, facts: [SOC, YES], ...more });
const later = (sent: string, more: object = {}): StayEvent => message('A08', { sent, ...more });
const leave = (sent: string, end: string, more: object = {}): StayEvent =>
  message('A03', { sent, ...more, encounter: { end: stated(end), leaving: 'home' } });
const order = (sent: string, more: object = {}): StayEvent =>
  later(sent, { facts: [fact('INS', 'Y', sent)], ...ORDERED, ...more });

let watch: Watch;
beforeAll(async () => {
  watch = await Watch.begin();
});
afterAll(() => watch.end());
beforeEach(() => watch.clear());

describe('the notice that never came', () => {
  it('is said when the watermark has passed the deadline and its grace, and not before', async () => {
    await watch.events(admit('04 08:30', ORDERED));
    expect(await watch.judgeAt('05 08:00')).toBe(0);
    expect(await watch.open()).toEqual([]);
    expect(await watch.nextDue('06')).toBe(may('05 08:01'));
    expect(await watch.judgeAt('05 08:01')).toBe(2);
    expect(await watch.open()).toEqual(['INS-01 4']);
    expect(await watch.nextDue('30')).toBeUndefined();
  });

  it('waits with one row for what no receipt can meet, each of which is judged in its turn', async () => {
    const waiting = async (): Promise<unknown> =>
      (await watch.pool.query<object>(`select name, at::float8 as at from deadline`)).rows;
    // The version before kept a row for each, named by its instant.
    await watch.pool.query(`insert into deadline (stay_id, name, at) values ($1, $2::text, $2::bigint)`, [
      stayOf('v1'),
      may('05 08:00'),
    ]);
    await watch.events(admit('04 08:30', ORDERED));
    const next = await watch.nextDue('30');
    expect(await waiting()).toEqual([{ name: 'next', at: next }]);
    expect(next).toBeLessThan(may('05 08:01'));
    await watch.judgeAt('05 08:00');
    expect(await waiting()).toEqual([{ name: 'next', at: may('05 08:01') }]);
    await watch.events(leave('10 10:00', '10 10:00', ORDERED));
    expect(await waiting()).toHaveLength(1);
    await watch.judgeAt('30');
    expect(await watch.open()).toEqual(['INS-02 4']);
    expect(await waiting()).toEqual([]);
  });

  it('goes to the operator and to the party that it is attributed to', async () => {
    await watch.events(admit('04 08:30', ORDERED));
    await watch.judgeAt('05 08:01');
    const said = await watch.said();
    expect(said.map((one) => one.topic)).toEqual(['deviations', `deviations.${ORGANISATION}`]);
    expect(said[0]).toMatchObject({
      key: stayOf('v1'),
      value: {
        resourceType: 'DetectedIssue',
        status: 'final',
        code: { coding: [{ code: 'INS-01' }] },
        identifiedDateTime: new Date(may('05 08:01')).toISOString(),
      },
    });
  });

  it('says the same thing once, however often it is judged', async () => {
    await watch.events(admit('04 08:30', ORDERED));
    await watch.judgeAt('05 08:01');
    expect(await watch.judgeAt('06')).toBe(0);
    await watch.events(later('06 09:00', ORDERED));
    expect(await watch.said()).toHaveLength(2);
  });

  it('is closed by the late message, which opens another (DEC-04)', async () => {
    await watch.events(admit('04 08:30', ORDERED));
    await watch.judgeAt('05 08:01');
    await watch.events(order('05 09:00'));
    expect(await watch.open()).toEqual(['INS-03 3']);
    expect(await watch.closed()).toEqual(['INS-01 came-late']);
  });

  it('opens again under the same id, first judged when it was', async () => {
    await watch.events(admit('04 08:30', ORDERED));
    await watch.judgeAt('05 08:01');
    const [first] = await watch.deviations();
    await watch.events(later('05 10:00', { facts: [need('NONE', '05 09:30')] }));
    expect(await watch.closed()).toEqual(['INS-01 no-need']);
    await watch.events(later('05 11:00', { facts: [{ ...need('NONE', '05 09:30'), status: 'D' }], ...ORDERED }));
    const [again] = await watch.deviations();
    expect(again).toMatchObject({ id: first?.id, identified: first?.identified, status: 'final', version: 3 });
    const ids = (await watch.said('deviations')).map((one) => one.id);
    expect(new Set(ids).size).toBe(3);
  });

  it('is nobody’s duty without need, or when the stay never was', async () => {
    await watch.events(admit('04 08:30', { ...ORDERED, facts: [] }));
    expect(await watch.nextDue('30')).toBeUndefined();
    await watch.clear();
    await watch.events(admit('04 08:30', ORDERED));
    await watch.judgeAt('05 08:01');
    await watch.events(message('A11', { sent: '06 08:00' }));
    expect(await watch.open()).toEqual([]);
    expect(await watch.closed()).toEqual(['INS-01 withdrawn']);
  });

  it('is INS-02 alone when the patient left before it (DEC-07)', async () => {
    await watch.events(admit('04 08:30', ORDERED), leave('08 10:00', '08 10:00', ORDERED));
    await watch.judgeAt('30');
    expect(await watch.open()).toEqual(['INS-02 4']);
  });
});

describe('discharge', () => {
  it('without information is UTS-01 at the end of the day, and UTS-02 once it comes late', async () => {
    await watch.events(admit('04 08:30'), leave('10 10:00', '10 10:00'));
    await watch.judgeAt('11 00:00');
    expect((await watch.open()).filter((one) => one.startsWith('UTS'))).toEqual([]);
    await watch.judgeAt('11 00:01');
    expect(await watch.open()).toContain('UTS-01 4');
    await watch.events(later('11 09:00', { facts: [info('11 09:00')] }));
    expect(await watch.open()).toContain('UTS-02 3');
    expect(await watch.closed()).toContain('UTS-01 came-late');
  });

  it('with only a ground missing is UTS-01 of severity 2, and the ward is reminded before', async () => {
    const admission = admit('04 08:30', { facts: [SOC] });
    await watch.events(admission, leave('10 10:00', '10 10:00', { facts: [info('10 10:00')] }));
    await watch.judgeAt('10 19:59');
    expect(await watch.said('tasks')).toEqual([]);
    await watch.judgeAt('10 20:00');
    const reminders = (await watch.said('tasks')).map(({ value }) => value);
    expect(reminders.length).toBeGreaterThan(0);
    expect(reminders[0]).toMatchObject({ status: 'requested', code: { coding: [{ code: 'STATE-GROUND' }] } });
    await watch.judgeAt('11 00:01');
    expect(await watch.open()).toContain('UTS-01 2 ground-not-stated');
  });

  it('completes the reminder when the ground is stated', async () => {
    const admission = admit('04 08:30', { facts: [SOC] });
    await watch.events(admission, leave('10 10:00', '10 10:00', { facts: [info('10 10:00')] }));
    await watch.judgeAt('10 20:00');
    await watch.events(later('10 21:00', { facts: [consent('Y', '10 21:00')] }));
    const tasks = (await watch.said('tasks')).map(({ value }) => value['status']);
    expect(tasks.filter((status) => status === 'completed')).toHaveLength(
      tasks.filter((status) => status === 'requested').length,
    );
    await watch.judgeAt('12');
    expect(await watch.open()).not.toContain('UTS-01 2 ground-not-stated');
  });

  it('on another day than was told is BUT-01', async () => {
    await watch.events(admit('04 08:30'), leave('06 10:00', '06 10:00', { facts: [info('06 10:00')] }));
    expect(await watch.open()).not.toContain('BUT-01 3');
    await watch.judgeAt('06 10:01');
    expect(await watch.open()).toContain('BUT-01 3');
  });
});

describe('what the hub owes', () => {
  const insKey = `INS|${SOLNA}|INS|${admit('04 08:30').eventId}`;

  it('a notice without a receipt is TEK-01, told to the operator alone', async () => {
    await watch.events(admit('04 08:30'));
    await watch.judgeAt('05 08:01');
    expect(await watch.open()).toEqual(['TEK-01 3']);
    expect((await watch.said()).map((one) => one.topic)).toEqual(['deviations']);
  });

  it('a receipt in time meets the deadline, whichever comes first', async () => {
    await watch.events(admit('04 08:30'));
    await watch.receipt('v1', insKey, '04 08:31');
    expect(await watch.nextDue('11')).toBeUndefined();
    await watch.clear();
    await watch.receipt('v1', insKey, '04 08:31');
    await watch.events(admit('04 08:30'));
    expect(await watch.nextDue('11')).toBeUndefined();
  });

  it('a late receipt leaves TEK-01 true', async () => {
    await watch.events(admit('04 08:30'));
    await watch.receipt('v1', insKey, '06 08:00');
    expect(await watch.open()).toEqual(['TEK-01 3']);
  });

  it('a withdrawal is owed once the notice that it ends was there', async () => {
    await watch.events(admit('04 08:30'), message('A11', { sent: '04 09:00' }));
    expect(await watch.nextDue('30')).toBeUndefined();
    await watch.receipt('v1', insKey, '04 08:31');
    expect(await watch.nextDue('30')).toBe(may('04 10:01'));
    await watch.judgeAt('04 10:01');
    expect(await watch.open()).toEqual(['TEK-01 3']);
  });

  it('a need without a recipient that nobody handled is TEK-03', async () => {
    await watch.events(admit('04 08:30', { patient: { address: { lines: [], municipality: '9999' } } }));
    await watch.judgeAt('05 08:01');
    expect(await watch.open()).toEqual(['TEK-03 3']);
  });
});

describe('outages', () => {
  it('move a deadline inside them to their end and a quarter of an hour', async () => {
    await watch.beats('05 07:00');
    await watch.events(admit('04 08:30', ORDERED));
    await watch.beats('05 09:00');
    await watch.judgeAt('05 09:15');
    expect(await watch.open()).toEqual([]);
    await watch.judgeAt('05 09:16');
    expect(await watch.open()).toEqual(['INS-01 4']);
  });

  it('excuse what came right after them', async () => {
    await watch.events(admit('04 08:30', ORDERED));
    await watch.beats('05 07:00', '05 09:00');
    await watch.events(order('05 07:30', { intake: '05 09:01', ...ORDERED }));
    await watch.judgeAt('06');
    expect((await watch.deviations()).map((one) => one.deviation.code)).toEqual(['TEK-01']);
  });

  it('excuse it also when they are learned of later: the ward is never blamed meanwhile', async () => {
    await watch.beats('05 07:00');
    await watch.events(admit('04 08:30', ORDERED));
    await watch.events(order('05 07:30', { intake: '05 09:01', ...ORDERED }));
    expect(await watch.deviations()).toEqual([]);
    await watch.beats('05 09:00', '05 09:02');
    await watch.judgeAt('06');
    expect((await watch.deviations()).map((one) => one.deviation.code)).toEqual(['TEK-01']);
  });

  it('unsay what they excuse', async () => {
    await watch.events(admit('04 08:30', ORDERED));
    await watch.judgeAt('05 08:01');
    expect(await watch.open()).toEqual(['INS-01 4']);
    await watch.beats('05 07:00', '05 08:02');
    await watch.judgeAt('05 08:02');
    expect(await watch.open()).toEqual([]);
    await watch.judgeAt('05 08:18');
    expect(await watch.open()).toEqual(['INS-01 4']);
  });

  it('a step of the clock is none', async () => {
    await watch.beats('05 07:00', ['05 09:00', '05 07:00']);
    await watch.events(admit('04 08:30', ORDERED));
    await watch.judgeAt('05 08:01');
    expect(await watch.open()).toEqual(['INS-01 4']);
  });
});

describe('what may lie in `rejected`', () => {
  it('makes absences suspected until a later message of the same trigger is accepted', async () => {
    await watch.events(admit('04 08:30', ORDERED));
    await watch.rejected('v1', '04 09:00', 'A08');
    await watch.judgeAt('05 08:01');
    expect(await watch.open()).toEqual(['INS-01 4 suspected']);
    await watch.events(message('A13', { sent: '05 09:00', ...ORDERED }));
    expect(await watch.open()).toEqual(['INS-01 4 suspected']);
    await watch.events(later('05 10:00', ORDERED));
    expect(await watch.open()).toEqual(['INS-01 4']);
  });

  it('makes an open absence suspected again', async () => {
    await watch.events(admit('04 08:30', ORDERED));
    await watch.judgeAt('05 08:01');
    await watch.rejected('v1', '05 09:00', 'A08');
    expect(await watch.open()).toEqual(['INS-01 4 suspected']);
  });

  it('says nothing of other stays, or when the accepted one came later', async () => {
    await watch.events(admit('04 08:30', ORDERED), later('04 10:00', ORDERED));
    await watch.rejected('v2', '04 09:00', 'A08');
    await watch.rejected('v1', '04 09:00', 'A08');
    await watch.judgeAt('05 08:01');
    expect(await watch.open()).toEqual(['INS-01 4']);
  });
});

describe('a source that has fallen silent', () => {
  const HOUR = 3_600_000;
  const habit = async (weeks: number, messages: number): Promise<void> => {
    for (let week = 1; week <= weeks; week++) {
      const hour = may('05 07:00') - week * 168 * HOUR;
      await watch.pool.query(`insert into traffic values ('KS', $1, 0, $2), ('KS', $1, 1, 1)`, [hour, messages - 1]);
    }
  };

  it('against its own habit: its absences are suspected until it speaks again', async () => {
    await habit(4, 20);
    await watch.events(admit('04 08:30', ORDERED));
    await watch.judgeAt('05 08:01');
    expect(await watch.open()).toEqual(['INS-01 4 suspected']);
    await watch.events(admit('05 08:30', { visit: 'v2', ...ORDERED }));
    expect(await watch.nextDue('05 12:00')).toBe(may('05 09:00'));
    await watch.judgeAt('05 09:00');
    expect(await watch.open()).toContain('INS-01 4');
  });

  it.each([
    ['without four weeks of it', 3, 20],
    ['without messages enough in each', 4, 9],
  ])('%s is only quiet', async (_name, weeks, messages) => {
    await habit(weeks, messages);
    await watch.events(admit('04 08:30', ORDERED));
    await watch.judgeAt('05 08:01');
    expect(await watch.open()).toEqual(['INS-01 4']);
  });

  it('is not, when any message came in the hour', async () => {
    await habit(4, 20);
    await watch.events(admit('04 08:30', ORDERED));
    await watch.events(admit('05 07:30', { visit: 'v2', ...ORDERED }));
    await watch.judgeAt('05 08:01');
    expect(await watch.open()).toContain('INS-01 4');
  });
});

describe('protection', () => {
  it('stated in one stay holds for all stays of the person', async () => {
    await watch.events(admit('04 08:30'));
    await watch.events(
      message('A01', { visit: 'v2', sent: '04 09:00', patient: { protection: 'sekretessmarkering' } }),
    );
    await watch.judgeAt('05 08:01');
    const said = (await watch.said('deviations')).filter((one) => one.key === stayOf('v1'));
    expect(said.length).toBeGreaterThan(0);
    for (const { value } of said) expect(value['meta']).toHaveProperty('security');
  });
});

describe('two replicas', () => {
  it('that sweep at once say each thing once', async () => {
    const visits = Array.from({ length: 300 }, (_, n) => `many-${n}`);
    await watch.events(...visits.map((visit) => admit('04 08:30', { visit, person: visit, ...ORDERED })));
    expect(await watch.judgeAtByTwo('05 08:01')).toEqual(600);
    expect(await watch.said('deviations')).toHaveLength(300);
  });
});

describe('a mended translation', () => {
  it('replaces what it was read as before; the old reading again changes nothing', async () => {
    const wrong = admit('04 08:30', ORDERED);
    await watch.events(wrong);
    await watch.judgeAt('05 08:01');
    const mended: StayEvent = { ...wrong, revision: 1001, facts: [need('NONE', '04 08:00')] };
    await watch.events(mended);
    expect(await watch.open()).toEqual([]);
    await watch.events(wrong);
    expect(await watch.open()).toEqual([]);
  });

  it('may move a message to another stay', async () => {
    const wrong = admit('04 08:30', ORDERED);
    await watch.events(wrong);
    await watch.judgeAt('05 08:01');
    await watch.events({ ...wrong, revision: 1001, stayId: stayOf('v9') });
    expect(await watch.open()).toEqual(['INS-01 4']);
    expect(await watch.closed()).toEqual(['INS-01 withdrawn']);
  });
});

describe('a poison record', () => {
  it.each(['events', 'rejected', 'uptime', 'receipts'] as const)('of `%s` is set aside', async (topic) => {
    await watch.garbage(topic);
    const { rows } = await watch.pool.query('select topic, error_code from poison');
    expect(rows).toEqual([{ topic, error_code: expect.stringMatching(/^BRY-\d{4}$/) }]);
  });
});
