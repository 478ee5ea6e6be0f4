import { messagesIn, readHeader, type FileMessage } from '#libs/hl7v2';
import { HubClient, type Json, list, object, readTokens, resourcesIn, text } from '../hub/hub-client.ts';
import { MllpClient, type Answer } from '../hub/mllp-client.ts';
import { PartyNames, StayWatch } from '../hub/stay-watch.ts';
import type { HubAddress } from '../simulation.ts';
import { tableHead, tableRow, type Column } from '../text-table.ts';

/** A file that was asked for, by its name. */
export interface NamedFile {
  readonly name: string;
  readonly messages: readonly FileMessage[];
}

/** The messages of a file: one FHIR message where it holds JSON, else HL7 v2. */
export function messagesOf(file: Buffer): readonly FileMessage[] {
  const bundle = bundleIn(file);
  return bundle === undefined ? messagesIn(file) : [{ bytes: file, values: new Set(textsIn(bundle)) }];
}

function bundleIn(file: Buffer): Json | undefined {
  if (!/^(?:\xef\xbb\xbf)?\s*\{/.test(file.subarray(0, 64).toString('latin1'))) return undefined;
  try {
    return object(JSON.parse(file.toString('utf8').replace(/^\uFEFF/, '')));
  } catch {
    return {};
  }
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

const COLUMNS: readonly Column[] = [
  { heading: 'Vem fick veta', width: 44 },
  { heading: 'Varför', width: 72 },
];

/**
 * Sends files to a hub that runs, HL7 v2 over MLLP and FHIR by `$process-message`, and says of each message how it was answered,
 * what became of it, who was told and why, and what is flagged of the stay then; last, how many were taken. It looks as the
 * operator does, and sends a FHIR message in the name that it names itself by.
 * @param say takes lines, in Swedish
 * @returns whether each file has messages, and the hub took all of them
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
  let [all, taken, empty] = [0, 0, 0];
  try {
    for (const { name, messages } of files) {
      say(`\n${name}`);
      if (messages.length === 0) {
        empty += 1;
        say('  Inget meddelande i filen.');
      }
      for (const message of messages) {
        all += 1;
        if (await new Sent(message, hub, mllp, names).told(say)) taken += 1;
      }
    }
  } finally {
    mllp.close();
  }
  if (all > 1) say(`\n${all} meddelanden sända, ${taken} tagna.`);
  return taken === all && empty === 0;
}

/** One message on its way. */
class Sent {
  readonly #message: FileMessage;
  /** The message as FHIR; undefined of HL7 v2. */
  readonly #bundle: Json | undefined;
  readonly #hub: HubClient;
  readonly #mllp: MllpClient;
  readonly #watch: StayWatch;

  constructor(message: FileMessage, hub: HubClient, mllp: MllpClient, names: PartyNames) {
    this.#message = message;
    this.#bundle = bundleIn(message.bytes);
    this.#hub = hub;
    this.#mllp = mllp;
    this.#watch = new StayWatch(hub, (visit) => message.values.has(visit), names);
  }

  /** Sends it and tells all of it. @returns whether it was taken */
  async told(say: (line: string) => void): Promise<boolean> {
    // What the stay has led to before is not of this message.
    await this.#watch.effects();
    const answer = await this.#answer();
    say(`  ${this.#title()}\n  Svar: ${inWords(answer)}`);
    if (!TAKEN.has(answer.code)) return false;
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

  async #answer(): Promise<Answer> {
    const { bytes } = this.#message;
    if (this.#bundle === undefined) return this.#mllp.send(bytes);
    const { endpoint } = object(headOf(this.#bundle)['source']);
    const caller = (text(endpoint) ?? '').replace(/^urn:bryggan:(?:party:)?/, '');
    if (!this.#hub.callers.includes(caller)) {
      return { code: 'inte sänt', said: 'MessageHeader.source.endpoint anger ingen som hubben känner' };
    }
    const answered = await this.#hub.process(caller, bytes);
    const outcome = [answered, ...resourcesIn(answered)].find((one) => one['resourceType'] === 'OperationOutcome');
    const said = list(outcome?.['issue']).map((issue) => text(object(object(issue)['details'])['text']) ?? '');
    const code = text(object(headOf(answered)['response'])['code']) ?? 'avvisat';
    return { code, ...(said.length > 0 && { said: said.join(' ') }) };
  }

  #title(): string {
    if (this.#bundle !== undefined) {
      const { eventCoding, id } = headOf(this.#bundle);
      return `FHIR ${text(object(eventCoding)['code']) ?? 'utan händelse'}, MessageHeader ${text(id) ?? 'utan id'}`;
    }
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

/** Of a FHIR message the acknowledgement's code, of HL7 v2 MSA-1. */
const TAKEN: ReadonlySet<string> = new Set(['AA', 'CA', 'ok']);

const headOf = (bundle: Json): Json => resourcesIn(bundle)[0] ?? {};

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
