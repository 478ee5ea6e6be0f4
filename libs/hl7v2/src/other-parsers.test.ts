import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Hl7Message as MedplumMessage } from '@medplum/core';
import fc from 'fast-check';
import { HL7Message as PanatesMessage } from 'hl7v2';
import type { Hl7Message } from './message.ts';
import { parseMessage } from './parse.ts';

/*
 * Two parsers that others have written (medplum's, and hl7v2 with its dictionary) read beside ours what we generate, and the
 * samples where they lie beside the project. Each difference is one of the table, which says why ours is as it is; a row of the
 * table that nothing needs any more is a failure too.
 */

type Parser = 'medplum' | 'hl7v2';

/** One place of one message: as it is written, what ours reads there, and another. `null` is HL7's `""`; undefined: nothing. */
interface Difference {
  readonly parser: Parser;
  readonly message: string;
  readonly raw: string;
  readonly ours: string | null | undefined;
  readonly theirs: string | undefined;
}

interface Explanation {
  readonly why: string;
  readonly is: (difference: Difference) => boolean;
}

const hasEscape = ({ raw, message }: Difference): boolean => raw.includes(message.charAt(6));

const EXPLANATIONS: Readonly<Record<string, Explanation>> = {
  'medplum: escapes': {
    why: 'medplum leaves escape sequences as they are written; a name with `\\T\\` is not what the patient is called (SAL-4)',
    is: (difference) =>
      difference.parser === 'medplum' &&
      hasEscape(difference) &&
      difference.raw.split('&').includes(difference.theirs ?? ''),
  },
  'medplum: null': {
    why: 'medplum gives `""` as two quotation marks, and nothing for the components of a deleted field; ours is a deletion of all',
    is: ({ parser, ours }) => parser === 'medplum' && ours === null,
  },
  'hl7v2: LF': {
    why: 'hl7v2 splits at CR alone: with LF or CRLF it finds other segments, or none; standards 3.3 asks to tolerate both',
    is: ({ parser, message }) => parser === 'hl7v2' && message.includes('\n'),
  },
  'hl7v2: subcomponents': {
    why: 'hl7v2 splits by the dictionary of the version: where that has a simple type, `&` and what follows stay one text',
    is: ({ parser, raw }) => parser === 'hl7v2' && raw.includes('&'),
  },
  'hl7v2: layout and hex': {
    why: 'hl7v2 leaves `\\.br\\`, `\\X..\\` and unknown escapes as they are written; ours are a line break and the letters (SAL-4)',
    is: (difference) => difference.parser === 'hl7v2' && hasEscape(difference),
  },
  'hl7v2: null': {
    why: 'hl7v2 knows no deletion: `""` is two quotation marks or nothing, which would leave what was to be deleted',
    is: ({ parser, ours }) => parser === 'hl7v2' && ours === null,
  },
};

/** What a message's notices and duties are read from: first segment, each repetition. */
const PLACES: readonly (readonly [segment: string, field: number, component: number, sub: number])[] = [
  ...[['PID', 3, 1, 1] as const, ['PID', 3, 4, 2] as const, ['PID', 3, 5, 1] as const],
  ...[['PID', 5, 1, 1] as const, ['PID', 5, 2, 1] as const, ['PID', 11, 1, 1] as const, ['PID', 11, 3, 1] as const],
  ...[['PV1', 3, 1, 1] as const, ['PV1', 3, 4, 1] as const, ['PV1', 3, 4, 2] as const],
  ...[['OBX', 3, 1, 1] as const, ['OBX', 3, 3, 1] as const],
];

function oursAt(message: Hl7Message, [segment, field, component, sub]: (typeof PLACES)[number], repetition: number) {
  const value = message.first(segment)?.field(field).repetitions[repetition]?.value(component, sub);
  return value?.kind === 'value' ? value.text : value?.kind === 'null' ? null : undefined;
}

const PARSERS: Readonly<
  Record<Parser, (text: string) => (place: (typeof PLACES)[number], repetition: number) => string | undefined>
> = {
  medplum: (text) => {
    const message = MedplumMessage.parse(text);
    return ([segment, field, component, sub], repetition) =>
      message.getSegment(segment)?.getComponent(field, component, sub - 1, repetition) || undefined;
  },
  hl7v2: (text) => {
    const message = PanatesMessage.parse(text);
    return ([segment, field, component, sub], repetition) => {
      const found = message.getSegment(segment)?.field(field).repetitions[repetition];
      const value: unknown = found?.getValue(component, sub);
      return (typeof value === 'string' && value !== '') || typeof value === 'number' ? String(value) : undefined;
    };
  },
};

/** All places at which another parser reads something else than ours; a parser that throws reads nothing anywhere. */
function differencesIn(message: string): Difference[] {
  const parsed = parseMessage(message);
  if (!parsed.ok) throw new Error(`not parsed by ours: ${parsed.fault.code}`);
  const ours = parsed.value;
  return (['medplum', 'hl7v2'] as const).flatMap((parser) => {
    const read = safely(() => PARSERS[parser](message));
    return PLACES.flatMap((place) => {
      const repetitions = ours.first(place[0])?.field(place[1]).repetitions ?? [];
      return repetitions.flatMap(({ raw: whole }, repetition): Difference[] => {
        const raw = ours.first(place[0])?.field(place[1]).repetitions[repetition]?.component(place[2]).raw ?? whole;
        const said = oursAt(ours, place, repetition);
        const theirs = safely(() => read?.(place, repetition));
        return said === theirs ? [] : [{ parser, message, raw, ours: said, theirs }];
      });
    });
  });
}

function safely<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

const explanationOf = (difference: Difference): string | undefined =>
  Object.entries(EXPLANATIONS).find(([, { is }]) => is(difference))?.[0];

const used = new Set<string>();

function unexplained(message: string): readonly Difference[] {
  return differencesIn(message).filter((difference) => {
    const name = explanationOf(difference);
    if (name !== undefined) used.add(name);
    return name === undefined;
  });
}

/** A text as a sender writes it: letters, escapes, deletions, nothing. */
const text = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.string({ unit: fc.constantFrom(...Array.from('Åäöab1 -.')), minLength: 1, maxLength: 8 }),
  },
  { weight: 1, arbitrary: fc.constantFrom('A\\T\\B', 'A\\S\\B', 'x\\.br\\y', '\\XC3A5\\', 'a\\E\\b', 'q\\Q\\q') },
  { weight: 1, arbitrary: fc.constantFrom('', '""') },
);
const trimmed = text.map((one) => one.trim());
const written = fc
  .record({
    ids: fc.array(fc.tuple(trimmed, trimmed), { minLength: 1, maxLength: 3 }),
    name: fc.tuple(trimmed, trimmed),
    street: trimmed,
    ward: trimmed,
    end: fc.constantFrom('\r', '\n', '\r\n'),
    trailing: fc.constantFrom('', '|', '|||', '^|'),
    odd: fc.constantFrom('', 'ZZZ|a^b|c', 'NTE|1'),
    version: fc.constantFrom('2.3', '2.4', '2.5.1', '2.8'),
  })
  .map(({ ids, name, street, ward, end, trailing, odd, version }) =>
    [
      `MSH|^~\\&|JOURNAL|KS|BRYGGAN|HUB|20260510143000+0200||ADT^A01^ADT_A01|C-1|P|${version}`,
      'EVN|A01|20260510143000+0200',
      `PID|1||${ids.map(([id, type]) => `${id}^^^SKV&1.2.752.129&ISO^${type}`).join('~')}||${name.join('^')}||19121212|F|||${street}^^Solna${trailing}`,
      odd,
      `PV1|1|I|11^^^${ward}&SE2321000016-1001&HSA|||||||||||||||V1${trailing}`,
      'OBX|1|ST|NEED^Behov^BRYGGAN||SOC||||||F',
    ]
      .filter((line) => line !== '')
      .join(end),
  );

describe('beside two other parsers ours reads', () => {
  it('what we generate as they do, or otherwise for a reason that the table gives', () => {
    fc.assert(
      fc.property(written, (message) => {
        expect(unexplained(message)).toEqual([]);
      }),
      { numRuns: 400, seed: 20_260_510 },
    );
  });

  it('the samples of others, where they are', () => {
    const folder = join(import.meta.dirname, '../../../../shared/samples/hl7v2');
    const files = existsSync(folder) ? readdirSync(folder) : [];
    for (const file of files) {
      const text = readFileSync(join(folder, file), 'utf8');
      // As they lie there, and as hl7v2 wants them.
      expect([file, unexplained(text), unexplained(text.replaceAll('\n', '\r'))]).toEqual([file, [], []]);
    }
  });

  it('for no reason that has gone', () => {
    expect([...used].sort()).toEqual(Object.keys(EXPLANATIONS).sort());
    for (const { why } of Object.values(EXPLANATIONS)) expect(why.length).toBeGreaterThan(40);
  });
});
