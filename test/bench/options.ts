/** What a run measures, and how much of it. */
export interface BenchOptions {
  readonly sections: ReadonlySet<Section>;
  /** Rounds of each side; the sides alternate and the median counts. */
  readonly rounds: number;
  readonly ingressMessages: number;
  readonly lineMessages: number;
  readonly warmUpMessages: number;
  readonly latencySeconds: number;
  readonly memoryMessages: number;
  /** Events that the watcher applies, in each round. */
  readonly appliedEvents: number;
  /** Open stays of the two sweeps that are compared; the many are judged again by new rules, too. */
  readonly openStays: readonly [few: number, many: number];
  /** Folder for the hub's CPU profiles, one per start of it. */
  readonly profileDir: string | undefined;
}

const SECTIONS = [
  'ingress',
  'line',
  'nobody',
  'latency',
  'memory',
  'routing',
  'parsing',
  'messages',
  'watching',
  'applying',
] as const;
export type Section = (typeof SECTIONS)[number];

type Sizes = Omit<BenchOptions, 'sections' | 'profileDir'>;

const FULL: Sizes = {
  rounds: 3,
  ingressMessages: 60_000,
  lineMessages: 15_000,
  warmUpMessages: 5_000,
  latencySeconds: 60,
  memoryMessages: 200_000,
  appliedEvents: 20_000,
  openStays: [10_000, 100_000],
};
const QUICK: Sizes = {
  rounds: 1,
  ingressMessages: 15_000,
  lineMessages: 4_000,
  warmUpMessages: 2_000,
  latencySeconds: 10,
  memoryMessages: 20_000,
  appliedEvents: 5_000,
  openStays: [1_000, 10_000],
};

/**
 * `--quick` a short run; `--stays 1000000` the many open stays that a sweep is tried among; `--only ingress,line,nobody,latency,memory,routing,parsing,messages,watching,applying` some of it; `--rounds N`; `--profile DIR`.
 * @throws Error that names what is wrong
 */
export function readOptions(args: readonly string[]): BenchOptions {
  const rest = [...args];
  let sizes: Sizes = FULL;
  let sections: readonly Section[] = SECTIONS;
  let rounds: number | undefined;
  let stays: number | undefined;
  let profileDir: string | undefined;
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === '--quick') sizes = QUICK;
    else if (word === '--only') sections = sectionsOf(rest.shift() ?? '');
    else if (word === '--stays') stays = wholeNumber(rest.shift() ?? '');
    else if (word === '--rounds') rounds = wholeNumber(rest.shift() ?? '');
    else if (word === '--profile') profileDir = rest.shift() ?? '.';
    else
      throw new Error(
        `${word} is no option: --quick, --only ${SECTIONS.join(',')}, --rounds N, --stays N, --profile DIR`,
      );
  }
  const [few, many] = sizes.openStays;
  return {
    ...sizes,
    openStays: [few, stays ?? many],
    rounds: rounds ?? sizes.rounds,
    sections: new Set(sections),
    profileDir,
  };
}

function sectionsOf(text: string): Section[] {
  return text.split(',').map((name) => {
    const section = SECTIONS.find((one) => one === name);
    if (section === undefined) throw new Error(`${name} is none of ${SECTIONS.join(', ')}`);
    return section;
  });
}

function wholeNumber(text: string): number {
  if (/^[1-9]\d{0,6}$/.test(text)) return Number(text);
  throw new Error(`${text} is no number of rounds or stays`);
}
