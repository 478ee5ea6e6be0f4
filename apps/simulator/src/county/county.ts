import { ORDINARY, SPECIAL } from '../scenarios/catalogue.ts';
import { STANDSTILL } from '../scenarios/out-of-order.ts';
import type { OutOfOrder, Scenario } from '../scenarios/scenario.ts';
import { HOUR, onDay, type Instant } from './county-time.ts';
import { HOSPITALS, type HospitalId } from './hospitals.ts';
import { HOMES, PRIVATE_CLINICS, PROTECTED, REGION_CLINICS, REGISTERED, UNREGISTERED, type Person } from './people.ts';
import { Random } from './random.ts';
import { CODES, type Truth } from './truth.ts';
import { WardStay, type Sending } from './ward-stay.ts';

/** A stay as it will be played, and what must come of it. */
export interface StayPlan {
  readonly visit: string;
  readonly scenario: string;
  readonly hospital: HospitalId;
  readonly sendings: readonly Sending[];
  readonly truth: Truth;
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

/** How many of the stays are everyday ones without a need: most, as in life. */
const SHARE_OF_ORDINARY = 0.53;

/**
 * A county of stays: the same number, seed and start give the same one. In every county each code is injected at least
 * once, so a county is never smaller than that takes; the rest is everyday stays and a shuffled deck of special ones.
 */
export function makeCounty(stays: number, seed: string, start: Instant): County {
  const random = new Random(`county ${seed}`);
  const scenarios = chosen(stays, random);
  const visitOf = (n: number): string =>
    `S${seed}-${Math.round(start / HOUR)
      .toString(36)
      .toUpperCase()}-${n + 1}`;
  const make = (scenario: Scenario, n: number, from: Instant): StayPlan =>
    makeStay(scenario, visitOf(n), from, new Random(`stay ${seed} ${n}`));

  const days = Math.max(5, Math.ceil(scenarios.length / 60));
  const main = scenarios.map((scenario, n) =>
    scenario.during === undefined
      ? make(scenario, n, onDay(start, random.int(0, days), random.int(12, 40) / 2))
      : undefined,
  );
  const quiet = lastArrival(main.filter((stay) => stay !== undefined)) ?? start;
  const standstills = standstillsOf(scenarios, quiet);
  const plans = scenarios.map((scenario, n) => {
    const standstill = standstills.find(({ stage }) => stage === scenario.during);
    return main[n] ?? make(scenario, n, standstill?.from ?? quiet);
  });
  const end = Math.max(lastArrival(plans) ?? start, ...standstills.map(({ to }) => to));
  return { start, stays: plans, standstills, end: onDay(end, 4, 12) };
}

/** First one scenario for every code, then the rest by chance. */
function chosen(stays: number, random: Random): Scenario[] {
  const scenarios: Scenario[] = [];
  for (const code of CODES) {
    const first = SPECIAL.find((scenario) => scenario.injects?.includes(code) === true);
    if (first && !scenarios.includes(first)) scenarios.push(first);
  }
  const special = stays - Math.round(stays * SHARE_OF_ORDINARY);
  let deck: Scenario[] = random.shuffled(SPECIAL.filter((scenario) => !scenarios.includes(scenario)));
  while (scenarios.length < special) {
    const next = deck.pop();
    if (next) scenarios.push(next);
    else deck = random.shuffled(SPECIAL);
  }
  while (scenarios.length < stays) scenarios.push(random.pick(ORDINARY));
  return random.shuffled(scenarios);
}

function makeStay(scenario: Scenario, visit: string, start: Instant, random: Random): StayPlan {
  const hospital = HOSPITALS[random.pick(scenario.hospitals)];
  const person = personFor(scenario, random);
  const isRegistered = scenario.kin === undefined || scenario.kin === 'protected';
  const stay = new WardStay({
    random,
    visit,
    hospital,
    start,
    person,
    home: isRegistered ? random.pick(HOMES) : undefined,
    clinic: random.pick([...REGION_CLINICS, ...PRIVATE_CLINICS]),
  });
  scenario.play(stay);
  const { sendings, truth } = stay;
  return { visit, scenario: scenario.name, hospital: hospital.sender, sendings, truth };
}

function personFor({ kin }: Scenario, random: Random): Person {
  if (kin === 'protected') return random.pick(PROTECTED);
  const [coordination, reserve] = UNREGISTERED;
  if (kin === 'co-ordination-number' && coordination) return coordination;
  if (kin === 'reserve-number' && reserve) return reserve;
  return random.pick(REGISTERED);
}

/** One evening for each stage that has to stand still, a day apart, after all that is not about it. */
function standstillsOf(scenarios: readonly Scenario[], quiet: Instant): Standstill[] {
  const stages = [...new Set(scenarios.flatMap(({ during }) => during ?? []))];
  return stages.map((stage, n) => {
    const from = onDay(quiet, 2 + 2 * n, 18);
    return { stage, from, to: from + STANDSTILL * HOUR };
  });
}

function lastArrival(stays: readonly StayPlan[]): Instant | undefined {
  const arrivals = stays.flatMap(({ sendings }) => sendings.map(({ arrives }) => arrives));
  return arrivals.length === 0 ? undefined : arrivals.reduce((a, b) => Math.max(a, b));
}
