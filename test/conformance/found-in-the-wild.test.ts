import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const ROOT = join(import.meta.dirname, '../..');
const ROWS = readFileSync(join(ROOT, 'docs/found-in-the-wild.md'), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| ---') && !line.startsWith('| Symptom'));

/** The last column of a row; a `|` of the text is escaped. */
const testsOf = (row: string): string => row.split(/(?<!\\)\|/).at(-2) ?? '';

describe('docs/found-in-the-wild.md', () => {
  it('has a line for each kind', () => {
    expect(ROWS.length).toBeGreaterThan(60);
  });

  it.each(ROWS.map((row) => [row.slice(2, 60), row] as const))('names what is there: %s', (_symptom, row) => {
    const column = testsOf(row);
    const files = [...column.matchAll(/`([^`]+\.(?:test\.ts|md|sh))`/g)].map(([, file = '']) => file);
    expect([column, files.length > 0 || /by hand/.test(column)]).toEqual([column, true]);
    expect(files.filter((file) => !existsSync(join(ROOT, file)))).toEqual([]);
    const text = files.map((file) => readFileSync(join(ROOT, file), 'utf8')).join('\n');
    // A name may be cut in the middle by dots.
    const names = [...column.matchAll(/"([^"]+)"/g)].flatMap(([, name = '']) => name.split(/\s*\.\.\.\s*/));
    expect(names.filter((name) => !text.includes(name))).toEqual([]);
  });
});
