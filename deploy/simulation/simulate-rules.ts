import { parseArgs } from 'node:util';
import { ANSWERED_CODES, makeAnsweringCounty } from '../../apps/simulator/src/county/answering.ts';
import { makeCounty } from '../../apps/simulator/src/county/county.ts';
import { HOSPITALS } from '../../apps/simulator/src/county/hospitals.ts';
import { isTold, responsibleFor } from '../../apps/simulator/src/county/truth.ts';
import { ORDINARY, SPECIAL } from '../../apps/simulator/src/scenarios/catalogue.ts';
import { countStay, nothing, type Counting } from '../../apps/simulator/src/score/code-report.ts';
import { judgedByRules, type Named } from './judged-by-rules.ts';

/*
 * `npm run simulate:rules -- [--stays N] [--seeds A-B]`: counties are made and judged by translator and rules alone, without the
 * hub, so that many can be tried. Of each seed, and per code over all of them: expected, found, missed, false, laid on the wrong
 * party, and of a wrong time (said before its deadline by what was known then, or of a deadline other than the calendar's). The
 * exit code is 1 unless the last four are zero.
 */

const START = Date.parse('2026-03-25T04:00:00Z');

/** What a stage of the hub that stands still does to a stay only the whole hub can show. */
const NEEDS_THE_HUB = new Set(
  [...SPECIAL, ...ORDINARY].filter(({ during }) => during !== undefined).map(({ name }) => name),
);

const MOST_SHOWN = 20;
const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** The counts of one seed, by code. */
class SeedCounts {
  readonly byCode = new Map<string, Counting>();
  readonly #seed: string;
  #shown = 0;

  constructor(seed: string) {
    this.#seed = seed;
  }

  /** Counts one stay: what had to be there, and what was. What is not as it had to be is shown. */
  compare(visit: string, expected: readonly Named[], found: readonly Named[]): void {
    const before = wrongIn(sumOf(this.byCode.values()));
    countStay(expected, found, (code) => this.#of(code));
    for (const { code, isTooEarly } of found) if (isTooEarly === true) this.#of(code).wrongTime++;
    for (const wanted of expected) if (isOfAnotherTime(wanted, found)) this.#of(wanted.code).wrongTime++;
    if (wrongIn(sumOf(this.byCode.values())) === before || ++this.#shown > MOST_SHOWN) return;
    say(`seed ${this.#seed}, ${visit}: expected ${listed(expected)}; found ${listed(found)}`);
  }

  #of(code: string): Counting {
    const counting = this.byCode.get(code) ?? nothing();
    this.byCode.set(code, counting);
    return counting;
  }
}

/** True where the calendar tells a deadline, and what was found of that code and party has another. */
function isOfAnotherTime({ code, party, due }: Named, found: readonly Named[]): boolean {
  const same = found.filter((one) => one.code === code && one.party === party);
  return due !== undefined && same.length > 0 && !same.some((one) => one.due === due);
}

function listed(all: readonly Named[]): string {
  const time = (due?: number): string => (due === undefined ? '' : ` due ${new Date(due).toISOString()}`);
  return all
    .map(({ code, party, due, isTooEarly }) => `${code} of ${party}${time(due)}${isTooEarly === true ? ' EARLY' : ''}`)
    .join(', ');
}

const COLUMNS = ['expected', 'found', 'missed', 'false', 'wrongParty', 'wrongTime'] as const;
const row = (name: string, counting: Counting): string =>
  `${name.padEnd(8)}${COLUMNS.map((column) => String(counting[column]).padStart(11)).join('')}`;

const wrongIn = ({ missed, false: untrue, wrongParty, wrongTime }: Counting): number =>
  missed + untrue + wrongParty + wrongTime;

function sumOf(all: Iterable<Counting>): Counting {
  const sum = nothing();
  for (const one of all) for (const column of COLUMNS) sum[column] += one[column];
  return sum;
}

/** A county whose wards send what they send, and one whose municipality and clinic answer. */
function countsOf(stays: number, seed: string): SeedCounts {
  const counts = new SeedCounts(seed);
  const wards = makeCounty(stays, seed, START);
  const judged = judgedByRules(wards);
  for (const { visit, scenario, hospital, truth } of wards.stays) {
    if (NEEDS_THE_HUB.has(scenario)) continue;
    const partyOf = (code: (typeof truth.deviations)[number]): string =>
      responsibleFor(code) === 'hub' ? 'hub' : HOSPITALS[hospital].organisation;
    const expected = truth.deviations.map((code) => ({ code, party: partyOf(code) }));
    counts.compare(
      visit,
      expected,
      (judged.get(visit) ?? []).filter(({ code }) => isTold(truth, code)),
    );
  }
  const answering = makeAnsweringCounty(stays, seed, START);
  const answered = judgedByRules(answering);
  for (const { visit, laid } of answering.stays)
    counts.compare(
      visit,
      laid,
      (answered.get(visit) ?? []).filter(({ code }) => ANSWERED_CODES.has(code)),
    );
  return counts;
}

function main(args: readonly string[]): number {
  const { values } = parseArgs({
    args: [...args],
    options: { stays: { type: 'string', default: '1000' }, seeds: { type: 'string', default: '1-3' } },
  });
  const [first = 1, last = first] = values.seeds.split('-').map(Number);
  const stays = Number(values.stays);
  const counts = new Map<string, Counting>();
  say(`${''.padEnd(8)}${COLUMNS.map((column) => column.padStart(11)).join('')}`);
  for (let n = first; n <= last; n++) {
    const began = performance.now();
    const { byCode } = countsOf(stays, String(n));
    for (const [code, one] of byCode) counts.set(code, sumOf([counts.get(code) ?? nothing(), one]));
    const seconds = ((performance.now() - began) / 1000).toFixed(0);
    say(`${row(`seed ${n}`, sumOf(byCode.values()))}   ${2 * stays} stays, ${seconds} s`);
  }
  say('');
  for (const [code, one] of [...counts].sort(([a], [b]) => (a < b ? -1 : 1))) say(row(code, one));
  return wrongIn(sumOf(counts.values())) === 0 ? 0 : 1;
}

process.exitCode = main(process.argv.slice(2));
