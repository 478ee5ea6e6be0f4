import { makeCounty } from './county/county.ts';
import { readable } from './county/county-time.ts';
import { HOSPITALS, type HospitalId } from './county/hospitals.ts';
import { readTokens } from './hub/callers-file.ts';
import { HubClient } from './hub/hub-client.ts';
import { MllpClient } from './hub/mllp-client.ts';
import { play } from './hub/player.ts';
import { observe } from './score/observation.ts';
import { score, type Score } from './score/scorer.ts';

/** Where a hub with a driven clock is. */
export interface HubAddress {
  readonly http: string;
  readonly mllp: { readonly host: string; readonly port: number };
  readonly callersFile: string;
}

export interface CountySize {
  readonly stays: number;
  readonly seed: string;
  readonly start: number;
}

/**
 * Plays a county to a hub and scores what the hub made of it. What the hub knew before is left out.
 * @param say takes the lines of progress
 * @throws Error when the hub cannot be reached, refuses an operation, or does not accept a message
 */
export async function simulate(
  address: HubAddress,
  { stays, seed, start }: CountySize,
  say: (line: string) => void,
): Promise<Score> {
  const hub = new HubClient(address.http, readTokens(address.callersFile));
  const county = makeCounty(stays, seed, start);
  const before = await observe(hub);
  const senders = connections(address.mllp);
  say(`Playing ${county.stays.length} stays (seed ${seed}) from ${readable(county.start)} to ${readable(county.end)}`);
  const began = performance.now();
  try {
    const played = await play(county, { hub, senders, progress: everyTenth(say) });
    say(`${played} messages in ${((performance.now() - began) / 1000).toFixed(0)} s`);
  } finally {
    for (const sender of Object.values(senders)) sender.close();
  }
  const after = [...(await observe(hub))].filter(([visit]) => !before.has(visit));
  return score(county.stays, new Map(after));
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
