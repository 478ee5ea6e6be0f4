import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { county, ids } from '../../test/reading.ts';
import { importFile, importReport, type ImportFile } from './import-file.ts';

const FOLDER = join(import.meta.dirname, '../../../../deploy/county/imports');
const example = (name: string) => readFileSync(join(FOLDER, name), 'utf8');
const AFTER = Date.parse('2026-06-01T08:00+02:00');
const PARTS = { county, ids, topic: 'inbound', clock: { driven: false, now: () => AFTER } } as const;
const imported = (file: Partial<ImportFile>) =>
  importFile({ service: 'webcare', sender: 'KS', content: example('webcare.csv'), ...file }, PARTS);
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

  it.each([
    ['', 'read 0 of 0'],
    ['Meddelandetyp\n', 'read 0 of 0'],
    ['Meddelandetyp;Skickat\nUtskrivning\n', 'read 0 of 1'],
    ['Meddelandetyp\nconstructor\n', 'read 0 of 1'],
    ['"'.repeat(50_000), 'read 0 of 0'],
  ])('that is none is told in bounded time: %#', (content, expected) => {
    expect(importReport(imported({ content }))[0]).toBe(expected);
  });
});

describe('the export of Lifecare SP', () => {
  const file = { service: 'lifecare-sp', content: example('lifecare-sp.json') } as const;

  it('is read by its own names; what has no meaning here is told', () => {
    expect(triggers(file)).toEqual(['INS', 'CONSENT', 'rejection', 'UTK', 'INFO', 'UTS']);
    expect(importReport(imported(file))[0]).toBe('read 5 of 6');
  });

  it.each(['', '[]', '{"meddelanden": 3}', '{"meddelanden": [null, 7, {"typ": "__proto__"}]}'])(
    'that is none is told: %s',
    (content) => {
      const messages = imported({ ...file, content });
      expect(messages.filter(({ translation }) => translation.kind !== 'rejection')).toEqual([]);
    },
  );
});
