import { openApi } from './openapi.ts';
import { settingsPage } from './settings-page.ts';

/** A page or file that is made from the code, by its path from the root. */
export interface Document {
  readonly path: string;
  readonly text: string;
}

/** All that is made from the code and kept in the repository, freshly made. */
export async function documents(): Promise<Document[]> {
  return [
    { path: 'docs/settings.md', text: settingsPage() },
    { path: 'schemas/openapi.json', text: `${JSON.stringify(await openApi(), null, 2)}\n` },
  ];
}
