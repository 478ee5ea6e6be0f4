// Writes schemas/fhir and schemas/topics/codes.json anew: `node --conditions=source libs/fhir/definitions/write.ts`.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { definitionFiles } from './definitions.ts';
import { exampleFiles } from './examples.ts';
import { topicCodes } from './topic-codes.ts';

const folder = join(import.meta.dirname, '..', '..', '..', 'schemas');

function write(file: string, content: object): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(content, null, 2)}\n`);
}

rmSync(join(folder, 'fhir'), { recursive: true, force: true });
for (const { path, resource } of [...definitionFiles(), ...exampleFiles()]) write(join(folder, 'fhir', path), resource);
write(join(folder, 'topics', 'codes.json'), topicCodes());
