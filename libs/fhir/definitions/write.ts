// Writes schemas/fhir anew: `node --conditions=source libs/fhir/definitions/write.ts`.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { definitionFiles } from './definitions.ts';
import { exampleFiles } from './examples.ts';

const folder = join(import.meta.dirname, '..', '..', '..', 'schemas', 'fhir');

rmSync(folder, { recursive: true, force: true });
for (const { path, resource } of [...definitionFiles(), ...exampleFiles()]) {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(resource, null, 2)}\n`);
}
