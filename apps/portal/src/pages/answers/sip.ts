import { localIso, localToInstant, type Instant } from '#libs/domain';

/** What a call to a co-ordinated plan says besides who is called and when (HSL 16:4, SoL 10:8). */
export interface SipDetails {
  readonly participants?: string;
  readonly place?: string;
  readonly link?: string;
  readonly message?: string;
}

const LABELS = [
  ['participants', 'Deltagare'],
  ['place', 'Plats'],
  ['link', 'Videolänk'],
] as const satisfies readonly (readonly [keyof SipDetails, string])[];

/** The call's text as it is sent: a line for each detail, for whoever reads it without our pages. */
export function sipText(details: SipDetails): string | undefined {
  const lines = LABELS.flatMap(([key, label]) => (details[key] === undefined ? [] : [`${label}: ${details[key]}`]));
  const text = [...lines, ...(details.message === undefined ? [] : [details.message])].join('\n');
  return text === '' ? undefined : text;
}

/** The details of a call's text, as far as they stand there. */
export function sipDetails(text: string): SipDetails {
  const found: Partial<Record<keyof SipDetails, string>> = {};
  const rest = text.split('\n').filter((line) => {
    const label = LABELS.find(([, name]) => line.startsWith(`${name}: `));
    if (label === undefined) return true;
    found[label[0]] = line.slice(label[1].length + 2);
    return false;
  });
  return { ...found, ...(rest.length > 0 && { message: rest.join('\n') }) };
}

/** True for an address that a browser may follow from a page: nothing but HTTPS. */
export function isVideoLink(text: string): boolean {
  return /^https:\/\/[^\s<>"']{3,500}$/.test(text) && URL.canParse(text);
}

const HOUR = 3_600_000;

/**
 * The meeting as an iCalendar file (RFC 5545). It says nothing of who it is about: a calendar is seen by others than those
 * who handle the case.
 * @param id of the answer that calls; the same call is the same entry in a calendar
 */
export function sipCalendar(id: string, at: Instant, details: SipDetails, now: Instant): string {
  const lines = [
    ...['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//Bryggan//SIP//SV', 'METHOD:PUBLISH', 'BEGIN:VEVENT'],
    `UID:${id}@bryggan`,
    `DTSTAMP:${utc(now)}`,
    `DTSTART:${utc(at)}`,
    `DTEND:${utc(at + HOUR)}`,
    'SUMMARY:SIP-möte',
    ...(details.place === undefined ? [] : [`LOCATION:${escaped(details.place)}`]),
    ...(details.link === undefined ? [] : [`URL:${details.link}`]),
    'DESCRIPTION:Samordnad individuell planering. Ärendet finns i Bryggan.',
    ...['END:VEVENT', 'END:VCALENDAR'],
  ];
  return `${lines.map(folded).join('\r\n')}\r\n`;
}

const utc = (at: Instant): string => new Date(at).toISOString().replace(/[-:]|\.\d{3}/g, '');
const escaped = (text: string): string => text.replace(/[\\;,]/g, (sign) => `\\${sign}`).replaceAll('\n', '\\n');

/** A line of at most 75 bytes, the rest behind a space (RFC 5545, 3.1). No letter is cut in two. */
function folded(line: string): string {
  const rows: string[] = [];
  let row = '';
  for (const letter of line) {
    if (Buffer.byteLength(row + letter) > 73) {
      rows.push(row);
      row = '';
    }
    row += letter;
  }
  return [...rows, row].join('\r\n ');
}

/** What a time field of a form expects. */
export const localMinute = (at: Instant): string => localIso(at).slice(0, 16);

/** The instant of a local minute as a form's field has it; undefined for what is none, or comes twice. */
export function minuteIn(text = ''): Instant | undefined {
  const [, ...parts] = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)$/.exec(text)?.map(Number) ?? [];
  const [year = NaN, month = NaN, day = NaN, hour, minute] = parts;
  const at = parts.length === 0 ? undefined : localToInstant(year, month, day, hour, minute);
  return typeof at === 'number' ? at : undefined;
}
