import { cpus, totalmem } from 'node:os';
import type { IngressResult } from './measure-ingress.ts';
import type { LatencyResult } from './measure-latency.ts';
import { CONNECTIONS, type LineResult } from './measure-line.ts';
import type { MemoryAt } from './measure-memory.ts';
import type { Comparison, Pass } from './pass.ts';

export interface Results {
  readonly ingress?: IngressResult;
  readonly line?: LineResult;
  readonly latency?: LatencyResult;
  readonly memory?: readonly MemoryAt[];
}

type Row = readonly [what: string, ours: string, raw: string, result: string, goal: string];

/** The table of a run, for a person. */
export function report(results: Results): string {
  const { ingress, line, latency, memory } = results;
  const rows: Row[] = [['', 'Bryggan', 'raw parts', 'result', 'goal']];
  if (ingress) {
    rows.push(compared('ingress alone, 32 connections; 32 senders', ingress.bySenders, 50));
    rows.push(compared('the same; 128 senders', ingress.byMessages));
  }
  CONNECTIONS.forEach((connections, at) => {
    const comparison = line?.comparisons[at];
    if (comparison) rows.push(compared(`whole line, ${connections} connections`, comparison, 60));
  });
  if (latency) {
    const { ours, raw } = latency;
    const cpu = `CPU ${ours.cpu.toFixed(1)}, ${raw.cpu.toFixed(1)} ms each`;
    const verdictOfP99 = verdict(ours.told.p99 < 50);
    rows.push(['last byte in to AA, 200/s, p50 / p99', both(ours.acknowledged), both(raw.acknowledged), cpu, '']);
    rows.push([
      'last byte in to notice, 200/s, p50 / p99',
      both(ours.told),
      both(raw.told),
      verdictOfP99,
      'p99 < 50 ms',
    ]);
  }
  if (memory && memory.length > 1) rows.push(memoryRow(memory));
  const machine = `${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}, ${Math.round(totalmem() / 1e9)} GB, Node ${process.version}`;
  return `${machine}\n${table(rows)}`;
}

function compared(what: string, { ours, raw }: Comparison, goal?: number): Row {
  const part = (100 * ours.perSecond) / raw.perSecond;
  const result = `${part.toFixed(0)} %${goal === undefined ? '' : ` ${verdict(part >= goal)}`}`;
  return [what, passed(ours), passed(raw), result, goal === undefined ? '' : `${goal} %`];
}

const passed = ({ perSecond, cpu }: Pass): string => `${Math.round(perSecond)}/s, ${cpu.toFixed(2)} ms CPU`;

/** Flat: the second half of the way adds no more than a tenth to the heap's and the process's largest of the first. */
function memoryRow(memory: readonly MemoryAt[]): Row {
  const half = memory.length >> 1;
  const largest = (part: readonly MemoryAt[]): number => Math.max(...part.map(({ rss }) => rss));
  const [first, second] = [largest(memory.slice(0, half)), largest(memory.slice(half))];
  const heap = Math.max(...memory.map((at) => at.heap));
  const flat = second <= 1.1 * first;
  const what = `memory over ${memory.at(-1)?.messages ?? 0} messages, largest of each half`;
  const ours = `${Math.round(first)}, ${Math.round(second)} MB (heap ${Math.round(heap)})`;
  return [what, ours, '', verdict(second < 400 && flat), '< 400 MB, flat'];
}

const both = ({ p50, p99 }: { p50: number; p99: number }): string => `${p50.toFixed(1)} / ${p99.toFixed(1)} ms`;
const verdict = (reached: boolean): string => (reached ? 'reached' : 'missed');

function table(rows: readonly Row[]): string {
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows
    .map((row) =>
      row
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
