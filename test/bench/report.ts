import { cpus, totalmem } from 'node:os';
import type { IngressResult } from './measure-ingress.ts';
import type { LatencyResult } from './measure-latency.ts';
import { CONNECTIONS, type MemoryAt } from './measure-line.ts';
import type { MessagesResult } from './measure-messages.ts';
import { routingRows, type RoutingResult } from './measure-routing.ts';
import { parsingRows, type ParsingResult } from './measure-parsing.ts';
import { watchingRows, type WatchingResult } from './measure-watching.ts';
import { PARTS, totalCpu, type Comparison, type Pass } from './pass.ts';

export interface Results {
  readonly ingress?: IngressResult;
  readonly line?: readonly Comparison[];
  readonly nobody?: Pass;
  readonly latency?: LatencyResult;
  readonly memory?: readonly MemoryAt[];
  readonly routing?: RoutingResult;
  readonly parsing?: ParsingResult;
  /** `raw` is MLLP. */
  readonly messages?: MessagesResult;
  readonly watching?: WatchingResult;
  readonly applying?: Comparison;
}

type Row = readonly [what: string, ours: string, raw: string, result: string, goal: string];

/** Of the raw parts' rate. */
const LINE_GOAL = 75;
/** Messages a second of CONNECTIONS. */
const RATE_GOALS = [900, 1200] as const;
/** Processor time of hub, PostgreSQL and Kafka per message at 32 connections, ms. */
const CPU_GOAL = 1.5;
const NOBODY_GOAL = 2000;
/** `$process-message`, of what MLLP takes. */
const MESSAGES_GOAL = 60;
/** Events that the watcher applies, of what raw parts do. */
const APPLYING_GOAL = 50;
/** From the last byte in, ms, p99. */
const LATENCY_GOALS = { answeredAtFullLoad: 40, answered: 15, told: 50 } as const;
const MEMORY_GOAL = 400;

/** The table of a run, as the README has it. */
export function report({
  ingress,
  line,
  nobody,
  latency,
  memory,
  routing,
  parsing,
  messages,
  watching,
  applying,
}: Results): string {
  const rows: Row[] = [];
  if (ingress) {
    rows.push(compared('ingress alone, 32 connections; 32 raw senders', ingress.bySenders, 50));
    rows.push(compared('the same; 128 raw senders', ingress.byMessages));
  }
  CONNECTIONS.forEach((connections, at) => {
    const comparison = line?.[at];
    if (comparison) rows.push(...lineRows(connections, comparison, RATE_GOALS[at] ?? 0));
  });
  if (nobody) {
    const goal = `${NOBODY_GOAL}/s`;
    const reached = reachedOrMissed(nobody.perSecond >= NOBODY_GOAL);
    rows.push(['messages that concern nobody, 32 connections', rate(nobody), '', reached, goal], cpuRow(nobody));
  }
  if (latency) rows.push(...latencyRows(latency));
  if (memory && memory.length > 1) rows.push(memoryRow(memory));
  if (messages) rows.push(...messageRows(messages));
  if (applying) {
    rows.push(
      compared('events that the watcher applies', applying, APPLYING_GOAL),
      cpuRow(applying.ours, applying.raw),
    );
  }
  if (watching) rows.push(...watchingRows(watching));
  if (parsing) rows.push(...parsingRows(parsing));
  if (routing)
    rows.push(
      ...routingRows(routing).map(([what, ours, reached, goal]): Row => [
        what,
        ours,
        '',
        reachedOrMissed(reached),
        goal,
      ]),
    );
  return `${machine()}\n\n${table([['', 'Bryggan', 'raw parts', '', 'goal'], ...rows])}`;
}

function machine(): string {
  return `${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}, ${Math.round(totalmem() / 1e9)} GB, Node ${process.version}`;
}

function messageRows({ fhir, hl7v2, bare }: MessagesResult): Row[] {
  return [
    compared('$process-message, 128 in flight; MLLP', fhir, MESSAGES_GOAL),
    cpuRow(fhir.ours, fhir.raw),
    compared('POST /hl7v2, what MLLP does over HTTP; MLLP', hl7v2),
    cpuRow(hl7v2.ours, hl7v2.raw),
    ['a bare HTTP server with the same FHIR bodies', rate(bare), '', '', ''],
    ['processor time of it alone, a request', `${bare.cpu.line.toFixed(2)} ms`, '', '', ''],
  ];
}

function lineRows(connections: number, comparison: Comparison, goal: number): Row[] {
  const { ours, raw } = comparison;
  const what = `whole line settled, ${connections} connections`;
  const full = connections === Math.max(...CONNECTIONS);
  const p99 = `${ours.answeredP99.toFixed(1)} ms`;
  const rows = [
    compared(what, comparison, LINE_GOAL),
    [
      'the same, messages a second',
      rate(ours),
      rate(raw),
      reachedOrMissed(ours.perSecond >= goal),
      `${goal}/s`,
    ] as const,
    cpuRow(ours, raw, full ? CPU_GOAL : undefined),
    ['write calls of the process per message', ours.writes.toFixed(1), raw.writes.toFixed(1), '', ''] as const,
    ['mean batch by stage', batches(ours), '', '', ''] as const,
  ];
  if (!full) return rows;
  const { answeredAtFullLoad } = LATENCY_GOALS;
  const reached = reachedOrMissed(ours.answeredP99 <= answeredAtFullLoad);
  const rawP99 = `${raw.answeredP99.toFixed(1)} ms`;
  return [...rows, ['last byte in to AA at that load, p99', p99, rawP99, reached, `${answeredAtFullLoad} ms`]];
}

function cpuRow(ours: Pass, raw?: Pass, goal?: number): Row {
  const parts = (pass: Pass): string => PARTS.map((part) => pass.cpu[part].toFixed(2)).join(' + ');
  const cell = (pass: Pass): string => `${totalCpu(pass).toFixed(2)} ms (${parts(pass)})`;
  const what = 'processor per message (process + PostgreSQL + Kafka)';
  const reached = goal === undefined ? '' : reachedOrMissed(totalCpu(ours) <= goal);
  return [what, cell(ours), raw ? cell(raw) : '', reached, goal === undefined ? '' : `${goal} ms`];
}

const batches = (pass: Pass): string =>
  Object.entries(pass.batches)
    .map(([stage, size]) => `${stage} ${size.toFixed(1)}`)
    .join(', ');

function latencyRows({ ours, raw }: LatencyResult): Row[] {
  const row = (what: string, pick: 'told' | 'acknowledged', goal: number): Row => [
    ...([`last byte in to ${what}, 200/s, p50 / p99`, both(ours[pick]), both(raw[pick])] as const),
    ...([reachedOrMissed(ours[pick].p99 <= goal), `p99 ${goal} ms`] as const),
  ];
  return [
    row('AA', 'acknowledged', LATENCY_GOALS.answered),
    row("the party's topic", 'told', LATENCY_GOALS.told),
    cpuRow(ours.pass, raw.pass),
  ];
}

function compared(what: string, { ours, raw }: Comparison, goal?: number): Row {
  const part = (100 * ours.perSecond) / raw.perSecond;
  const result = `${part.toFixed(0)} %${goal === undefined ? '' : ` ${reachedOrMissed(part >= goal)}`}`;
  return [what, rate(ours), rate(raw), result, goal === undefined ? '' : `${goal} %`];
}

const rate = ({ perSecond }: Pass): string => `${Math.round(perSecond)}/s`;

/** Flat: the second half of the way adds no more than a tenth to the heap's and the process's largest of the first. */
function memoryRow(memory: readonly MemoryAt[]): Row {
  const half = memory.length >> 1;
  const largest = (part: readonly MemoryAt[]): number => Math.max(...part.map(({ rss }) => rss));
  const [first, second] = [largest(memory.slice(0, half)), largest(memory.slice(half))];
  const heap = Math.max(...memory.map((at) => at.heap));
  const flat = second <= 1.1 * first;
  const what = `memory over ${memory.at(-1)?.messages ?? 0} messages, largest of each half`;
  const ours = `${Math.round(first)}, ${Math.round(second)} MB (heap ${Math.round(heap)})`;
  return [what, ours, '', reachedOrMissed(second < MEMORY_GOAL && flat), `< ${MEMORY_GOAL} MB, flat`];
}

const both = ({ p50, p99 }: { p50: number; p99: number }): string => `${p50.toFixed(1)} / ${p99.toFixed(1)} ms`;
const reachedOrMissed = (reached: boolean): string => (reached ? 'reached' : 'missed');

function table([head, ...rows]: readonly Row[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head ?? []), line(['---', '---', '---', '---', '---']), ...rows.map(line)].join('\n');
}
