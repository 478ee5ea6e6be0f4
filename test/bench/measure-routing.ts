import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BenchOptions } from './options.ts';
import { Child, type MemoryUse } from './child.ts';

/** What one process reads, keeps and decides; a rate is of one core, as a process has one thread for it. */
export interface RoutingResult {
  readonly parties: number;
  readonly ranges: number;
  /** Reading and checking the files, ms of processor time. */
  readonly importMs: number;
  readonly memory: MemoryUse;
  readonly decidedPerSecond: number;
  /** With every reason in words and rules. */
  readonly explainedPerSecond: number;
}

const PARTIES = 5_000;
const STREETS = 20_000;
const RANGES_A_STREET = 10;
const HOUSES = 100;
const BOARDS = ['bromma', 'farsta', 'skarpnack', 'skarholmen', 'sodermalm', 'kungsholmen'];

/** The demonstration county with very many clinics, and a register of 200 000 ranges. */
export async function measureRouting({ rounds }: Pick<BenchOptions, 'rounds'>): Promise<RoutingResult> {
  const folder = mkdtempSync(join(tmpdir(), 'bryggan-bench-routing-'));
  const [partiesFile, addressesFile] = [join(folder, 'parties.json'), join(folder, 'addresses.csv')];
  writeFileSync(partiesFile, manyParties());
  writeFileSync(addressesFile, manyAddresses());
  const child = await Child.start('routing-child.js', { partiesFile, addressesFile, seconds: rounds });
  try {
    const memory = (await child.ask('memory')) as MemoryUse;
    const decidedPerSecond = (await child.ask('decided')) as number;
    const explainedPerSecond = (await child.ask('explained')) as number;
    const ready = child.ready as Pick<RoutingResult, 'parties' | 'ranges' | 'importMs'>;
    return { ...ready, memory, decidedPerSecond, explainedPerSecond };
  } finally {
    await child.stop();
    rmSync(folder, { recursive: true });
  }
}

/** Goals of one core: decisions a second; MB resident with the directory loaded; an import, s. */
const GOALS = { decisions: 50_000, memory: 300, importSeconds: 10 } as const;

/** What was measured, in words, and whether it is good enough. */
export function routingRows(result: RoutingResult): [what: string, ours: string, reached: boolean, goal: string][] {
  const { parties, ranges, importMs, memory, decidedPerSecond, explainedPerSecond } = result;
  const rate = (perSecond: number): string => `${Math.round(perSecond)}/s`;
  const directory = `a directory of ${parties} parties and ${ranges} address ranges`;
  const seconds = `${(importMs / 1000).toFixed(1)} s`;
  const megabytes = `${Math.round(memory.rss)} MB (heap ${Math.round(memory.heap)})`;
  return [
    [
      'routing decisions, one core',
      rate(decidedPerSecond),
      decidedPerSecond >= GOALS.decisions,
      `${GOALS.decisions}/s`,
    ],
    ['the same, with every reason', rate(explainedPerSecond), true, ''],
    [`${directory}, read and checked`, seconds, importMs < 1000 * GOALS.importSeconds, `< ${GOALS.importSeconds} s`],
    ['the same, in memory', megabytes, memory.rss < GOALS.memory, `< ${GOALS.memory} MB`],
  ];
}

function manyParties(): string {
  const { parties } = JSON.parse(readFileSync('deploy/county/parties.json', 'utf8')) as { parties: { id: string }[] };
  const clinic = parties.find(({ id }) => id === 'SE2321000016-2401');
  const more = Array.from({ length: PARTIES - parties.length }, (_, n) => {
    const id = `SE2321000016-9${String(n).padStart(5, '0')}`;
    return { ...clinic, id, hsaId: id, name: `Mottagning ${n}` };
  });
  return JSON.stringify({ parties: [...parties, ...more] });
}

function manyAddresses(): string {
  const rows = ['municipality,street,low,high,parity,board,from,to'];
  const width = HOUSES / RANGES_A_STREET;
  for (let street = 0; street < STREETS; street++) {
    for (let n = 0; n < RANGES_A_STREET; n++) {
      const board = BOARDS[(street + n) % BOARDS.length] ?? '';
      const [low, high] = [1 + n * width, (n + 1) * width];
      rows.push(`0180,Gata ${'ABCDEFGHIJ'.charAt(street % 10)}${street},${low},${high},all,0180-${board},2018-01-01,`);
    }
  }
  return `${rows.join('\n')}\n`;
}
