/** What a sender makes anew when it sends the same message again (MR7). */
const OF_THE_BUNDLE: ReadonlySet<string> = new Set(['id', 'timestamp', 'meta']);
const OF_A_PROVENANCE: ReadonlySet<string> = new Set(['recorded']);
const NOTHING: ReadonlySet<string> = new Set();

type Members = Readonly<Record<string, unknown>>;

/**
 * Uses what a message says, as bytes: all of it but what a sender makes anew when it sends it again, which is the Bundle's id,
 * timestamp and meta, and when a Provenance was recorded. They are JSON with each object as the list of its members in order:
 * a program that writes JSON anew may order them anew, and an object would bring names that are numbers into an order of its
 * own. Two messages of the same bytes say the same. The bytes are what a message is known by for ever: a change here would answer
 * every message that comes again as a new one.
 * @param bundle JSON, of bounded depth
 * @param use gets the bytes, which the next message overwrites: it must be done with them when it returns
 */
export function withContent<T>(bundle: unknown, use: (content: Uint8Array) => T): T {
  end = 0;
  writeMembers(bundle as Members, OF_THE_BUNDLE);
  const used = use(room.subarray(0, end));
  if (room.length > KEPT_BYTES) room = Buffer.allocUnsafe(KEPT_BYTES);
  return used;
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const OPEN = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE = 0x5d;
const SPACE = 0x20;
const LAST_ASCII = 0x7e;

/** Room that is kept from message to message; a message that needs more gives its room back. */
const KEPT_BYTES = 64 * 1024;
/** Of a text in UTF-8, for each of its units of UTF-16. */
const MOST_BYTES_PER_UNIT = 3;

// Bytes are written into the room of the message before: texts put together piece by piece, or lists of lists for
// JSON.stringify, cost half as much again, and all of them are garbage.
let room = Buffer.allocUnsafe(KEPT_BYTES);
let end = 0;

/** The members of an object but some, each as a list of its name and its value. */
function writeMembers(value: Members, left: ReadonlySet<string>): void {
  let between = OPEN;
  for (const name of inOrder(Object.keys(value))) {
    if (left.size > 0 && left.has(name)) continue;
    writeByte(between);
    between = COMMA;
    writeByte(OPEN);
    writeText(name);
    writeByte(COMMA);
    write(value[name]);
    writeByte(CLOSE);
  }
  if (between === OPEN) writeByte(OPEN);
  writeByte(CLOSE);
}

function write(value: unknown): void {
  if (typeof value === 'string') writeText(value);
  else if (typeof value !== 'object' || value === null) writeAsJson(value);
  else if (Array.isArray(value)) writeList(value);
  else {
    const isProvenance = 'resourceType' in value && value.resourceType === 'Provenance';
    writeMembers(value as Members, isProvenance ? OF_A_PROVENANCE : NOTHING);
  }
}

function writeList(values: readonly unknown[]): void {
  writeByte(OPEN);
  for (let at = 0; at < values.length; at++) {
    if (at > 0) writeByte(COMMA);
    write(values[at]);
  }
  writeByte(CLOSE);
}

/** A text of plain ASCII is written letter by letter: a call of Node's for each costs more than most texts have letters. */
function writeText(text: string): void {
  makeRoom(text.length + 2);
  const bytes = room;
  let to = end;
  bytes[to++] = QUOTE;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < SPACE || code === QUOTE || code === BACKSLASH || code > LAST_ASCII) {
      writeAsJson(text);
      return;
    }
    bytes[to++] = code;
  }
  bytes[to++] = QUOTE;
  end = to;
}

function writeAsJson(value: unknown): void {
  const text = JSON.stringify(value);
  makeRoom(text.length * MOST_BYTES_PER_UNIT);
  end += room.write(text, end);
}

function writeByte(byte: number): void {
  makeRoom(1);
  room[end++] = byte;
}

function makeRoom(bytes: number): void {
  if (end + bytes <= room.length) return;
  const larger = Buffer.allocUnsafe(2 * (end + bytes));
  room.copy(larger, 0, 0, end);
  room = larger;
}

const FEW = 32;

/** Names in the order of their units of UTF-16. Of few, as nearly always, each is put in its place: `sort` makes copies. */
function inOrder(names: string[]): readonly string[] {
  if (names.length > FEW) return names.sort();
  for (let at = 1; at < names.length; at++) {
    const name = names[at] ?? '';
    let to = at;
    for (let before = names[to - 1]; before !== undefined && before > name; before = names[to - 1]) {
      names[to] = before;
      to -= 1;
    }
    names[to] = name;
  }
  return names;
}
