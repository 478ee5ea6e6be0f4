import { readHeader, type FileMessage } from '#libs/hl7v2';
import { readTokens } from '../hub/callers-file.ts';
import { HubClient, list, object, text, type Json } from '../hub/hub-client.ts';
import { MllpClient, type Answer } from '../hub/mllp-client.ts';
import { PartyNames, StayWatch } from '../hub/stay-watch.ts';
import type { HubAddress } from '../simulation.ts';
import { tableHead, tableRow, type Column } from '../text-table.ts';

/** A file that was asked for, by its name. */
export interface NamedFile {
  readonly name: string;
  readonly messages: readonly FileMessage[];
}

const COLUMNS: readonly Column[] = [
  { heading: 'Vem fick veta', width: 44 },
  { heading: 'Varför', width: 72 },
];

/**
 * Sends files over MLLP to a hub that runs, and says of each message how it was answered, what became of it, who was told
 * and why, and what is flagged of the stay then. It looks as the operator does.
 * @param say takes lines, in Swedish
 * @returns whether the hub took all of them
 * @throws Error when the hub does not answer
 */
export async function sendFiles(
  files: readonly NamedFile[],
  address: HubAddress,
  say: (line: string) => void,
): Promise<boolean> {
  const hub = new HubClient(address.http, readTokens(address.callersFile));
  const mllp = new MllpClient(address.mllp);
  const names = new PartyNames(hub);
  let taken = true;
  try {
    for (const { name, messages } of files) {
      say(`\n${name}`);
      if (messages.length === 0) say('  Inget meddelande i filen.');
      for (const message of messages) {
        const sent = await new Sent(message, hub, mllp, names).told(say);
        taken = taken && sent;
      }
    }
  } finally {
    mllp.close();
  }
  return taken;
}

/** One message on its way. */
class Sent {
  readonly #message: FileMessage;
  readonly #hub: HubClient;
  readonly #mllp: MllpClient;
  readonly #watch: StayWatch;

  constructor(message: FileMessage, hub: HubClient, mllp: MllpClient, names: PartyNames) {
    this.#message = message;
    this.#hub = hub;
    this.#mllp = mllp;
    this.#watch = new StayWatch(hub, (visit) => message.values.has(visit), names);
  }

  /** Sends it and tells all of it. @returns whether it was taken */
  async told(say: (line: string) => void): Promise<boolean> {
    // What the stay has led to before is not of this message.
    await this.#watch.effects();
    const answer = await this.#mllp.send(this.#message.bytes);
    say(`  ${this.#title()}\n  Svar: ${inWords(answer)}`);
    if (answer.code !== 'AA' && answer.code !== 'CA') return false;
    await this.#hub.settle();
    const rejection = await this.#rejection();
    if (rejection !== undefined) {
      for (const line of faultLines(rejection)) say(`  ${line}`);
      return false;
    }
    await this.#tellEffects(say);
    return true;
  }

  async #tellEffects(say: (line: string) => void): Promise<void> {
    const effects = await this.#watch.effects();
    const stay = await this.#watch.stayId();
    say(`  Tagen${stay === undefined ? '' : `: vårdtillfället är Encounter/${stay}`}`);
    if (effects.length === 0) say('  Inget nytt att säga någon.');
    else
      for (const row of [tableHead(COLUMNS), ...effects.map(({ who, why }) => tableRow(COLUMNS, [who, why]))]) say(row);
    const flags = await this.#watch.flags();
    if (flags.length > 0) say(`  Flaggat: ${flags.map(({ code, name }) => `${code} ${name}`).join('; ')}`);
  }

  #title(): string {
    const header = readHeader(this.#message.bytes);
    if (!header.ok) return 'Ett meddelande utan läsligt MSH';
    const { sendingFacility, triggerEvent, controlId } = header.value;
    return `${sendingFacility} ${triggerEvent}, MSH-10 ${controlId}`;
  }

  /** The latest rejection with this message's control id; the bytes of one are rejected once, however often they come. */
  async #rejection(): Promise<Json | undefined> {
    const header = readHeader(this.#message.bytes);
    if (!header.ok) return undefined;
    const { sendingFacility, controlId } = header.value;
    return (await this.#hub.rejected(sendingFacility)).findLast((one) => one['controlId'] === controlId);
  }
}

function inWords({ code, said }: Answer): string {
  return said === undefined ? code : `${code} ${said}`;
}

function faultLines(rejection: Json): string[] {
  return list(rejection['faults'])
    .map(object)
    .map((fault) => {
      const [code, place, what, remedy] = ['code', 'place', 'text', 'remedy'].map((name) => text(fault[name]) ?? '');
      return `Inte tagen: ${code ?? ''}${place === '' ? '' : ` i ${place ?? ''}`}. ${what ?? ''} ${remedy ?? ''}`;
    });
}
