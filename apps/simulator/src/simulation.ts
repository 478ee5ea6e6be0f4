import { makeAnsweringCounty } from './county/answering.ts';
import { makeCounty, type Shares } from './county/county.ts';
import { readable } from './county/county-time.ts';
import { HOSPITALS, type HospitalId } from './county/hospitals.ts';
import { HubClient, readTokens } from './hub/hub-client.ts';
import { MllpClient } from './hub/mllp-client.ts';
import { play } from './hub/player.ts';
import { observe } from './score/observation.ts';
import { scoreAnswered } from './score/answered.ts';
import { score, type Difference, type Score } from './score/scorer.ts';

/** Where a hub with a driven clock is. */
export interface HubAddress {
  readonly http: string;
  readonly mllp: { readonly host: string; readonly port: number };
  readonly callersFile: string;
  /** Every DetectedIssue that the hub ever said; absent where its Kafka is not to be reached: each then counts as it is now. */
  readonly said?: () => Promise<readonly unknown[]>;
}

export interface CountySize {
  readonly stays: number;
  /** Further stays, whose municipality and clinic answer through the hub. */
  readonly answering: number;
  readonly seed: string;
  readonly start: number;
  /** What goes wrong, and in which share of the stays; absent: the whole catalogue is dealt out. */
  readonly faults?: Shares;
}

/**
 * Plays a county to a hub and scores what the hub made of it. What the hub knew before is left out.
 * @param say takes the lines of progress
 * @throws Error when the hub cannot be reached, refuses an operation, or does not accept a message
 */
export async function simulate(
  address: HubAddress,
  { stays, answering, seed, start, faults }: CountySize,
  say: (line: string) => void,
): Promise<Score> {
  const hub = new HubClient(address.http, readTokens(address.callersFile));
  // Those who answer come after all others: one who is sent on may not be taken for a person of theirs.
  const told = makeAnsweringCounty(answering, seed, makeCounty(stays, seed, start, { faults }).end);
  const county = makeCounty(stays, seed, start, { faults, until: answering === 0 ? undefined : told.end });
  const all = { ...county, stays: [...county.stays, ...told.stays] };
  const before = await observe(hub);
  const senders = connections(address.mllp);
  say(`Playing ${all.stays.length} stays (seed ${seed}) from ${readable(county.start)} to ${readable(county.end)}`);
  const began = performance.now();
  let seen: readonly Difference[];
  try {
    const done = await play(all, { hub, senders, progress: everyTenth(say) });
    seen = done.seen;
    say(`${done.played} messages in ${((performance.now() - began) / 1000).toFixed(0)} s`);
  } finally {
    for (const sender of Object.values(senders)) sender.close();
  }
  const after = [...(await observe(hub, await address.said?.()))].filter(([visit]) => !before.has(visit));
  const ofTold = new Set(told.stays.map(({ visit }) => visit));
  const whole = score(county.stays, new Map(after.filter(([visit]) => !ofTold.has(visit))), faults === undefined);
  const answered = scoreAnswered(told.stays, new Map(after));
  return {
    ...whole,
    byCode: [...whole.byCode, ...answered.byCode],
    differences: [...seen, ...whole.differences, ...answered.differences],
    passed: seen.length === 0 && whole.passed && answered.passed,
  };
}

function connections(address: HubAddress['mllp']): Record<HospitalId, MllpClient> {
  const ids = Object.keys(HOSPITALS) as HospitalId[];
  return Object.fromEntries(ids.map((id) => [id, new MllpClient(address)])) as Record<HospitalId, MllpClient>;
}

function everyTenth(say: (line: string) => void): (played: number, of: number) => void {
  let said = 0;
  return (played, of) => {
    const tenths = Math.floor((played / of) * 10);
    if (tenths > said) say(`  ${played} of ${of} messages played`);
    said = tenths;
  };
}
