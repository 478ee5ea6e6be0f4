import { describe, expect, it } from '@jest/globals';
import { ERRORS } from '#libs/platform';
import { filesEnding, textOf } from './project-files.ts';

const page = textOf('docs/operations.md');
const sources = filesEnding('.ts', '.tsx').filter((path) => !/\.test\.ts$|^test\/|\/testing\//.test(path));

/** The first groups of all matches in the program's own text, sorted, each once. */
function inSources(pattern: RegExp): string[] {
  const found = sources.flatMap((path) => [...textOf(path).matchAll(pattern)].map(([, name = '']) => name));
  return [...new Set(found)].sort();
}

/** The names in the first column of the table under a heading. */
function rowsUnder(heading: string): string[] {
  const section = page.split(`## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  return [...section.matchAll(/^\| `([^`]+)` \|/gm)].map(([, name = '']) => name).sort();
}

/** The errors of the table that no source names: nobody can meet them. */
function unraised(): string[] {
  const texts = sources.filter((path) => path !== 'libs/platform/src/errors.ts').map(textOf);
  return Object.keys(ERRORS).filter((name) => !texts.some((text) => text.includes(`'${name}'`)));
}

describe('the runbook', () => {
  it('has a line for every event that the log can write, and no other', () => {
    const events = inSources(/(?:\blog(?:ger)?\.(?:info|warn|error)|\bcounted\.tell)\(\s*'([^']+)'/g);
    expect(rowsUnder('Log events')).toEqual(events);
  });

  it('has a line for every metric, and no other', () => {
    const names = inSources(/\.(?:counter|gauge|histogram)(?:<[^>]*>)?\(\s*'([a-z_]+)'/g).map(
      (name) => `bryggan_${name}`,
    );
    expect(rowsUnder('Metrics')).toEqual(names);
  });

  it('has a heading for every error that only the operator can mend, and for no other', () => {
    const operators = Object.entries(ERRORS).filter(
      ([, { code, ack }]) => /^BRY-[49]/.test(code) || (code < 'BRY-2' && ack === 'AE'),
    );
    const headings = [...page.matchAll(/^### (BRY-\d{4} .+)$/gm)].map(([, heading]) => heading);
    expect(headings).toEqual(operators.map(([name, { code }]) => `${code} ${name}`));
  });

  it('has no error to tell of that nothing raises', () => {
    // Read from MSH-12 by the ways in for HL7 v2.
    expect(unraised().filter((name) => name !== 'unsupported-version')).toEqual([]);
  });

  it('names alarms that are headings', () => {
    const headings = [...page.matchAll(/^### (.+)$/gm)].map(([, heading]) => heading);
    const named = [...page.matchAll(/\*([A-Z][a-z][^*\n]+)\*/g)].map(([, alarm]) => alarm);
    expect(named.filter((alarm) => !headings.includes(alarm))).toEqual([]);
  });
});
