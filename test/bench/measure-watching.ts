import pg from 'pg';
import type { StayEvent } from '#libs/domain';
import { message, need, stated } from '../../apps/watcher/test/ward.ts';
import { Watch } from '../../apps/watcher/test/watch.ts';
import type { World } from './bench-world.ts';
import { measurePass, middle, percentile, shown, totalCpu, type Pass } from './pass.ts';

/** What the watcher costs as its stays grow many. */
export interface WatchingResult {
  /** How many other stays lay open in each of the two. */
  readonly open: readonly [few: number, many: number];
  /** A sweep, per deadline that is due. */
  readonly few: Pass;
  readonly many: Pass;
  /** A pass by new rules over the many, per stay. */
  readonly rejudged: Pass;
  /** What batches of events waited for each other, ms, before that pass and while it went on: 99 of 100 not longer. */
  readonly fed: readonly [before: number, meanwhile: number];
}

/** Deadlines that fall due in a sweep that counts, and in the one before it, which does not. */
const DUE = 2_000;
const DUE_BEFORE = 400;
const AT_ONCE = 100;
/** Days of May: stays that begin on one fall due on the next, in the sweep that does not count; those of the next a day later. */
const DAYS = [4, 7, 10, 13, 16];
/** Batches of events before the pass by new rules, to compare with. */
const FED_BEFORE = 100;
const FED_EVERY = 200;

/**
 * The same deadlines fall due among few open stays and among many, in turn, so that both are measured on the same machine; of
 * the sweeps the median. Processor time, as a rate tells little on a shared machine. The others are stays like them, whose deadlines are still to come. Then all of the many are judged by new rules, while events come.
 */
export async function measureWatching(world: World): Promise<WatchingResult> {
  const { services, options, say } = world;
  const watches: Watch[] = [];
  const sweeps: Pass[][] = options.openStays.map(() => []);
  const measured = (messages: number, work: () => Promise<unknown>): Promise<Pass> =>
    measurePass({
      pids: { line: process.pid, ...services.pids },
      ...{ messages, counts: () => Promise.resolve({}) },
      work: () => work().then(() => []),
    });
  try {
    for (const others of options.openStays) {
      const url = await services.database(`watching${others}`);
      const watch = await Watch.begin({ url, drop: () => Promise.resolve() });
      watches.push(watch);
      await openOthers(watch, others);
      await settle(watch);
      say(`watching: ${others} open stays`);
    }
    for (const [round, day] of DAYS.entries()) {
      for (const watch of watches) {
        await openDue(watch, day, DUE_BEFORE);
        await openDue(watch, day + 1, DUE);
        forgetStays(watch);
      }
      for (const watch of watches) await settle(watch);
      // A million rows were vacuumed just now and ten thousand were not: nobody's first sweep after that is like the next.
      for (const watch of watches) await watch.sweepAt(`${twoDigits(day + 1)} 08:01`);
      const sides = round % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const);
      for (const side of sides) {
        const pass = await measured(DUE, () => watches[side]!.sweepAt(`${twoDigits(day + 2)} 08:01`));
        sweeps[side]!.push(pass);
        say(`watching: ${options.openStays[side]} open stays, ${shown(pass)} per due deadline`);
      }
      for (const watch of watches) {
        const said = (await watch.open()).length;
        if (said !== (DUE_BEFORE + DUE) * (round + 1))
          throw new Error(`${said} deadlines were said by round ${round + 1}`);
      }
    }
    const [few, many] = sweeps.map(middle);
    const [, last] = watches;
    if (!few || !many || !last) throw new Error('nothing was measured');
    const after = await rejudge(last, options.openStays[1] + DAYS.length * (DUE_BEFORE + DUE), measured, say);
    return { open: options.openStays, few, many, ...after };
  } finally {
    for (const watch of watches) await watch.end();
  }
}

/** A pass by new rules over all stays, while a batch of events comes every now and then. */
async function rejudge(
  watch: Watch,
  stays: number,
  measured: (messages: number, work: () => Promise<unknown>) => Promise<Pass>,
  say: World['say'],
): Promise<Pick<WatchingResult, 'rejudged' | 'fed'>> {
  let fed = 0;
  const feed = async (until: (waited: readonly number[]) => boolean): Promise<number> => {
    const waited: number[] = [];
    while (!until(waited)) {
      const begun = performance.now();
      await watch.events(...Array.from({ length: 10 }, () => ordered(`fed${fed++}`, '20')));
      waited.push(performance.now() - begun);
      await new Promise((resolve) => setTimeout(resolve, FED_EVERY));
    }
    return percentile(waited, 0.99);
  };
  const before = await feed((waited) => waited.length >= FED_BEFORE);
  forgetStays(watch);
  let isPassed = false;
  let tenths = 0;
  const feeding = feed(() => isPassed);
  const rejudged = await measured(stays, () =>
    watch
      .rejudgedAfterAChange((share) => {
        if (Math.floor(share * 10) === tenths) return;
        tenths = Math.floor(share * 10);
        say(`watching: ${tenths * 10} % of ${stays} stays judged by new rules, ${fed} events applied meanwhile`);
      })
      .finally(() => (isPassed = true)),
  );
  return { rejudged, fed: [before, await feeding] };
}

/** By another version of the county no stay that is in memory counts: each is read, as one is that fell due days after its messages. */
function forgetStays(watch: Watch): void {
  watch.county = { ...watch.county, version: `${watch.county.version} later` };
}

/** A stay with a need whose ward has to order the notice within a day, and has not. */
const ordered = (visit: string, day: string): StayEvent =>
  message('A01', {
    ...{ visit, person: String(190_000_000_000 + ++persons), sent: `${day} 08:30` },
    ...{ facts: [need('SOC', `${day} 08:00`)], terms: { ins: 'ordered' } },
    encounter: { start: stated(`${day} 08:00`) },
  });
let persons = 0;

const twoDigits = (day: number): string => String(day).padStart(2, '0');

async function openDue(watch: Watch, day: number, count: number): Promise<void> {
  for (let from = 0; from < count; from += AT_ONCE) {
    const visits = Array.from({ length: AT_ONCE }, (_, n) => `due${day}-${from + n}`);
    await watch.events(...visits.map((visit) => ordered(visit, twoDigits(day))));
  }
}

const AT_A_TIME = 20_000;
/** The ends of ids, by what they are of. */
const [STAY, EVENT, INBOUND, PATIENT] = [1, 2, 3, 4].map((kind) => `0000-4000-8000-00000000000${kind}`) as [
  string,
  string,
  string,
  string,
];

/**
 * $1 and $2: from which number to which. All that is kept of one stay, under other ids: spread evenly, as ours are, and in the order
 * in which they are put in, which is many times as fast.
 */
async function openOthers(watch: Watch, count: number): Promise<void> {
  const one = ordered('other', '20');
  await watch.events(one);
  const step = Math.floor(2 ** 32 / (count + 1));
  const id = (kind: string): string => `lpad(to_hex(n::bigint * ${step}), 8, '0') || '-${kind}'`;
  const written = [
    ...[one.stayId, id(STAY), one.eventId, id(EVENT), one.inboundId, id(INBOUND), one.patientId, id(PATIENT)],
  ];
  const body = (column: string): string => {
    let text = column;
    for (let at = 0; at < written.length; at += 2) text = `replace(${text}, '${written[at]}', ${written[at + 1]})`;
    return text;
  };
  const numbers = 'generate_series($1::int, $2::int) n';
  const tables = [
    `insert into person (patient_id) select ${id(PATIENT)} from ${numbers}`,
    `insert into stay (stay_id) select ${id(STAY)} from ${numbers}`,
    `insert into event (event_id, stay_id, inbound_id, patient_id, intake_at, published_at, body)
     select ${id(EVENT)}, ${id(STAY)}, ${id(INBOUND)}, ${id(PATIENT)}, e.intake_at, e.published_at, ${body('e.body')}
     from ${numbers}, event e where e.event_id = '${one.eventId}'`,
    `insert into deadline (stay_id, name, at)
     select ${id(STAY)}, d.name, d.at from ${numbers}, deadline d where d.stay_id = '${one.stayId}'`,
    `insert into followed_stay (stay_id, month, organisation, profile)
     select ${id(STAY)}, f.month, f.organisation, f.profile from ${numbers}, followed_stay f where f.stay_id = '${one.stayId}'`,
    `insert into stay_span (stay_id, patient_id, admitted_at, unplanned, stated_by)
     select ${id(STAY)}, ${id(PATIENT)}, s.admitted_at, s.unplanned, ${id(EVENT)}
     from ${numbers}, stay_span s where s.stay_id = '${one.stayId}'`,
  ];
  for (let from = 1; from <= count; from += AT_A_TIME)
    for (const text of tables) await watch.pool.query(text, [from, Math.min(count, from + AT_A_TIME - 1)]);
}

/**
 * What PostgreSQL has put off is done before anything is measured, or it would do it meanwhile: dead rows, statistics, pages that
 * are not written yet. Nothing takes on what was said here; it is thrown away, so that it does not grow from sweep to sweep.
 */
async function settle({ pool }: Watch): Promise<void> {
  // Of a million rows it takes longer than a pool of ours waits.
  const client = new pg.Client({ connectionString: pool.options.connectionString });
  await client.connect();
  try {
    for (const work of ['truncate watcher.outbox', 'vacuum analyze', 'checkpoint']) await client.query(work);
  } finally {
    await client.end();
  }
}

/** Of a sweep with many against one with few. */
const SWEEP_GOAL = 1.2;

/** What was measured, in words, and whether it is good enough. */
export function watchingRows(
  result: WatchingResult,
): [what: string, ours: string, other: string, result: string, goal: string][] {
  const { open, few, many, rejudged, fed } = result;
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
    [
      `a stay judged again by new rules, of ${open[1]}`,
      each(rejudged),
      '',
      `${hours.toFixed(1)} h of processor a million`,
      '',
    ],
    [
      'ten events while that goes on, p99; before it',
      `${fed[1].toFixed(0)} ms`,
      `${fed[0].toFixed(0)} ms`,
      `${Math.round(rejudged.perSecond)} stays/s`,
      '',
    ],
  ];
}
