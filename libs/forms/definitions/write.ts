// Writes schemas/forms anew: `node --conditions=source libs/forms/definitions/write.ts`.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { formSchemas } from './form-schemas.ts';

const folder = join(import.meta.dirname, '..', '..', '..', 'schemas', 'forms');
mkdirSync(folder, { recursive: true });
for (const { name, schema } of formSchemas()) {
  writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(schema, null, 2)}\n`);
}
