import { parseArgs } from 'node:util';
import { ANSWERED_CODES, makeAnsweringCounty } from '../../apps/simulator/src/county/answering.ts';
import { makeCounty } from '../../apps/simulator/src/county/county.ts';
import { HOSPITALS } from '../../apps/simulator/src/county/hospitals.ts';
import { isTold, responsibleFor } from '../../apps/simulator/src/county/truth.ts';
import { ORDINARY, SPECIAL } from '../../apps/simulator/src/scenarios/catalogue.ts';
import { judgedByRules, type Named } from './judged-by-rules.ts';

/*
 * `npm run simulate:rules -- [--stays N] [--seeds A-B]`: counties are made and judged by translator and rules alone, without the
 * hub, so that many can be tried. Per code over all seeds: expected, found, missed, false and laid on the wrong party. The exit
 * code is 1 unless the last three are zero.
 */

const START = Date.parse('2026-03-25T04:00:00Z');

/** What a stage of the hub that stands still does to a stay only the whole hub can show. */
const NEEDS_THE_HUB = new Set(
  [...SPECIAL, ...ORDINARY].filter(({ during }) => during !== undefined).map(({ name }) => name),
);

interface Count {
  expected: number;
  found: number;
  missed: number;
  false: number;
  wrongParty: number;
}

/** Counts one stay: what had to be there, and what was. */
function count(counts: Map<string, Count>, expected: readonly Named[], found: readonly Named[]): boolean {
  let isRight = true;
  for (const code of new Set([...expected, ...found].map((one) => one.code))) {
    const parties = (all: readonly Named[]): string[] =>
      all.filter((one) => one.code === code).map(({ party }) => party);
    const [wanted, named] = [parties(expected), parties(found)];
    const missing = without(wanted, named);
    const extra = without(named, wanted);
    const wrongParty = Math.min(missing.length, extra.length);
    const known = counts.get(code) ?? { expected: 0, found: 0, missed: 0, false: 0, wrongParty: 0 };
    known.expected += wanted.length;
    known.found += named.length;
    known.missed += missing.length - wrongParty;
    known.false += extra.length - wrongParty;
    known.wrongParty += wrongParty;
    counts.set(code, known);
    isRight &&= missing.length + extra.length === 0;
  }
  return isRight;
}

/** What is in one list and not in the other, as often as it is. */
function without(all: readonly string[], others: readonly string[]): string[] {
  const left = [...others];
  return all.filter((one) => {
    const at = left.indexOf(one);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

const say = (line: string): void => void process.stdout.write(`${line}\n`);

function main(args: readonly string[]): number {
  const { values } = parseArgs({
    args: [...args],
    options: { stays: { type: 'string', default: '1000' }, seeds: { type: 'string', default: '1-3' } },
  });
  const [first = 1, last = first] = values.seeds.split('-').map(Number);
  const stays = Number(values.stays);
  const counts = new Map<string, Count>();
  let wrong = 0;
  const compare = (seed: string, visit: string, expected: readonly Named[], found: readonly Named[]): void => {
    if (count(counts, expected, found)) return;
    wrong++;
    const text = (all: readonly Named[]): string => all.map(({ code, party }) => `${code} of ${party}`).join(', ');
    if (wrong <= 20) say(`seed ${seed}, ${visit}: expected ${text(expected)}; found ${text(found)}`);
  };
  for (let n = first; n <= last; n++) {
    const seed = String(n);
    const began = performance.now();
    const wards = makeCounty(stays, seed, START);
    const judged = judgedByRules(wards);
    for (const { visit, scenario, hospital, truth } of wards.stays) {
      if (NEEDS_THE_HUB.has(scenario)) continue;
      const partyOf = (code: (typeof truth.deviations)[number]): string =>
        responsibleFor(code) === 'hub' ? 'hub' : HOSPITALS[hospital].organisation;
      const expected = truth.deviations.map((code) => ({ code, party: partyOf(code) }));
      const found = (judged.get(visit) ?? []).filter(({ code }) => isTold(truth, code));
      compare(seed, visit, expected, found);
    }
    const answering = makeAnsweringCounty(stays, seed, START);
    const answered = judgedByRules(answering);
    for (const { visit, laid } of answering.stays) {
      const found = (answered.get(visit) ?? []).filter(({ code }) => ANSWERED_CODES.has(code));
      compare(seed, visit, laid, found);
    }
    say(
      `seed ${seed}: ${2 * stays} stays in ${((performance.now() - began) / 1000).toFixed(0)} s, ${wrong} wrong so far`,
    );
  }
  say('\ncode     expected    found   missed    false  wrong party');
  for (const [code, one] of [...counts].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const cells = [one.expected, one.found, one.missed, one.false].map((cell) => String(cell).padStart(8));
    say(`${code.padEnd(8)} ${cells.join(' ')} ${String(one.wrongParty).padStart(12)}`);
  }
  return wrong === 0 ? 0 : 1;
}

process.exitCode = main(process.argv.slice(2));
