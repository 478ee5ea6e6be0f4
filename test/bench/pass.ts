import { readFileSync } from 'node:fs';

/** What the processes of a part have used so far. */
export interface Use {
  /** Processor time of all threads, ms; of PostgreSQL also that of sessions that have ended. Holds on a busy machine, where a rate does not. */
  readonly cpu: number;
  /** System calls that write (`write`, `writev`; PostgreSQL's `send` is none of them). */
  readonly writes: number;
}

const MS_PER_TICK = 10;

/** In: the process of a part. Out: what it and its children have used. */
function useOf(pid: number): Use {
  const stat = read(pid, 'stat');
  // The name in field 2 may hold blanks and parentheses: count from the last one. utime, stime, and those of ended children.
  const times = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 15);
  const own = {
    cpu: times.reduce((sum, ticks) => sum + Number(ticks) * MS_PER_TICK, 0),
    writes: Number(/^syscw: (\d+)$/m.exec(read(pid, 'io'))?.[1] ?? 0),
  };
  const children = read(pid, `task/${pid}/children`).split(' ').filter(Boolean).map(Number);
  return children.map(useOf).reduce((sum, use) => ({ cpu: sum.cpu + use.cpu, writes: sum.writes + use.writes }), own);
}

/** Empty for a process that has ended meanwhile. */
function read(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1');
  } catch {
    return '';
  }
}

/** The parts whose processor time a message costs. */
export const PARTS = ['line', 'postgres', 'kafka'] as const;
export type Part = (typeof PARTS)[number];

/** One measured pass of one side. */
export interface Pass {
  readonly perSecond: number;
  /** Processor time of each part per message, ms. */
  readonly cpu: Readonly<Record<Part, number>>;
  /** Write calls of the line's own process per message. */
  readonly writes: number;
  /** From the last byte in to the answer, ms: what 99 of 100 messages did not exceed. */
  readonly answeredP99: number;
  /** Mean records per transaction or request, by stage; empty where the line does not tell. */
  readonly batches: Readonly<Record<string, number>>;
}

/** What a stage has done so far. */
export interface Counted {
  readonly batches: number;
  readonly records: number;
}

export interface Measured {
  readonly pids: Readonly<Record<Part, number>>;
  readonly messages: number;
  /** What the stages have done so far; a line that does not tell has none. */
  readonly counts: () => Promise<Readonly<Record<string, Counted>>>;
  /** Sends the messages and waits until nothing of them waits anywhere. Out: ms from each last byte to its answer. */
  readonly work: () => Promise<readonly number[]>;
}

/** Measures one pass: rate, what each part used, batches. */
export async function measurePass({ pids, messages, counts, work }: Measured): Promise<Pass> {
  const uses = (): Record<Part, Use> => ({
    line: useOf(pids.line),
    postgres: useOf(pids.postgres),
    kafka: useOf(pids.kafka),
  });
  const [before, counted, begin] = [uses(), await counts(), performance.now()];
  const answered = await work();
  const [seconds, after] = [(performance.now() - begin) / 1000, uses()];
  const each = (part: Part): number => (after[part].cpu - before[part].cpu) / messages;
  const means = Object.entries(await counts()).map(([stage, now]): [string, number] => {
    const { batches, records } = counted[stage] ?? { batches: 0, records: 0 };
    return [stage, (now.records - records) / Math.max(1, now.batches - batches)];
  });
  return {
    perSecond: messages / seconds,
    cpu: { line: each('line'), postgres: each('postgres'), kafka: each('kafka') },
    writes: (after.line.writes - before.line.writes) / messages,
    answeredP99: percentile(answered, 0.99),
    batches: Object.fromEntries(means),
  };
}

/** The same work by both sides: the medians of their passes. */
export interface Comparison {
  readonly ours: Pass;
  readonly raw: Pass;
}

export function compare(ours: readonly (Pass | undefined)[], raw: readonly (Pass | undefined)[]): Comparison {
  return { ours: middle(ours), raw: middle(raw) };
}

export function middle(passes: readonly (Pass | undefined)[]): Pass {
  const known = passes.filter((pass) => pass !== undefined);
  const of = (pick: (pass: Pass) => number): number => percentile(known.map(pick), 0.5);
  const stages = new Set(known.flatMap(({ batches }) => Object.keys(batches)));
  return {
    perSecond: of(({ perSecond }) => perSecond),
    cpu: {
      line: of(({ cpu }) => cpu.line),
      postgres: of(({ cpu }) => cpu.postgres),
      kafka: of(({ cpu }) => cpu.kafka),
    },
    writes: of(({ writes }) => writes),
    answeredP99: of(({ answeredP99 }) => answeredP99),
    batches: Object.fromEntries([...stages].map((stage) => [stage, of(({ batches }) => batches[stage] ?? 0)])),
  };
}

/** The processor time of all parts together, ms per message. */
export const totalCpu = ({ cpu }: Pass): number => PARTS.reduce((sum, part) => sum + cpu[part], 0);

/** A pass in words. */
export function shown(pass: Pass | undefined): string {
  if (!pass) return 'nothing';
  const parts = PARTS.map((part) => pass.cpu[part].toFixed(2)).join(' + ');
  const batches = Object.entries(pass.batches).map(([stage, size]) => `${stage} ${size.toFixed(1)}`);
  const mean = batches.length > 0 ? `; batches ${batches.join(', ')}` : '';
  return (
    `${Math.round(pass.perSecond)}/s, ${totalCpu(pass).toFixed(2)} ms (${parts}), ` +
    `AA p99 ${pass.answeredP99.toFixed(0)} ms, ${pass.writes.toFixed(1)} writes${mean}`
  );
}

/** The value that this part of all does not exceed; NaN of none. */
export function percentile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(sorted.length * part) - 1))] ?? NaN;
}
