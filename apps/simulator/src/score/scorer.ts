import type { StayPlan } from '../county/county.ts';
import { readable } from '../county/county-time.ts';
import { HOSPITALS } from '../county/hospitals.ts';
import { CATEGORIES, CODES, isTold, responsibleFor, type Responsible, type Truth } from '../county/truth.ts';
import { codeReport, isAsExpected, saidTooEarly, type CodeCount } from './code-report.ts';
import { unseen, type Attributed, type Observation, type SeenStay } from './observation.ts';

/** How well one code (or kind of notice) was met over all stays. */
export interface Measure {
  readonly name: string;
  /** How often it had to be there. */
  readonly injected: number;
  /** How often it was there. */
  readonly flagged: number;
  /** How often it was there and had to be, stay by stay. */
  readonly hits: number;
}

/** One stay that is not as it had to be. */
export interface Difference {
  readonly visit: string;
  readonly scenario: string;
  /** `deviations`, `tasks`, or the party whose notices differ. */
  readonly of: string;
  readonly expected: string;
  readonly found: string;
}

export interface Score {
  readonly codes: readonly Measure[];
  /** Notices that hold, by category, over all parties. */
  readonly notices: readonly Measure[];
  /** The admission notices, by recipient. */
  readonly recipients: readonly Measure[];
  readonly differences: readonly Difference[];
  /** Codes that no stay injected: then nothing is known of them. */
  readonly neverInjected: readonly string[];
  readonly byCode: readonly CodeCount[];
  readonly passed: boolean;
}

/** Of what was flagged, how much was right; 1 when nothing was flagged. */
export function precision({ flagged, hits }: Measure): number {
  return flagged === 0 ? 1 : hits / flagged;
}

/** Of what was injected, how much was flagged; 1 when nothing was injected. */
export function recall({ injected, hits }: Measure): number {
  return injected === 0 ? 1 : hits / injected;
}

/** True when nothing is missing and nothing is too much. */
export function isPerfect(measure: Measure): boolean {
  return measure.hits === measure.injected && measure.hits === measure.flagged;
}

interface Compared {
  readonly visit: string;
  readonly scenario: string;
  readonly expected: Found;
  readonly found: Found;
}

/** A stay as bags of names: deviations by code and by whose they are, notices by party and category, Tasks by owner. */
interface Found {
  readonly deviations: ReadonlyMap<string, number>;
  readonly attributed: ReadonlyMap<string, number>;
  readonly notices: ReadonlyMap<string, ReadonlyMap<string, number>>;
  /** Each once: how many of a code an owner has is not said outside. */
  readonly tasks: ReadonlyMap<string, number>;
}

/**
 * Compares what the hub shows with what had to come of each stay. A stay that the hub shows and no plan explains counts as
 * wholly unexpected. It passes when every measure is 1, no stay differs, and every code was injected at least once.
 * @param isWhole false: only some kinds of faults were injected, and other codes may be missing
 */
export function score(plans: readonly StayPlan[], observation: Observation, isWhole = true): Score {
  const stays = compared(plans, observation);
  const codes = measures(stays, ({ deviations }) => deviations, CODES);
  const notices = measures(stays, (found) => inAll(found.notices, (_, category) => category), CATEGORIES);
  const admissions = ({ notices: all }: Found) =>
    inAll(all, (party, category) => (category === 'INS' ? party : undefined));
  const differences = [
    ...stays.flatMap(differencesOf),
    ...plans.flatMap((plan) => [...otherWords(plan, observation), ...tooEarly(plan, observation)]),
  ];
  const neverInjected = isWhole
    ? codes.filter(({ name, injected }) => isCode(name) && injected === 0).map(({ name }) => name)
    : [];
  const byCode = codeReport(plans, observation);
  return {
    codes,
    byCode,
    notices,
    recipients: measures(stays, admissions, []),
    differences,
    neverInjected,
    passed:
      differences.length === 0 &&
      neverInjected.length === 0 &&
      isAsExpected(byCode) &&
      [...codes, ...notices].every(isPerfect),
  };
}

const isCode = (name: string): boolean => (CODES as readonly string[]).includes(name);

function compared(plans: readonly StayPlan[], observation: Observation): Compared[] {
  const planned = plans.map((plan) => ({
    visit: plan.visit,
    scenario: plan.scenario,
    expected: foundOf(asSeen(plan)),
    found: foundOf(toldOf(plan, observation.get(plan.visit) ?? unseen())),
  }));
  const visits = new Set(plans.map(({ visit }) => visit));
  const strays = [...observation].filter(([visit]) => !visits.has(visit));
  const strange = strays.map(([visit, seen]) => ({
    visit,
    scenario: '(not of this county)',
    expected: foundOf(unseen()),
    found: foundOf(seen),
  }));
  return [...planned, ...strange];
}

/** What is seen of a stay, without what its truth tells nothing of. */
function toldOf({ truth }: StayPlan, seen: SeenStay): SeenStay {
  return { ...seen, deviations: seen.deviations.filter(({ code }) => isTold(truth, code)) };
}

/** What the hub would show of a stay if all is as injected. */
function asSeen({ hospital, truth }: StayPlan): SeenStay {
  const partyOf = (responsible: Responsible): string =>
    responsible === 'hospital' ? HOSPITALS[hospital].organisation : responsible;
  return {
    deviations: truth.deviations.map((code) => ({ code, party: partyOf(responsibleFor(code)) })),
    notices: new Map([...truth.notices].map(([party, notices]) => [party, new Map(Object.entries(notices))])),
    information: new Map(),
    statements: [],
    tasks: [...truth.tasks].flatMap(([code, owners]) => owners.map((owner) => ({ code, party: partyOf(owner) }))),
  };
}

function foundOf({ deviations, notices, tasks }: SeenStay): Found {
  return {
    deviations: bag(deviations.map(({ code }) => code)),
    attributed: bag(deviations.map(named)),
    notices,
    tasks: bag([...new Set(tasks.map(named))]),
  };
}

const named = ({ code, party }: Attributed): string => `${code} of ${party}`;

function bag(names: readonly string[]): Map<string, number> {
  const counted = new Map<string, number>();
  for (const name of names) counted.set(name, (counted.get(name) ?? 0) + 1);
  return counted;
}

/** The notices of all parties in one bag, under a name made of party and category; those without a name are left out. */
function inAll(
  notices: Found['notices'],
  named: (party: string, category: string) => string | undefined,
): Map<string, number> {
  const all = new Map<string, number>();
  for (const [party, counted] of notices) {
    for (const [category, count] of counted) {
      const name = named(party, category);
      if (name !== undefined) all.set(name, (all.get(name) ?? 0) + count);
    }
  }
  return all;
}

function measures(
  stays: readonly Compared[],
  of: (found: Found) => ReadonlyMap<string, number>,
  always: readonly string[],
): Measure[] {
  const totals = new Map<string, Measure>(always.map((name) => [name, { name, injected: 0, flagged: 0, hits: 0 }]));
  for (const { expected, found } of stays) {
    const [wanted, got] = [of(expected), of(found)];
    for (const name of new Set([...wanted.keys(), ...got.keys()])) {
      const before = totals.get(name) ?? { name, injected: 0, flagged: 0, hits: 0 };
      const [injected, flagged] = [wanted.get(name) ?? 0, got.get(name) ?? 0];
      totals.set(name, {
        name,
        injected: before.injected + injected,
        flagged: before.flagged + flagged,
        hits: before.hits + Math.min(injected, flagged),
      });
    }
  }
  return [...totals.values()].sort(
    (a, b) => order(a.name, always) - order(b.name, always) || (a.name < b.name ? -1 : 1),
  );
}

function order(name: string, always: readonly string[]): number {
  const place = always.indexOf(name);
  return place < 0 ? always.length : place;
}

function differencesOf({ visit, scenario, expected, found }: Compared): Difference[] {
  const parties = [...new Set([...expected.notices.keys(), ...found.notices.keys()])].sort();
  const pairs: [string, ReadonlyMap<string, number> | undefined, ReadonlyMap<string, number> | undefined][] = [
    ['deviations', expected.attributed, found.attributed],
    ['tasks', expected.tasks, found.tasks],
    ...parties.map(
      (party): [string, ReadonlyMap<string, number> | undefined, ReadonlyMap<string, number> | undefined] => [
        party,
        expected.notices.get(party),
        found.notices.get(party),
      ],
    ),
  ];
  return pairs.flatMap(([of, wanted, got]) => {
    const [should, is] = [listed(wanted), listed(got)];
    return should === is ? [] : [{ visit, scenario, of, expected: should, found: is }];
  });
}

/** The parties whose information does not hold the ward's last words for them, to the letter. */
function otherWords({ visit, scenario, truth }: StayPlan, observation: Observation): Difference[] {
  const informed = [...truth.notices].filter(([, { INFO = 0 }]) => INFO > 0);
  return informed.flatMap(([party]) => {
    const found = observation.get(visit)?.information.get(party) ?? [];
    const missing = lastWordsFor(party, truth).filter((words) => !found.some((told) => told.includes(words)));
    const of = `information to ${party}`;
    return missing.map((words) => ({ visit, scenario, of, expected: words, found: found.join(' | ') || 'nothing' }));
  });
}

/** What was said of a stay before its deadline had passed. */
function tooEarly({ visit, scenario }: StayPlan, observation: Observation): Difference[] {
  const of = 'time';
  return saidTooEarly(observation.get(visit)?.statements ?? []).map(({ code, party, status, due, said }) => ({
    ...{ visit, scenario, of, expected: `${code} of ${party} not before ${readable(due)}` },
    found: `${status} ${readable(said)}`,
  }));
}

/** A municipality or a board has its code as its id; all others are of the region's open care. */
function lastWordsFor(party: string, { information }: Truth): string[] {
  const own = /^\d{4}(-|$)/.test(party) ? ['SOC', 'KHSL'] : ['ROV'];
  const said = information.map((message) =>
    message.filter(({ scopes }) => scopes.some((scope) => own.includes(scope))),
  );
  return said.findLast((message) => message.length > 0)?.map((one) => one.text) ?? [];
}

function listed(counted: ReadonlyMap<string, number> | undefined): string {
  const names = [...(counted ?? [])].filter(([, count]) => count > 0).sort(([a], [b]) => (a < b ? -1 : 1));
  return names.map(([name, count]) => (count === 1 ? name : `${name} x${count}`)).join(', ') || 'nothing';
}
