import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { definitionFiles } from '../../libs/fhir/definitions/definitions.ts';
import { exampleFiles } from '../../libs/fhir/definitions/examples.ts';
import { topicCodes } from '../../libs/fhir/definitions/topic-codes.ts';
import { errorsIn, validateAll } from './validator.ts';

const FOLDER = join('schemas', 'fhir');

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(FOLDER, join(entry.parentPath, entry.name)))
    .sort();
}

describe('schemas/fhir', () => {
  const fresh = [...definitionFiles(), ...exampleFiles()];

  it('holds what the code says, and nothing else (write it anew: libs/fhir/definitions/write.ts)', () => {
    expect(filesBelow(FOLDER)).toEqual(fresh.map(({ path }) => path).sort());
    for (const { path, resource } of fresh) {
      expect(JSON.parse(readFileSync(join(FOLDER, path), 'utf8'))).toEqual(JSON.parse(JSON.stringify(resource)));
    }
  });

  it('has beside it the codes that the schemas of the topics allow, as the code says them', () => {
    const codes: unknown = JSON.parse(readFileSync(join('schemas', 'topics', 'codes.json'), 'utf8'));
    expect(codes).toEqual(topicCodes());
  });

  it('holds examples and definitions that HL7’s validator finds right', async () => {
    const issues = await validateAll(fresh.map(({ path, resource }) => ({ name: path, resource })));
    expect(errorsIn(issues)).toEqual([]);
  });
});
