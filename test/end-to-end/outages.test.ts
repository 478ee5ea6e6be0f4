import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { hl7Day, HOUR, MINUTE, onDay } from '../../apps/simulator/src/county/county-time.ts';
import { consent, info, need, order, ready } from '../../apps/simulator/src/messages/ward-message.ts';
import { startTestHub, type TestHub } from '../hub/test-hub.ts';
import { until } from '../hub/until.ts';
import { CLINIC, SOLNA, Ward } from '../hub/ward.ts';

/** Monday 4 May 2026, 08:00 in Stockholm. Each outage begins at eight in the evening and goes over midnight. */
const START = Date.parse('2026-05-04T08:00:00+02:00');
const EVENING = 20;
let hub: TestHub;

beforeAll(async () => {
  hub = await startTestHub('outages', { clockStart: START });
});
afterAll(async () => {
  await hub.dispose();
});

interface Evening {
  /** Its INS is due during the outage, and is handed over while the hub stands still. */
  readonly admitted: Ward;
  /** Leaves today; the information, due at midnight, is handed over while the hub stands still. */
  readonly leaving: Ward;
  /** Leaves today, and its ward never says a word of it. */
  readonly silent: Ward;
}

/** The stays of an evening, as they are when the outage begins. */
async function evening(name: string): Promise<Evening> {
  await hub.to(onDay(hub.now, 1, 9));
  const admittedAt = hub.now - HOUR;
  const bed = { admitted: admittedAt, expected: hl7Day(hub.now) };
  const [leaving, silent] = [new Ward(`${name}-leaving`, bed), new Ward(`${name}-silent`, bed)];
  for (const one of [leaving, silent]) {
    await hub.send('KS', one.message('A01', hub.now, { facts: [need(['SOC']), consent('Y')] }));
  }
  await hub.to(onDay(hub.now, 0, EVENING));
  for (const one of [leaving, silent]) await hub.send('KS', one.message('A03', hub.now, { facts: [ready('Y')] }));
  await hub.client.settle();
  return { leaving, silent, admitted: new Ward(`${name}-admitted`, { admitted: hub.now - 21 * HOUR }) };
}

/** How many records of the two stays of an evening a topic has when all before a stage has been done. */
const BEFORE: Readonly<Record<string, readonly (readonly ['events' | 'receipts', number])[]>> = {
  translator: [],
  router: [['events', 4]],
  dispatcher: [['events', 4]],
  watcher: [['receipts', 6]],
};

describe.each(['translator', 'router', 'dispatcher', 'watcher'])('the %s standing still over a deadline', (stage) => {
  it("is the hub's, and nothing is flagged against a ward that did what it had to", async () => {
    const { admitted, leaving, silent } = await evening(stage);
    await hub.client.changeStages({ stop: [stage] });
    await hub.to(hub.now + 30 * MINUTE, false);
    await hub.send('KS', admitted.message('A01', hub.now, { facts: [need(['SOC', 'ROV']), consent('Y')] }));
    await hub.send('KS', leaving.message('A08', hub.now, { facts: [info(['SOC'])] }));
    // The stages before it have to have done their work in time: the clock must not run away from them.
    await until(`all before the ${stage} have done theirs`, async () => {
      const seen = await hub.outcome();
      const about = (topic: string): number =>
        seen.on(topic).filter(({ value }) => [admitted, leaving].some((one) => value.includes(hub.stayOf(one)))).length;
      return BEFORE[stage]!.every(([topic, count]) => about(hub.topics[topic]) === count);
    });
    await hub.to(onDay(hub.now, 1, 4), false);
    await hub.client.changeStages({ start: [stage] });
    await hub.client.settle();
    await hub.to(hub.now + HOUR);

    const seen = await hub.outcome();
    const late = stage === 'watcher' ? [] : ['TEK-01'];
    expect(seen.everFlagged(hub.stayOf(admitted))).toEqual(late);
    expect(seen.everFlagged(hub.stayOf(leaving))).toEqual(late);
    expect(seen.open(hub.stayOf(admitted))).toEqual([...late, ...late]); // one for each notice: to Solna, to the clinic
    expect(seen.open(hub.stayOf(leaving))).toEqual(late);
    expect(seen.everFlagged(hub.stayOf(silent))).toEqual(['UTS-01']);
    expect(seen.told(hub.stayOf(admitted))).toEqual({ [SOLNA]: ['INS'], [CLINIC]: ['INS'] });
    expect(seen.told(hub.stayOf(leaving))).toEqual({ [SOLNA]: ['INS', 'UTK', 'UTS', 'INFO'] });
  });
});

describe('the whole hub away over a deadline, by SIGKILL', () => {
  it("is the hub's for what comes right after it, and the ward's for what does not", async () => {
    await hub.to(onDay(hub.now, 1, EVENING));
    const admitted = hub.now - 21 * HOUR;
    const wards = ['ordered', 'ordered-late', 'never'].map(
      (name) => new Ward(`away-${name}`, { sender: 'OS', admitted }),
    );
    const [ordered, orderedLate, never] = wards as [Ward, Ward, Ward];
    const told = new Ward('away-told', { admitted });
    for (const one of wards) {
      const facts = [need(['SOC'], { at: admitted }), consent('Y')];
      await hub.send('OS', one.message('A01', hub.now, { facts }));
    }
    await hub.client.settle();
    await hub.to(hub.now + HOUR);
    await hub.kill();
    const inVain = hub.now + HOUR;
    await hub.start(hub.now + 8 * HOUR);

    await hub.to(hub.now + 5 * MINUTE);
    await hub.send('OS', ordered.message('A08', hub.now, { sent: inVain, facts: [order()] }));
    await hub.send('KS', told.message('A01', hub.now, { sent: inVain, facts: [need(['SOC']), consent('Y')] }));
    await hub.to(hub.now + HOUR);
    expect((await hub.outcome()).open(hub.stayOf(orderedLate))).toEqual(['INS-01']);
    await hub.send('OS', orderedLate.message('A08', hub.now, { sent: inVain, facts: [order()] }));
    await hub.to(hub.now + 2 * HOUR);

    const seen = await hub.outcome();
    expect(seen.everFlagged(hub.stayOf(ordered))).toEqual(['TEK-01']);
    expect(seen.everFlagged(hub.stayOf(told))).toEqual(['TEK-01']);
    expect(seen.open(hub.stayOf(orderedLate))).toEqual(['INS-03']);
    expect(seen.open(hub.stayOf(never))).toEqual(['INS-01']);
    expect(seen.told(hub.stayOf(ordered))).toEqual({ [SOLNA]: ['INS'] });
  });
});

describe('the hub stopped, by SIGTERM, while nothing is due', () => {
  it('flags nothing', async () => {
    await hub.to(onDay(hub.now, 1, 9));
    const one = new Ward('quiet', { admitted: hub.now - HOUR });
    await hub.send('KS', one.message('A01', hub.now, { facts: [need(['SOC']), consent('Y')] }));
    await hub.client.settle();
    await hub.stop();
    await hub.start(hub.now + 6 * HOUR);
    await hub.send('KS', one.message('A08', hub.now, { facts: [ready('Y')] }));
    await hub.to(hub.now + HOUR);
    const seen = await hub.outcome();
    expect(seen.everFlagged(hub.stayOf(one))).toEqual([]);
    expect(seen.told(hub.stayOf(one))).toEqual({ [SOLNA]: ['INS', 'UTK'] });
  });
});
