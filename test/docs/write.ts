import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { documents } from './documents.ts';

/** `npm run documents`: writes anew what is made from the code. It runs in the folder of package.json. */
for (const { path, text } of await documents()) {
  writeFileSync(join(process.cwd(), path), text);
  process.stdout.write(`${path}\n`);
}
