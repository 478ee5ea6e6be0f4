import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { county, ids } from '../../test/reading.ts';
import { importFile, type ImportFile, importReport } from './read-import.ts';

const FOLDER = join(import.meta.dirname, '../../../../deploy/county/imports');
const example = (name: string) => readFileSync(join(FOLDER, name));
const AFTER = Date.parse('2026-06-01T08:00+02:00');
const PARTS = { county, ids, topic: 'inbound', clock: { driven: false, now: () => AFTER } } as const;
const outcome = (file: Partial<ImportFile>) =>
  importFile({ service: 'webcare', sender: 'KS', content: example('webcare.csv'), ...file }, PARTS);
const imported = (file: Partial<ImportFile>) => {
  const messages = outcome(file);
  if ('unreadable' in messages) throw new Error(importReport(messages).join());
  return messages;
};
const triggers = (file: Partial<ImportFile>) =>
  imported(file).map(({ translation }) =>
    translation.kind === 'events' ? translation.events[0]!.event.trigger : translation.kind,
  );

describe('the export of WebCare', () => {
  it('is read by its own names; what has no meaning here is told', () => {
    expect(triggers({})).toEqual(['INS', 'BUT', 'INFO', 'rejection', 'UTK', 'UTS', 'PATINFO']);
    const report = importReport(imported({}));
    expect(report[0]).toBe('read 6 of 7');
    expect(report.filter((line) => line.includes('message'))).toEqual([expect.stringContaining('message 4')]);
    expect(report.join()).not.toMatch(/1912|Tolvan/);
  });

  it('is one stay, with the times of the old service', () => {
    const events = imported({}).flatMap(({ translation }) =>
      translation.kind === 'events'
        ? translation.events.flatMap(({ event }) => ('stayId' in event ? [event] : []))
        : [],
    );
    expect(new Set(events.map(({ stayId }) => stayId)).size).toBe(1);
    expect(events.map(({ sentAt }) => sentAt)[0]).toBe(Date.parse('2026-05-10T15:00+02:00'));
    expect(events.find(({ trigger }) => trigger === 'INFO')?.facts[0]?.values).toEqual([
      'Läkemedel ändrade; se listan.',
    ]);
  });

  it('says nothing twice: the same message has the same id', () => {
    const once = imported({}).map(({ record }) => record.id);
    expect(imported({}).map(({ record }) => record.id)).toEqual(once);
    expect(new Set(once).size).toBe(once.length);
    expect(imported({ sender: 'DS' }).map(({ record }) => record.id)).not.toEqual(once);
  });

  it('is read under a byte order mark, with other ends of lines, quotes and no last one', () => {
    const text = example('webcare.csv').toString();
    const quoted = text.replace(/(?<=^|;)[^;"\n]+(?=;|\n)/gm, '"$&"').trimEnd();
    for (const other of [`\uFEFF${text}`, text.replaceAll('\n', '\r\n'), text.replaceAll('\n', '\n\n'), quoted]) {
      expect(importReport(imported({ content: Buffer.from(other) }))).toEqual(importReport(imported({})));
    }
  });

  it('that is cut off is read up to there, and the rest is told', () => {
    const content = example('webcare.csv').subarray(0, -40);
    const report = importReport(imported({ content }));
    expect([report[0], report.at(-1)]).toEqual(['read 5 of 7', expect.stringMatching(/^message 7: /)]);
  });
});

const HEAD = 'Meddelandetyp;Skickat;Avdelning;Ärende;Personnummer\n';
const LINE_COUNT = 100_000;

describe('a file that is no export', () => {
  it.each<[string, ImportFile['service'], string | Buffer, string]>([
    ['empty', 'webcare', '', 'the columns Meddelandetyp, Skickat'],
    ['of other columns', 'webcare', 'a;b\n1;2\n', 'the columns Meddelandetyp'],
    ['in another charset', 'webcare', Buffer.from(`${HEAD}Utskrivning;;;Å;\n`, 'latin1'), 'BRY-3'],
    ['in another charset', 'lifecare-sp', Buffer.from('{"meddelanden":["Å"]}', 'latin1'), 'BRY-3'],
    ['in UTF-16', 'webcare', Buffer.from(`\uFEFF${HEAD}`, 'utf16le'), 'BRY-3'],
    ['with a NUL', 'webcare', `${HEAD}Utskrivning\0;;;;\n`, 'BRY-3'],
    ['packed', 'lifecare-sp', gzipSync('{"meddelanden":[]}'), 'BRY-3'],
    ['no JSON', 'lifecare-sp', '{"meddelanden":[', 'BRY-3'],
    ['empty', 'lifecare-sp', '', 'BRY-1013'],
    ['without its list', 'lifecare-sp', '{"meddelanden": 3}', 'no list `meddelanden`'],
    ['with two lists', 'lifecare-sp', '{"meddelanden":[],"meddelanden":[]}', 'BRY-3'],
    ['nested without end', 'lifecare-sp', `{"meddelanden":${'['.repeat(LINE_COUNT)}`, 'BRY-3'],
  ])('%s, of %s, is told as such and nothing of it is read', (_, service, content, reason) => {
    const report = importReport(outcome({ service, content: Buffer.from(content) }));
    expect(report).toEqual([expect.stringMatching(/^nothing is read of this file: /)]);
    expect(report.join()).toContain(reason);
  });

  it.each([
    [HEAD, 'read 0 of 0'],
    [`${HEAD}Utskrivning\n`, 'read 0 of 1'],
    [`${HEAD}constructor;;;;\n`, 'read 0 of 1'],
    [`${HEAD}${'"'.repeat(LINE_COUNT + 1)}`, 'read 0 of 1'],
    [`${HEAD}"${'a'.repeat(10_000_000)}\n`, 'read 0 of 1'],
    [`${HEAD}${'"a'.repeat(LINE_COUNT)}\n`, 'read 0 of 1'],
  ])('in a line is told in time that grows with its length: %#', (content, expected) => {
    expect(importReport(imported({ content: Buffer.from(content) }))[0]).toBe(expected);
  });

  it('in a message that no record may hold is told, and the others are read', () => {
    const [names, first = '', ...rest] = example('webcare.csv').toString().split('\n');
    const content = Buffer.from([names, first + 'x'.repeat(900_000), ...rest].join('\n'));
    const report = importReport(imported({ content }));
    expect([report[0], report.find((line) => line.startsWith('message 1'))]).toEqual([
      'read 5 of 7',
      expect.stringContaining('BRY-3'),
    ]);
  });
});

describe('the export of Lifecare SP', () => {
  const file = { service: 'lifecare-sp', content: example('lifecare-sp.json') } as const;

  it('is read by its own names; what has no meaning here is told', () => {
    expect(triggers(file)).toEqual(['INS', 'CONSENT', 'rejection', 'UTK', 'INFO', 'UTS']);
    expect(importReport(imported(file))[0]).toBe('read 5 of 6');
  });

  it('tells what is no message of it', () => {
    const messages = imported({ ...file, content: Buffer.from('{"meddelanden": [null, 7, {"typ": "__proto__"}]}') });
    expect(messages.map(({ translation }) => translation.kind)).toEqual(['rejection', 'rejection', 'rejection']);
  });
});
