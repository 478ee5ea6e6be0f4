import { describe, expect, it } from '@jest/globals';
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
});
