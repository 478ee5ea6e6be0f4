import { admission } from './message.ts';

const PIECES = [
  '|',
  '^',
  '~',
  '\\',
  '&',
  '"',
  '\r',
  '\n',
  '\0',
  '\x85',
  '\xe5',
  '\xc3',
  '\r\nMSA|AA|',
  'MSH|',
  '\\X00\\',
  '\\X00C5\\',
];
const FIELDS: readonly (readonly [field: number, contents: readonly string[]])[] = [
  [3, ['', 'Journal Öst', 'A\0', 'x'.repeat(5000)]],
  [4, ['KS', 'KS   ', 'DS', 'NOBODY', '', 'constructor', '__proto__', 'KS^x', 'K\\S\\S']],
  [9, ['ADT^A01', 'ADT^A08^ADT_A01', 'ADT^A99', 'ADT^toString', 'ACK', 'ACK^A01^ACK', 'ORU^R01', '', 'adt^A01']],
  [10, ['', 'Å', 'a\x81b', 'x'.repeat(5000), '\\F\\', 'a&b^c~d']],
  [11, ['P', 'T', '', 'P  ']],
  [12, ['2.3', '2.5', '2.8', '', 'x', '2.5.1^SWE']],
  [15, ['', '', 'AL', 'NE', 'ER', 'SU', 'XX']],
  [16, ['', '', 'AL', 'NE', 'ER', 'SU', 'XX']],
  [18, ['', 'UNICODE UTF-8', '8859/1', '8859/15', 'ASCII', 'ISO IR87', 'windows-1252']],
];
/** VT and FS: with them in it a body would be another number of frames. */
const OF_MLLP = new Set([0x0b, 0x1c]);

/** Admissions with fields of odd content, bytes put in, taken out, doubled and cut off: the same for the same `draw`. */
export class MutatedMessages {
  readonly #draw: () => number;
  readonly #personOf: ((number: number) => string) | undefined;

  /** `draw` gives numbers from 0 to 1; `personOf` the number of the person whom a message is about, else always the same. */
  constructor(draw: () => number, personOf?: (number: number) => string) {
    this.#draw = draw;
    this.#personOf = personOf;
  }

  /** A body for one frame; its control id begins with `M-` unless that was mutated away. */
  next(number: number): Buffer {
    const fields = Object.fromEntries(
      FIELDS.filter(() => this.#draw() < 0.15).map(([at, contents]) => [at, this.#one(contents)]),
    );
    let body: Buffer = admission(`M-${number}`, fields, {}, this.#personOf?.(number));
    if (this.#draw() < 0.3) body = Buffer.from(body.toString('utf8'), 'latin1');
    for (let changes = Math.floor(this.#draw() * 4); changes > 0; changes--) body = this.#changed(body);
    return Buffer.from(body.filter((byte) => !OF_MLLP.has(byte)));
  }

  #changed(body: Buffer): Buffer {
    // Half of the changes hit the header, which is what the ingress reads.
    const at = Math.floor(this.#draw() * (this.#draw() < 0.5 ? Math.min(90, body.length) : body.length));
    const [before, after] = [body.subarray(0, at), body.subarray(at)];
    const length = Math.floor(this.#draw() * 12);
    switch (Math.floor(this.#draw() * 5)) {
      case 0:
        return Buffer.concat([before, Buffer.from(this.#one(PIECES), 'latin1'), after]);
      case 1:
        return Buffer.concat([before, after.subarray(length)]);
      case 2:
        return Buffer.concat([before, after.subarray(0, length), after]);
      case 3:
        return Buffer.concat([before, Buffer.from([Math.floor(this.#draw() * 256)]), after.subarray(1)]);
      default:
        return this.#draw() < 0.1
          ? before
          : Buffer.concat([before, Buffer.from(this.#one(PIECES), 'latin1'), after.subarray(1)]);
    }
  }

  #one<T>(choices: readonly T[]): T {
    const choice = choices[Math.floor(this.#draw() * choices.length)];
    if (choice === undefined) throw new Error('drew a number outside of 0 to 1');
    return choice;
  }
}
