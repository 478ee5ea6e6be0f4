import { isFault, readStrictJson } from '#libs/platform';
import { textOf, type ExportedForm, type UnreadableFile } from './exported-form.ts';

/*
 * The export of Lifecare SP: JSON, `{"meddelanden": [...]}`, one object per message. Which names there are, and what of each
 * message is read, stands in `deploy/county/imports/README.md`.
 */

/** A message as the export has it; every field may be missing or something else. */
interface Message {
  readonly typ?: unknown;
  readonly skickat?: unknown;
  readonly enhet?: unknown;
  readonly vardtillfalle?: null | { readonly id?: unknown; readonly inskriven?: unknown };
  readonly patient?: null | {
    readonly idtyp?: unknown;
    readonly id?: unknown;
    readonly efternamn?: unknown;
    readonly fornamn?: unknown;
    readonly adress?: unknown;
    readonly listad?: unknown;
  };
  readonly innehall?: null | Readonly<Record<string, unknown>>;
}

type Content = Readonly<Record<string, unknown>>;

/** What a message of Lifecare SP is here, by the name that Lifecare SP gives it. */
const KINDS: ReadonlyMap<unknown, (content: Content) => { readonly code: string; readonly said: object } | string> =
  new Map<unknown, (content: Content) => { readonly code: string; readonly said: object } | string>([
    [
      'inskrivningsmeddelande',
      ({ insatser, beraknadUtskrivning, vardform }) => ({
        code: 'INS',
        said: {
          need: insatser,
          expectedDischarge: beraknadUtskrivning,
          circumstances: vardform === undefined ? undefined : { careType: vardform },
        },
      }),
    ],
    ['utskrivningsklar', ({ tidpunkt }) => ({ code: 'UTK', said: { at: tidpunkt } })],
    ['utskrivningsmeddelande', ({ tidpunkt }) => ({ code: 'UTS', said: { discharged: tidpunkt } })],
    ['generellt meddelande', ({ text, insatser }) => ({ code: 'INFO', said: { text, scopes: insatser } })],
    ['hemgångsklar checklista', ({ text }) => ({ code: 'CHECK', said: { text } })],
    ['samtycke', ({ givet, insatser }) => ({ code: 'CONSENT', said: { given: givet, scopes: insatser } })],
    ['planeringsunderlag', () => 'a basis for planning belongs to the plan, which is not carried over'],
    ['vårdbegäran', () => 'a request for care comes before any stay'],
    ['kallelse', () => 'a call to a plan is the region’s open care’s to send, not the ward’s'],
    ['plan LPT/LRV', () => 'a co-ordinated care plan is not carried over'],
  ]);

/** One message of Lifecare SP. @param text one object of the export, as JSON */
export function readLifecareSp(text: string): ExportedForm {
  const message = parsed(text) as Message | null | undefined;
  if (typeof message !== 'object' || message === null || Array.isArray(message)) return { unread: 'no JSON object' };
  const kind = KINDS.get(message.typ);
  if (kind === undefined) return { unread: 'a kind of message that Lifecare SP does not have' };
  const content = kind(message.innehall ?? {});
  if (typeof content === 'string') return { unread: content };
  const [patient, vardtillfalle] = [message.patient ?? {}, message.vardtillfalle ?? {}];
  return {
    form: present({
      code: content.code,
      ward: message.enhet,
      person: present({
        identity: present({ type: patient.idtyp ?? 'personnummer', value: patient.id }),
        family: patient.efternamn,
        given: patient.fornamn === undefined ? undefined : [patient.fornamn],
        address: patient.adress,
        listedClinic: patient.listad,
      }),
      stay: present({ visitId: vardtillfalle.id, admitted: vardtillfalle.inskriven }),
      sent: message.skickat,
      ...content.said,
    }),
  };
}

/** The export's list, a message, its parts, and a list in one of them; what is deeper nobody exported. */
const DEPTH = 8;

/** A file of Lifecare SP cut into messages, each of them a text that `readLifecareSp` reads. */
export function messagesOfLifecareSp(file: Uint8Array): readonly string[] | UnreadableFile {
  const read = textOf(file);
  if ('unreadable' in read) return read;
  const json = readStrictJson(Buffer.from(read.text), { depth: DEPTH });
  if (isFault(json)) return { unreadable: json };
  const { value } = json;
  const list = typeof value === 'object' && value !== null && 'meddelanden' in value ? value.meddelanden : undefined;
  if (!Array.isArray(list)) return { unreadable: 'it has no list `meddelanden`' };
  return list.map((message) => JSON.stringify(message));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Without what is not there: a form is closed to keys that say nothing. */
function present(all: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined && value !== null));
}
