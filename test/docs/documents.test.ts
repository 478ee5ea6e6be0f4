import { describe, expect, it } from '@jest/globals';
import { DEVIATIONS, NOT_JUDGED } from '#libs/domain';
import { SETTING_PURPOSES } from '#libs/platform';
import { documents } from './documents.ts';
import { textOf } from './project-files.ts';
import { settingsAsked } from './settings-page.ts';

describe('what is made from the code', () => {
  // Not so? `npm run documents` writes it anew.
  it('is as it would be made now', async () => {
    for (const { path, text } of await documents()) expect([path, textOf(path)]).toEqual([path, text]);
  });

  it('says of every setting what it is for, and of no other', () => {
    expect(Object.keys(SETTING_PURPOSES).sort()).toEqual(settingsAsked());
  });

  it('leaves out no code of the rules', () => {
    const section =
      textOf('docs/rules.md')
        .split('\n## ')
        .find((text) => text.startsWith('6.2 ')) ?? '';
    const table = section.split('\n').filter((line) => /^\| [a-z, -]+ \| [A-Z]{3}-/.test(line));
    const listed = table.flatMap((line) => line.match(/[A-Z]{3}-\d\d/g) ?? []);
    const known = [...DEVIATIONS, ...NOT_JUDGED].map(({ code }) => code);
    expect(known.length).toBe(new Set(known).size);
    expect([...new Set(listed)].sort()).toEqual([...known].sort());
    expect(known.length).toBe(60);
  });
});
