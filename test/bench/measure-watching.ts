import { need, message } from '../../apps/watcher/test/ward.ts';
import { Watch } from '../../apps/watcher/test/watch.ts';
import type { World } from './bench-world.ts';
import { measurePass, totalCpu, type Pass } from './pass.ts';

/** What the watcher costs as its stays grow many. */
export interface WatchingResult {
  /** How many other stays lay open in each of the two. */
  readonly open: readonly [few: number, many: number];
  /** A sweep, per deadline that is due. */
  readonly few: Pass;
  readonly many: Pass;
  /** A pass by new rules, per stay. */
  readonly rejudged: Pass;
}

/** Deadlines that fall due in one sweep. */
const DUE = 2_000;
const AT_ONCE = 100;

/**
 * The same deadlines fall due among few open stays and among many; processor time, as a rate tells little on a shared machine.
 * What the other stays are does not matter, as nothing looks at them: each has its rows and a deadline that is still to come.
 */
export async function measureWatching({ services, options, say }: World): Promise<WatchingResult> {
  const { openStays: open } = options;
  const rejudged: Pass[] = [];
  const sweeps: Pass[] = [];
  for (const others of open) {
    const name = `watching${others}`;
    const watch = await Watch.begin({ url: await services.database(name), drop: () => Promise.resolve() });
    const measured = (work: () => Promise<unknown>): Promise<Pass> =>
      measurePass({
        pids: { line: process.pid, ...services.pids },
        ...{ messages: DUE, counts: () => Promise.resolve({}) },
        work: () => work().then(() => []),
      });
    try {
      await openDue(watch);
      forgetStays(watch);
      rejudged.push(await measured(() => watch.rejudgedAfterAChange()));
      await openOthers(watch, others);
      forgetStays(watch);
      sweeps.push(await measured(() => watch.judgeAt('05 08:01')));
      say(`watching: ${others} open stays, ${totalCpu(sweeps.at(-1) ?? NOTHING).toFixed(2)} ms per due deadline`);
      const said = (await watch.open()).length;
      if (said !== DUE) throw new Error(`${said} of ${DUE} deadlines were said`);
    } finally {
      await watch.end();
    }
  }
  const [few = NOTHING, many = NOTHING] = sweeps;
  return { open, few, many, rejudged: rejudged[0] ?? NOTHING };
}

const NOTHING: Pass = {
  ...{ perSecond: NaN, writes: NaN, answeredP99: NaN, batches: {} },
  cpu: { line: NaN, postgres: NaN, kafka: NaN },
};

/** By another version of the county no stay that is in memory counts: each is read, as one is that fell due days after its messages. */
function forgetStays(watch: Watch): void {
  watch.county = { ...watch.county, version: `${watch.county.version} later` };
}

/** Stays with a need whose ward has to order the notice, and has not. */
async function openDue(watch: Watch): Promise<void> {
  for (let from = 0; from < DUE; from += AT_ONCE) {
    const admitted = Array.from({ length: AT_ONCE }, (_, n) =>
      message('A01', {
        ...{ visit: `due${from + n}`, person: String(190_000_000_000 + from + n), sent: '04 08:30' },
        ...{ facts: [need('SOC', '04 08:00')], terms: { ins: 'ordered' } },
      }),
    );
    await watch.events(...admitted);
  }
}

/** $1 how many. Their deadlines come after the sweep. */
async function openOthers({ pool }: Watch, count: number): Promise<void> {
  const id = `('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))`;
  const far = Date.parse('2027-01-01T00:00:00Z');
  const tables = [
    `insert into person (patient_id) select ${id} from generate_series(1, $1::int) n`,
    `insert into stay (stay_id) select ${id} from generate_series(1, $1::int) n`,
    `insert into event (event_id, stay_id, inbound_id, patient_id, intake_at, published_at, body)
     select ${id}, ${id}, ${id}, ${id}, ${far}, ${far}, '{}' from generate_series(1, $1::int) n`,
    `insert into deadline (stay_id, name, at) select ${id}, 'x', ${far} + n from generate_series(1, $1::int) n`,
  ];
  const client = await pool.connect();
  try {
    await client.query('set statement_timeout = 0');
    for (const text of tables) await client.query(text, [count]);
    await client.query('vacuum analyze');
  } finally {
    client.release(true);
  }
}

/** Of a sweep with many against one with few. */
const SWEEP_GOAL = 1.2;

/** What was measured, in words, and whether it is good enough. */
export function watchingRows(
  result: WatchingResult,
): [what: string, ours: string, other: string, result: string, goal: string][] {
  const { open, few, many, rejudged } = result;
  const times = totalCpu(many) / totalCpu(few);
  const reached = times <= SWEEP_GOAL ? 'reached' : 'missed';
  const each = (pass: Pass): string => `${totalCpu(pass).toFixed(2)} ms`;
  const hours = (totalCpu(rejudged) * 1_000_000) / 3_600_000;
  return [
    [
      `a due deadline, ${open[1]} open stays; ${open[0]}`,
      each(many),
      each(few),
      `${times.toFixed(2)} times, ${reached}`,
      `${SWEEP_GOAL} times`,
    ],
    ['a stay judged again by new rules', each(rejudged), '', `${hours.toFixed(1)} h of processor a million`, ''],
  ];
}
