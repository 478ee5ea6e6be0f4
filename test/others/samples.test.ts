import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { decodeCharset, parseMessage, readHeader } from '#libs/hl7v2';
import { faultsOf, read, translatedOf } from '../../apps/translator/test/reading.ts';

describe('messages by others', () => {
  const folder = join(import.meta.dirname, '../../../shared/samples/hl7v2');
  const files = existsSync(folder) ? readdirSync(folder).sort() : [];

  it(`${files.length} files${files.length === 0 ? ' (the samples are not here: nothing is said)' : ''}`, () => {
    const became = files.map((file) => [file, outcomeOf(readFileSync(join(folder, file)))] as const);
    expect(became).toEqual(files.map((file) => [file, 'event']));
  });

  it('are parsed into as many segments as they have lines', () => {
    for (const file of files) {
      const bytes = readFileSync(join(folder, file));
      const header = readHeader(bytes);
      const decoded = decodeCharset(bytes, header.ok ? header.value.characterSet : '', undefined);
      const text = decoded.ok ? decoded.value.text : '';
      const parsed = parseMessage(text);
      const lines = text.split('\n').filter((line) => line.trim() !== '');
      expect([file, header.ok, parsed.ok && parsed.value.segments.length]).toEqual([file, true, lines.length]);
      expect([file, parsed.ok && `ADT-${parsed.value.text('MSH', 9, 2) ?? ''}.hl7`]).toEqual([file, file]);
    }
  });

  it('are read as what they say, not as what they look like', () => {
    const file = join(folder, 'ADT-A01.hl7');
    if (!existsSync(file)) return;
    expect(translatedOf(readFileSync(file))).toMatchObject({
      event: {
        sentAt: Date.parse('1989-08-18T11:26:00+02:15'),
        patient: { deceased: true, birthDate: '1988-08-18', name: { family: 'Josh&&&&Bing' } },
        encounter: { class: 'PRENC', start: { iso: '2015-02-08T11:34:19+01:10' } },
        facts: [],
      },
    });
  });
});

function outcomeOf(bytes: Buffer): string {
  const translation = read(bytes);
  return translation.kind === 'events' ? 'event' : faultsOf(translation).join(' ');
}
