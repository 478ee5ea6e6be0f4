import { textOf, type ExportedForm, type UnreadableFile } from './exported-form.ts';

/*
 * The export of WebCare: text in UTF-8, a line per message, fields between semicolons, the first line names them. A field with
 * a semicolon, a quote or a line's end stands in quotes, and a quote in it is doubled. Which columns there are, and what of
 * each message is read, stands in `deploy/county/imports/README.md`.
 */

/** What a message of WebCare is here, by the name that WebCare gives it. */
const KINDS: ReadonlyMap<string, (row: Row) => ExportedForm> = new Map<string, (row: Row) => ExportedForm>([
  ['Ny inskrivning', inscription],
  ['Ny inskrivning förkortat ärende', inscription],
  ['Utskrivningsplanering', (row) => form(row, 'BUT', { expectedDischarge: row.get('Beräknad utskrivning') })],
  ['Utskrivningsklar', (row) => form(row, 'UTK', { at: row.get('Utskrivningsklar') })],
  ['Utskrivning', (row) => form(row, 'UTS', { discharged: row.get('Utskriven') })],
  ['Utskrivning förkortat ärende', (row) => form(row, 'UTS', { discharged: row.get('Utskriven') })],
  ['Tilläggsanteckning', (row) => form(row, 'INFO', { text: row.get('Text'), scopes: scopesIn(row.get('Till')) })],
  ['Trygghetskvitto', (row) => form(row, 'PATINFO', { text: row.get('Text') })],
  ['Kallelse SIP', () => ({ unread: 'a call to a plan is the region’s open care’s to send, not the ward’s' })],
  ['Chattanteckning', () => ({ unread: 'a chat is between people; it is not carried over' })],
  ['Returnerat ärende', () => ({ unread: 'a return was settled in the old service' })],
]);

type Row = ReadonlyMap<string, string>;

/** One message of WebCare: its line, under the line that names the columns. */
export function readWebCare(text: string): ExportedForm {
  const [names, row, ...more] = linesOf(text);
  if (names === undefined || row === undefined || more.length > 0) return { unread: 'not one line under its names' };
  if (row.length !== names.length) return { unread: 'another number of fields than the first line has' };
  const fields = new Map(names.map((name, index) => [name, row[index]?.trim() ?? '']));
  const kind = KINDS.get(fields.get('Meddelandetyp') ?? '');
  return kind === undefined ? { unread: 'a kind of message that WebCare did not have' } : kind(fields);
}

/** Columns without which no message of a file can be read. */
const NEEDED = ['Meddelandetyp', 'Skickat', 'Avdelning', 'Ärende', 'Personnummer'];

/** A file of WebCare cut into messages, each of them a text that `readWebCare` reads. */
export function messagesOfWebCare(file: Uint8Array): readonly string[] | UnreadableFile {
  const read = textOf(file);
  if ('unreadable' in read) return read;
  const [names = [], ...rows] = linesOf(read.text);
  const missing = NEEDED.filter((name) => !names.some((one) => one.trim() === name));
  if (missing.length > 0) return { unreadable: `the first line does not name the columns ${missing.join(', ')}` };
  return rows.map((row) => `${lineOf(names)}\n${lineOf(row)}\n`);
}

function inscription(row: Row): ExportedForm {
  const expected = row.get('Beräknad utskrivning');
  return form(row, 'INS', {
    need: scopesIn(row.get('Behov')),
    ...(row.get('Vårdform') && { circumstances: { careType: row.get('Vårdform') } }),
    ...(expected && { expectedDischarge: expected }),
  });
}

const SCOPE_OF: ReadonlyMap<string, string> = new Map([
  ['socialtjänst', 'SOC'],
  ['kommunal hälso- och sjukvård', 'KHSL'],
  ['öppenvård', 'ROV'],
]);

/** A scope that WebCare did not have stays as it stands, so that the form is refused for it and not for its absence. */
function scopesIn(text = ''): string[] | undefined {
  const names = text.split(',').map((name) => name.trim().toLowerCase());
  const scopes = names.filter((name) => name !== '').map((name) => SCOPE_OF.get(name) ?? name);
  return scopes.length === 0 ? undefined : scopes;
}

function form(row: Row, code: string, content: object): ExportedForm {
  const said = (name: string): string | undefined => row.get(name) || undefined;
  const number = said('Personnummer') ?? '';
  const address = {
    lines: [said('Gatuadress')].filter((line) => line !== undefined),
    ...named('postalCode', said('Postnummer')),
    ...named('city', said('Postort')),
    ...named('municipality', said('Kommunkod')),
    ...named('district', said('Stadsdel')),
  };
  return {
    form: {
      code,
      ward: said('Avdelning'),
      person: {
        identity: { type: typeOf(number), value: number },
        ...named('family', said('Efternamn')),
        ...(said('Förnamn') && { given: [said('Förnamn')] }),
        ...(address.lines.length > 0 && { address }),
        ...named('listedClinic', said('Vårdcentral')),
      },
      stay: { ...named('visitId', said('Ärende')), ...named('admitted', said('Inskriven')) },
      ...named('sent', said('Skickat')),
      ...Object.fromEntries(Object.entries(content).filter(([, value]) => value !== undefined && value !== '')),
    },
  };
}

const named = (name: string, value: string | undefined) => (value === undefined ? {} : { [name]: value });

/** A day above 60 is a co-ordination number; what has no digits alone is the county's reserve number or nobody's. */
function typeOf(number: string): string {
  if (/^99\d{10}$/.test(number)) return 'reservnummer-stockholm';
  return Number(number.slice(6, 8)) > 60 ? 'samordningsnummer' : 'personnummer';
}

/** The lines of a text, each cut into its fields; in one walk, whatever stands there. An empty line is none. */
function linesOf(text: string): string[][] {
  const lines: string[][] = [];
  let fields: string[] = [];
  for (let at = 0; at <= text.length;) {
    const { value, end } = fieldAt(text, at);
    fields.push(value);
    at = end + 1;
    if (text[end] === ';') continue;
    if (text[end] === '\r' && text[at] === '\n') at += 1;
    if (fields.length > 1 || fields[0] !== '') lines.push(fields);
    fields = [];
  }
  return lines;
}

const PLAIN = /[^;\r\n]*/y;

/** The field that begins at a place, and where it ends: at a semicolon, a line's end or the end of the text. */
function fieldAt(text: string, from: number): { readonly value: string; readonly end: number } {
  let [at, quoted] = [from, ''];
  if (text[at] === '"') {
    at = text.indexOf('"', from + 1);
    while (at >= 0 && text[at + 1] === '"') at = text.indexOf('"', at + 2);
    // Quotes that are not closed hold all that is left: a file that was cut off there.
    const close = at < 0 ? text.length : at;
    quoted = text.slice(from + 1, close).replaceAll('""', '"');
    at = Math.min(close + 1, text.length);
  }
  PLAIN.lastIndex = at;
  const [plain = ''] = PLAIN.exec(text) ?? [];
  return { value: quoted + plain, end: at + plain.length };
}

function lineOf(fields: readonly string[]): string {
  return fields.map((field) => (/[";\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field)).join(';');
}
