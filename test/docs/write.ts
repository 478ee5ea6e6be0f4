import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { documents } from './documents.ts';

/** `npm run documents`: writes anew what is made from the code. It runs in the folder of package.json. */
for (const { path, text } of await documents()) {
  mkdirSync(dirname(join(process.cwd(), path)), { recursive: true });
  writeFileSync(join(process.cwd(), path), text);
  process.stdout.write(`${path}\n`);
}
