import { setTimeout as sleep } from 'node:timers/promises';
import { HOSPITALS } from '../county/hospitals.ts';
import { HubClient, readTokens, text } from '../hub/hub-client.ts';
import { MllpClient } from '../hub/mllp-client.ts';
import { partyOf } from '../score/observation.ts';
import type { HubAddress } from '../simulation.ts';
import { DEMO_STAYS, type DemoMessage, demoStay, type DemoStay } from './demo-stays.ts';
import { PartyNames, StayWatch, type Effect, type Flag } from '../hub/stay-watch.ts';
import { tableHead, tableRow, type Column } from '../text-table.ts';

/** 120 characters wide in all. */
const COLUMNS: readonly Column[] = [
  { heading: 'Meddelande', width: 38 },
  { heading: 'Vem fick veta', width: 35 },
  { heading: 'Varför', width: 43 },
];
/** Just after midnight yesterday's discharge is still within what transport may take. */
const PATIENCE_MILLIS = 90_000;

/** What the demonstration led to, for who wants to look further. */
export interface Demonstrated {
  readonly visit: string;
  readonly stayId: string | undefined;
  readonly flags: readonly Flag[];
}

/**
 * Sends a handful of stays over MLLP to a hub that runs, and says of each message who was told, why, and what was flagged.
 * It can be done again and again: the visit ids are new each time.
 * @param now the hub's time; its clock is the machine's
 * @param say takes lines of at most 120 characters
 * @throws Error when a message is not accepted, or what has to be flagged is not within a while
 */
export async function demonstrate(
  address: HubAddress,
  now: number,
  say: (line: string) => void,
): Promise<Demonstrated[]> {
  const hub = new HubClient(address.http, readTokens(address.callersFile));
  const mllp = new MllpClient(address.mllp);
  const names = new PartyNames(hub);
  const run = now.toString(36).toUpperCase();
  const done: Demonstrated[] = [];
  try {
    for (const [n, script] of DEMO_STAYS.entries()) {
      const stay = demoStay(script, `DEMO-${run}-${n + 1}`, now);
      const watch = new StayWatch(hub, (visit) => visit === stay.visit, names);
      say(`\n${n + 1}. ${stay.title}\n   Vårdkontakt ${stay.visit}\n`);
      say(tableHead(COLUMNS));
      for (const message of stay.messages) {
        await send(message, mllp);
        await hub.settle();
        for (const row of rowsOf(message, await watch.effects())) say(tableRow(COLUMNS, row));
      }
      const flags = await flagged(stay, watch);
      say(`Flaggat: ${flags.map(({ code, name }) => `${code} ${name}`).join('; ') || 'inget'}`);
      const stayId = await watch.stayId();
      if (stayId !== undefined && flags.length > 0) for (const line of await seenByItsParty(hub, stayId)) say(line);
      done.push({ visit: stay.visit, stayId, flags });
    }
  } finally {
    mllp.close();
  }
  return done;
}

async function send({ sending, trigger }: DemoMessage, mllp: MllpClient): Promise<void> {
  const { code } = await mllp.send(sending.bytes);
  if (code !== 'AA') throw new Error(`${trigger} från ${sending.sender} besvarades med ${code}`);
}

/** The message once, beside its first effect. */
function rowsOf({ what, trigger, sent, sending }: DemoMessage, effects: readonly Effect[]): string[][] {
  const time = new Date(sent).toLocaleTimeString('sv-SE', { timeZone: 'Europe/Stockholm' });
  const message = `${time} ${sending.sender} ${trigger}: ${what}`;
  if (effects.length === 0) return [[message, 'ingen', 'Inget nytt att säga någon.']];
  return effects.map(({ who, why }, n) => [n === 0 ? message : '', who, why]);
}

/**
 * The deviations of a stay as the one that they are put to sees them: by a search with its own key, and on its own topic.
 * @throws Error when a search does not show it what the hub has put to it
 */
async function seenByItsParty(hub: HubClient, stayId: string): Promise<string[]> {
  await hub.settle();
  const issues = await hub.search('operator', 'DetectedIssue', { encounter: stayId });
  const lines: string[] = [];
  for (const party of new Set(issues.map(partyOf))) {
    const [sender] = Object.values(HOSPITALS).filter(({ organisation }) => organisation === party);
    if (!sender) continue;
    const own = await hub.search(`sender:${sender.sender}`, 'DetectedIssue', { encounter: stayId });
    if (own.length === 0) throw new Error(`${sender.sender} ser inte sin avvikelse`);
    lines.push(`Till ${sender.sender}, på ämnet deviations.${party} och genom sökning med dess nyckel:`);
    for (const { id, status } of own) lines.push(`  DetectedIssue/${text(id) ?? ''}, ${text(status) ?? ''}`);
  }
  return lines;
}

/** What is open of the stay, once all that must be is. */
async function flagged({ flags, visit }: DemoStay, watch: StayWatch): Promise<Flag[]> {
  const giveUpAt = performance.now() + PATIENCE_MILLIS;
  for (;;) {
    const open = await watch.flags();
    const missing = flags.filter((code) => !open.some((flag) => flag.code === code));
    if (missing.length === 0) return open;
    if (performance.now() > giveUpAt) throw new Error(`${missing.join(', ')} flaggades inte för ${visit}`);
    await sleep(100);
  }
}
