import { ORDINARY, SPECIAL } from '../scenarios/catalogue.ts';
import { FAULT_KINDS, type FaultKind } from '../scenarios/fault-kinds.ts';
import { STANDSTILL } from '../scenarios/out-of-order.ts';
import type { OutOfOrder, Scenario } from '../scenarios/scenario.ts';
import { HOUR, onDay, type Instant } from './county-time.ts';
import { hindsight } from './hindsight.ts';
import { HOSPITALS, type HospitalId } from './hospitals.ts';
import {
  HOMES,
  knownHereOnly,
  PRIVATE_CLINICS,
  PROTECTED,
  PROTECTED_BY_UNKNOWN_CODE,
  REGION_CLINICS,
  registeredPersons,
  WITH_COORDINATION_NUMBER,
  WITH_RESERVE_NUMBER,
  type Person,
} from './people.ts';
import { Random } from './random.ts';
import { CODES, type Look, type Truth } from './truth.ts';
import { WardStay, type Sending } from './ward-stay.ts';

/** A stay as it will be played, and what must come of it. */
export interface StayPlan {
  readonly visit: string;
  readonly scenario: string;
  readonly hospital: HospitalId;
  readonly sendings: readonly Sending[];
  readonly truth: Truth;
  /** What must be seen on the way, and not only at the end. */
  readonly looks?: readonly Look[];
}

/** A time in which a stage of the hub stands still. */
export interface Standstill {
  readonly stage: OutOfOrder;
  readonly from: Instant;
  readonly to: Instant;
}

export interface County {
  readonly start: Instant;
  /** When every deadline of every stay has passed. */
  readonly end: Instant;
  readonly stays: readonly StayPlan[];
  readonly standstills: readonly Standstill[];
}

/**
 * How many of the stays are everyday ones without a need. In life it is most; here the whole catalogue has to have room in
 * a county of the default size.
 */
const SHARE_OF_ORDINARY = 0.28;

/** What goes wrong, by kind, in which share of the stays. */
export type Shares = ReadonlyMap<FaultKind, number>;

/** How a county is otherwise than usual. */
export interface CountyMatter {
  /** Only these go wrong; all other stays are everyday ones. */
  readonly faults?: Shares | undefined;
  /** The clock goes on until here at least. */
  readonly until?: Instant | undefined;
}

/**
 * A county of stays: the same number, seed and start give the same one. In every county each code is injected at least
 * once, so a county is never smaller than that takes; the rest is everyday stays and a shuffled deck of special ones.
 */
export function makeCounty(
  stays: number,
  seed: string,
  start: Instant,
  { faults, until = -Infinity }: CountyMatter = {},
): County {
  const random = new Random(`county ${seed}`);
  const scenarios = faults === undefined ? chosen(stays, random) : chosenFaults(stays, faults, random);
  const visitOf = (n: number): string =>
    `S${seed}-${Math.round(start / HOUR)
      .toString(36)
      .toUpperCase()}-${n + 1}`;
  const persons = registeredPersons(stays);
  const make = (scenario: Scenario, n: number, from: Instant, person?: Person): Planned[] =>
    makeStays(scenario, { visit: visitOf(n), start: from, random: new Random(`stay ${seed} ${n}`), persons, person });

  const days = Math.max(5, Math.ceil(scenarios.length / 60));
  const main = scenarios.map((scenario, n) =>
    scenario.during === undefined && scenario.sentOn === undefined
      ? make(scenario, n, beginningOf(scenario, start) ?? onDay(start, random.int(0, days), random.int(12, 40) / 2))
      : undefined,
  );
  const moved = sentOn(scenarios, persons, lastArrival(main.flatMap((stays) => stays ?? [])) ?? start, make);
  const quiet = lastArrival([...main, ...moved.values()].flatMap((stays) => stays ?? [])) ?? start;
  const standstills = standstillsOf(scenarios, quiet);
  const plans = scenarios.flatMap((scenario, n) => {
    const standstill = standstills.find(({ stage }) => stage === scenario.during);
    return main[n] ?? moved.get(n) ?? make(scenario, n, standstill?.from ?? quiet);
  });
  const over = onDay(Math.max(lastArrival(plans) ?? start, ...standstills.map(({ to }) => to)), 4, 12);
  const end = Math.max(over, until);
  return { start, stays: plans.map((plan) => lookedBackOn(plan, end)), standstills, end };
}

/** When a scenario begins that has its own time. */
function beginningOf({ startsFirst, overTheChange }: Scenario, start: Instant): Instant | undefined {
  if (startsFirst === true) return onDay(start, 1, 8);
  return overTheChange === true ? onDay(start, daysToChange(start), 20) : undefined;
}

/** Whole days until the last one before the clocks change; a year has two such nights. */
function daysToChange(start: Instant): number {
  for (let days = 0; ; days++) {
    if (onDay(start, days + 1, 12) - onDay(start, days, 12) !== 24 * HOUR) return days;
  }
}

/** A plan, and the stay that it was written from. */
interface Planned {
  readonly stay: WardStay;
  readonly scenario: string;
}

/** The plan with what the stay's own log shows at the end of the county. */
function lookedBackOn({ stay, scenario }: Planned, end: Instant): StayPlan {
  const { visit, hospital, sendings, truth, looks } = stay;
  for (const code of hindsight(stay, end)) truth.flagged(code);
  return { visit, scenario, hospital: hospital.sender, sendings, truth, ...(looks.length > 0 && { looks }) };
}

/** How many stays a scenario makes. */
const staysOf = ({ sentOn, comesBack }: Scenario): number => sentOn ?? comesBack ?? 1;

/** First one scenario for every code, then the rest by chance. */
function chosen(stays: number, random: Random): Scenario[] {
  const scenarios: Scenario[] = [];
  for (const code of CODES) {
    const first = SPECIAL.find((scenario) => scenario.injects?.includes(code) === true);
    if (first && !scenarios.includes(first)) scenarios.push(first);
  }
  const special = stays - Math.round(stays * SHARE_OF_ORDINARY);
  let deck: Scenario[] = random.shuffled(SPECIAL.filter((scenario) => !scenarios.includes(scenario)));
  let count = scenarios.reduce((sum, scenario) => sum + staysOf(scenario), 0);
  while (count < special) {
    const next = deck.pop();
    if (!next) deck = random.shuffled(SPECIAL);
    else if (count + staysOf(next) <= stays) {
      scenarios.push(next);
      count += staysOf(next);
    }
  }
  for (; count < stays; count++) scenarios.push(random.pick(ORDINARY));
  return random.shuffled(scenarios);
}

/** So many of each kind of fault, each by a scenario of its family; all else is everyday. */
function chosenFaults(stays: number, faults: Shares, random: Random): Scenario[] {
  const scenarios: Scenario[] = [];
  let count = 0;
  for (const [kind, share] of faults) {
    const wanted = count + Math.round(stays * share);
    while (count < wanted) {
      const scenario = random.pick(FAULT_KINDS[kind]);
      scenarios.push(scenario);
      count += staysOf(scenario);
    }
  }
  for (; count < stays; count++) scenarios.push(random.pick(ORDINARY));
  return random.shuffled(scenarios);
}

/** How long a case may take that goes on in other stays, days. */
const DAYS_OF_A_CASE = 8;

/**
 * The stays of patients who are sent on, after all others have begun: each person in one case at a time, since a stay that
 * begins within a day of a transfer is taken for the one that goes on.
 */
function sentOn(
  scenarios: readonly Scenario[],
  persons: readonly Person[],
  quiet: Instant,
  make: (scenario: Scenario, n: number, from: Instant, person: Person) => Planned[],
): Map<number, Planned[]> {
  const cases = [...scenarios.entries()].filter(([, scenario]) => scenario.sentOn !== undefined);
  return new Map(
    cases.map(([n, scenario], index) => {
      const person = persons[index % persons.length];
      if (!person) throw new Error('nobody is registered');
      const round = Math.floor(index / persons.length);
      return [n, make(scenario, n, onDay(quiet, 2 + DAYS_OF_A_CASE * round, 8), person)];
    }),
  );
}

/** When a stay begins, of whom among whom. */
interface Beginning {
  readonly visit: string;
  readonly start: Instant;
  readonly random: Random;
  readonly persons: readonly Person[];
  /** Absent: whoever the scenario is about. */
  readonly person?: Person | undefined;
}

function makeStays(scenario: Scenario, { visit, start, random, persons, person: given }: Beginning): Planned[] {
  const person = given ?? personFor(scenario, visit, random, persons);
  const hospital = HOSPITALS[random.pick(scenario.hospitals)];
  const stay = new WardStay({
    random,
    visit,
    hospital,
    start,
    person,
    persons,
    home: person.isRegistered ? random.pick(HOMES) : undefined,
    clinic: random.pick([...REGION_CLINICS, ...PRIVATE_CLINICS]),
  });
  scenario.play(stay);
  return withThoseThatGoOn(stay).map((one) => ({ stay: one, scenario: scenario.name }));
}

function withThoseThatGoOn(stay: WardStay): WardStay[] {
  return [stay, ...stay.sentOnTo.flatMap(withThoseThatGoOn)];
}

function personFor(
  { about = 'registered' }: Scenario,
  visit: string,
  random: Random,
  persons: readonly Person[],
): Person {
  switch (about) {
    case 'registered':
      return random.pick(persons);
    case 'protected':
      return random.pick(PROTECTED);
    case 'protected-by-unknown-code':
      return PROTECTED_BY_UNKNOWN_CODE;
    case 'known-here-only':
      return knownHereOnly(visit);
    case 'co-ordination-number':
      return WITH_COORDINATION_NUMBER;
    case 'reserve-number':
      return WITH_RESERVE_NUMBER;
  }
}

/** One evening for each stage that has to stand still, a day apart, after all that is not about it. */
function standstillsOf(scenarios: readonly Scenario[], quiet: Instant): Standstill[] {
  const stages = [...new Set(scenarios.flatMap(({ during }) => during ?? []))];
  return stages.map((stage, n) => {
    const from = onDay(quiet, 2 + 2 * n, 18);
    return { stage, from, to: from + STANDSTILL * HOUR };
  });
}

function lastArrival(plans: readonly Planned[]): Instant | undefined {
  const arrivals = plans.flatMap(({ stay: { sendings } }) => sendings.map(({ arrives }) => arrives));
  return arrivals.length === 0 ? undefined : arrivals.reduce((a, b) => Math.max(a, b));
}
