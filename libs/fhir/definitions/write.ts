// Writes schemas/fhir and schemas/topics/codes.json anew: `node --conditions=source libs/fhir/definitions/write.ts`.
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { definitionFiles } from './definitions.ts';
import { exampleFiles, incomingExampleFiles } from './examples.ts';
import { topicCodes } from './code-systems.ts';

const folder = join(import.meta.dirname, '..', '..', '..', 'schemas');

function write(file: string, content: object): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(content, null, 2)}\n`);
}

// All but the statement of capabilities, which the API makes itself (`npm run documents`).
for (const { name } of readdirSync(join(folder, 'fhir'), { withFileTypes: true })) {
  if (name !== 'capability-statements') rmSync(join(folder, 'fhir', name), { recursive: true });
}
for (const { path, resource } of [...definitionFiles(), ...exampleFiles(), ...incomingExampleFiles()]) {
  write(join(folder, 'fhir', path), resource);
}
write(join(folder, 'topics', 'codes.json'), topicCodes());
