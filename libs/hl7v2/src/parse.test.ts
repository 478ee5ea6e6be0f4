import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Hl7Message } from './message.ts';
import { parseMessage } from './parse.ts';

const LINES = [
  'MSH|^~\\&|APP|KS|HUB|REGION|20261101120000+0100||ADT^A01^ADT_A01|M1|P|2.5.1',
  'EVN|A01|20261101120000||||20261101113000',
  'PID|1||191212121212^^^&1.2.752.129.2.1.3.1&ISO^NI~M77^^^KS^MR||Test\\T\\son^Tolvan||19121212|""|||Gatan 1^""^^^12345^SE^L^^0180^jarva',
  'PV1|1|I|A1^^^SE2321000016-1001|||||||||||||||||""',
  'ZBE|1|x',
  'OBX|1|ST|INFO^Information^BRYGGAN|ROV|Sår & smärta^ omlagd~dagligen||||||F',
];
const TEXT = LINES.join('\r');

function parsed(text: string): Hl7Message {
  const result = parseMessage(text);
  if (!result.ok) throw new Error(`${result.fault.code} in line ${result.fault.line}`);
  return result.value;
}

function fault(text: string): unknown {
  const result = parseMessage(text);
  return result.ok ? result.value.segments.map((segment) => segment.name) : result.fault;
}

describe('parseMessage', () => {
  const message = parsed(TEXT);

  it('numbers MSH as the standard does', () => {
    const msh = message.first('MSH')!;
    expect([1, 2, 3, 9, 10].map((field) => msh.text(field))).toEqual(['|', '^~\\&', 'APP', 'ADT', 'M1']);
    expect(msh.text(9, 2)).toBe('A01');
    expect(msh.field(2).repetitions.map((repetition) => repetition.raw)).toEqual(['^~\\&']);
    expect(msh.field(2).unsplit).toEqual({ kind: 'value', text: '^~\\&' });
    expect(msh.value(2, 2)).toEqual({ kind: 'absent' });
    expect(msh.fieldCount).toBe(12);
  });

  it('takes the first repetition that says something', () => {
    const field = (raw: string, encoding = '^~\\&') => parsed(`MSH|${encoding}|A\rPV1|${raw}`).first('PV1')!.field(1);
    const firsts = ['~V-1^x~V-2', '^&~~V-1^x', 'V-1^x', '~^x', '~', ''].map((raw) => field(raw).first.raw);
    expect(firsts).toEqual(['V-1^x', 'V-1^x', 'V-1^x', '^x', '', '']);
    expect([field('~V-1', '^~').first.raw, field('~', '^~').first.raw]).toEqual(['V-1', '']);
    expect(parsed('MSH|^~\\&|A\rPV1|~^V-1').text('PV1', 1, 2)).toBe('V-1');
  });

  it('reads repetitions, components and subcomponents', () => {
    const repetitions = message.first('PID')!.field(3).repetitions;
    expect(repetitions.map((id) => [id.text(1), id.component(4).text(2), id.text(5)])).toEqual([
      ['191212121212', '1.2.752.129.2.1.3.1', 'NI'],
      ['M77', undefined, 'MR'],
    ]);
    expect(message.value('PID', 3, 4)).toEqual({ kind: 'absent' });
    expect(message.text('PID', 3, 4, 3)).toBe('ISO');
    expect(message.first('PID')!.field(3).first.text()).toBe('191212121212');
  });

  it('decodes escapes after splitting', () => {
    expect(message.text('PID', 5)).toBe('Test&son');
    expect(message.text('PID', 5, 2)).toBe('Tolvan');
  });

  it('tells null, absent and value apart', () => {
    const pid = message.first('PID')!;
    expect([pid.value(8), pid.value(9), pid.value(99), pid.value(7)].map(({ kind }) => kind)).toEqual([
      'null',
      'absent',
      'absent',
      'value',
    ]);
    expect([pid.field(8).isNull, pid.field(9).isNull, pid.field(9).isAbsent]).toEqual([true, false, true]);
    expect(pid.value(8, 2)).toEqual({ kind: 'null' });
    expect(pid.field(8).first.component(3).sub(2)).toEqual({ kind: 'null' });
    expect(pid.value(11, 2)).toEqual({ kind: 'null' });
    expect(pid.text(8)).toBeUndefined();
    expect(pid.field(9).repetitions).toEqual([]);
    expect(pid.field(9).first.value()).toEqual({ kind: 'absent' });
    expect(message.value('NK1', 3)).toEqual({ kind: 'absent' });
  });

  it('keeps the whole of a free text', () => {
    const field = message.first('OBX')!.field(5);
    expect(field.unsplit).toEqual({ kind: 'value', text: 'Sår & smärta^ omlagd~dagligen' });
    expect(field.first.text()).toBe('Sår ');
  });

  it('keeps the whole of a component whose sender forgot to escape a subcomponent delimiter', () => {
    const pid = parsed('MSH|^~\\&|A\rPID|Ek & Lind^Bo\\T\\co&&^&^""^a&&b&').first('PID')!.field(1).first;
    expect([1, 2, 3, 4, 5, 6].map((component) => pid.unsplit(component))).toEqual([
      { kind: 'value', text: 'Ek & Lind' },
      { kind: 'value', text: 'Bo&co' },
      { kind: 'absent' },
      { kind: 'null' },
      { kind: 'value', text: 'a&&b' },
      { kind: 'absent' },
    ]);
    expect(pid.text(1)).toBe('Ek ');
  });

  it('reads a sender without an escape character: the third of three is the subcomponent delimiter', () => {
    const message = parsed('MSH|^~&|A\rPID|SKV&1.2&ISO^Ek&N&Lind^C:\\T\\d');
    const pid = message.first('PID')!.field(1).first;
    expect([pid.text(1, 2), pid.unsplit(2), pid.text(3)]).toEqual([
      '1.2',
      { kind: 'value', text: 'Ek&N&Lind' },
      'C:\\T\\d',
    ]);
    expect(message.unreadEscapes()).toEqual([]);
  });

  it('tells where escapes could not be read', () => {
    const text = 'MSH|^~\\&|A\\T\\|\\Q\\\rPID|a\\b|c\\F\\d~\\X00\\\rOBX|\\E\\\rOBX||\\Zx\\\rOBX||\\Zy\\';
    expect(parsed(text).unreadEscapes()).toEqual(['MSH-4', 'PID-1', 'PID-2', 'OBX-2']);
    expect(message.unreadEscapes()).toEqual([]);
  });

  it('keeps unknown segments', () => {
    expect(message.segments.map(({ name }) => name)).toEqual(['MSH', 'EVN', 'PID', 'PV1', 'ZBE', 'OBX']);
    expect(message.all('ZBE').map((segment) => segment.raw)).toEqual(['ZBE|1|x']);
  });

  it.each([
    ['LF', LINES.join('\n')],
    ['CRLF', LINES.join('\r\n')],
    ['a CR at the end', `${TEXT}\r`],
    ['LF and a CR at the end', `${LINES.join('\n')}\n\r`],
    ['blank lines', LINES.join('\r\r \r')],
    ['trailing spaces', LINES.map((line) => `${line}   `).join('\r')],
    ['CR and LF mixed', LINES.map((line, index) => line + ['\r', '\n', '\r\n'][index % 3]!).join('')],
    ['a byte order mark and line breaks first', `\uFEFF\r\n${TEXT}`],
  ])('takes segments ended by %s', (_name, text) => {
    expect(parsed(text).segments.map(({ raw }) => raw)).toEqual(LINES);
  });

  it.each(['\r', '\r\n'])('keeps a bare LF within a text where segments end with %j', (end) => {
    const obx = 'OBX|1|TX|INFO||rad 1\n\nrad 3|x';
    expect(parsed([LINES[0]!, obx, 'OBX|2'].join(end)).segments.map(({ raw }) => raw)).toEqual([
      LINES[0],
      obx,
      'OBX|2',
    ]);
  });

  it.each(['\r', '\n', '\r\n'])('reads a line that is no segment as the rest of the one before, ended by %j', (end) => {
    const lines = [
      'MSH|^~\\&|A|B',
      'PID|1||4711|',
      '   Tolvan^^',
      '  Tolv|x',
      'OBX|1|TX|INFO||rad 1',
      'rad 2|F',
      'PV1|1',
      'THE END',
    ];
    const message = parsed(lines.join(end));
    expect(message.segments.map(({ raw }) => raw)).toEqual([
      'MSH|^~\\&|A|B',
      'PID|1||4711|Tolvan^^Tolv|x',
      'OBX|1|TX|INFO||rad 1\nrad 2|F',
      'PV1|1',
    ]);
    expect(message.brokenLines).toEqual([3, 4, 6, 8]);
  });

  it('reads a segment that was indented, and a word of a text as none', () => {
    const message = parsed('  MSH|^~\\&|A|B\n  PID|1||4711\n\tOBX|1|TX|INFO||rad 1\n   jag\n  PV1|1');
    expect(message.segments.map(({ raw }) => raw)).toEqual([
      'MSH|^~\\&|A|B',
      'PID|1||4711',
      'OBX|1|TX|INFO||rad 1\njag',
      'PV1|1',
    ]);
  });

  it('reads an escape character that was written twice as one', () => {
    const message = parsed('MSH|^~\\\\&|A|B\rPID|a&b^c\\T\\d');
    expect([message.text('PID', 1, 1, 2), message.text('PID', 1, 2), message.text('MSH', 3)]).toEqual([
      'b',
      'c&d',
      'A',
    ]);
  });

  it('reads delimiters other than the usual', () => {
    const odd = parsed('MSH#*+!%$#A#K#\rPID#1##a*b%c+d###!F!!S!!R!!E!!T!!P!\\|^');
    expect(odd.text('PID', 3, 2, 2)).toBe('c');
    expect(
      odd
        .first('PID')!
        .field(3)
        .repetitions.map((id) => id.text()),
    ).toEqual(['a', 'd']);
    expect(odd.text('PID', 6)).toBe('#*+!%$\\|^');
    const short = parsed('MSH|^~|A\rPID|a&b^c~d\\F\\');
    expect([short.text('PID', 1), short.text('PID', 1, 1, 2), short.text('PID', 1, 2)]).toEqual([
      'a&b',
      undefined,
      'c',
    ]);
    expect(short.first('PID')!.field(1).repetitions[1]?.text()).toBe('d\\F\\');
  });

  it.each([
    ['', { code: 'no-header', line: 1 }],
    ['PID|1', { code: 'no-header', line: 1 }],
    ['MSH', { code: 'bad-delimiters', line: 1 }],
    ['MSH|^~\\&', { code: 'bad-delimiters', line: 1 }],
    ['MSH|abcd|x', { code: 'bad-delimiters', line: 1 }],
    ['MSH|^~\\&|\rPID', ['MSH', 'PID']],
    ['FHS|^~\\&|\rBHS|^~\\&|', { code: 'batch', line: 1 }],
    ['BHS|^~\\&|\rMSH|^~\\&|', { code: 'batch', line: 1 }],
    ['MSH|^~\\&|\rBHS|^~\\&|', { code: 'batch', line: 2 }],
    ['MSH|^~\\&|\rPID|1\rMSH|^~\\&|', { code: 'several-messages', line: 3 }],
  ])('%j', (text, expected) => {
    expect(fault(text)).toEqual(expected);
  });
});

describe('parseMessage on anything', () => {
  const mutation = fc.tuple(
    fc.nat(TEXT.length),
    fc.nat(5),
    fc.oneof(fc.string(), fc.constantFrom('|', '^', '~', '\\', '&', '\r', '\n', '"', '#')),
  );
  const mutated = fc.array(mutation, { maxLength: 6 }).map((changes) => {
    let text = TEXT;
    for (const [at, removed, put] of changes) text = text.slice(0, at) + put + text.slice(at + removed);
    return text;
  });
  const random = fc.uint8Array({ maxLength: 300 }).map((values) => Buffer.from(values).toString('latin1'));

  it('never throws, nor does reading every place of what it gives', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          mutated,
          random,
          random.map((text) => `MSH|^~\\&|${text}`),
        ),
        (text) => {
          const result = parseMessage(text);
          if (result.ok) readAll(result.value);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it.each(['\n', ' ', '\r', '\\', '\\X', '"', '^', 'OBX|\n', '\n \n', 'x\r'])(
    'takes a megabyte of %j in passing',
    (unit) => {
      const start = process.hrtime.bigint();
      const result = parseMessage(`${TEXT}|${unit.repeat(1_000_000 / unit.length)}x\r`);
      if (result.ok) expect(result.value.segments.at(-1)?.field(12).unsplit.kind).toBeDefined();
      expect(Number(process.hrtime.bigint() - start) / 1e6).toBeLessThan(5_000);
    },
  );

  it('loses no character that is not a line break or blank, or tells it', () => {
    const bare = (text: string): string => text.replace(/[\r\n \uFEFF]/g, '');
    fc.assert(
      fc.property(mutated, (text) => {
        const result = parseMessage(text);
        fc.pre(result.ok && result.value.brokenLines.length === 0 && !/[^\S\r\n ]/.test(text));
        expect(
          bare(
            parsed(text)
              .segments.map(({ raw }) => raw)
              .join(''),
          ),
        ).toBe(bare(text));
      }),
      { numRuns: 1000 },
    );
  });
});

/** Reads every place of a message; the number of texts found. */
function readAll(message: Hl7Message): number {
  let texts = 0;
  for (const segment of message.segments) {
    for (let number = 0; number <= segment.fieldCount + 1; number++) {
      expect(['absent', 'null', 'value']).toContain(segment.field(number).unsplit.kind);
      for (const repetition of segment.field(number).repetitions) {
        for (let c = 0; c < 5; c++) for (let s = 0; s < 3; s++) if (repetition.text(c, s) !== undefined) texts++;
      }
      for (const c of [1, 2]) {
        expect(segment.field(number).first.component(c).sub(1)).toEqual(segment.field(number).first.value(c, 1));
      }
    }
  }
  return texts;
}
