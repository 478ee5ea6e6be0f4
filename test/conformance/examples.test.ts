import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readIncoming } from '#libs/fhir';
import { fhirPackage, writeFhirPackage } from '../../deploy/fhir/package.mjs';
import { definitionFiles } from '../../libs/fhir/definitions/definitions.ts';
import { exampleFiles, incomingExampleFiles } from '../../libs/fhir/definitions/examples.ts';
import { topicCodes } from '../../libs/fhir/definitions/code-systems.ts';
import { errorsIn, validateAll } from './validator.ts';

const FOLDER = join('schemas', 'fhir');

interface Index {
  readonly 'index-version': number;
  readonly files: readonly ({ readonly filename: string } & Readonly<Record<string, unknown>>)[];
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(FOLDER, join(entry.parentPath, entry.name)))
    .sort();
}

describe('schemas/fhir', () => {
  const incoming = incomingExampleFiles();
  const fresh = [...definitionFiles(), ...exampleFiles(), ...incoming];
  /** Made by the API itself; `test/docs` holds it equal. */
  const capabilities = 'capability-statements/bryggan.json';
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bryggan-package-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('holds what the code says, and nothing else (write it anew: libs/fhir/definitions/write.ts)', () => {
    expect(filesBelow(FOLDER)).toEqual([...fresh.map(({ path }) => path), capabilities].sort());
    for (const { path, resource } of fresh) {
      expect(JSON.parse(readFileSync(join(FOLDER, path), 'utf8'))).toEqual(JSON.parse(JSON.stringify(resource)));
    }
  });

  it('has beside it the codes that the schemas of the topics allow, as the code says them', () => {
    const codes: unknown = JSON.parse(readFileSync(join('schemas', 'topics', 'codes.json'), 'utf8'));
    expect(codes).toEqual(topicCodes());
  });

  it('is a package that validators load by name, in which HL7’s finds right what is right, and wrong what is wrong', async () => {
    const file = writeFhirPackage(folder);
    const stated: unknown = JSON.parse(readFileSync(join(FOLDER, capabilities), 'utf8'));
    const named = fresh.map(({ path, resource }) => ({ name: path, resource }));
    const issues = errorsIn(await validateAll([...named, { name: capabilities, resource: stated }], file));
    const wrong = new Set(incoming.filter(({ isRight }) => !isRight).map(({ path }) => path));
    expect(issues.filter(({ name }) => !wrong.has(name))).toEqual([]);
    // Each is wrong by our own profile, and by the reader, which says where and which rule.
    const refused = new Set(issues.filter(({ message }) => /bry-|bryggan-in-/.test(message)).map(({ name }) => name));
    expect([...wrong].filter((name) => !refused.has(name))).toEqual([]);
  });

  it('is a package as the NPM package specification has it: what Firely’s tools and registries read', () => {
    execFileSync('tar', ['-xzf', writeFhirPackage(folder), '-C', folder]);
    const read = (file: string): Record<string, unknown> =>
      JSON.parse(readFileSync(join(folder, 'package', file), 'utf8')) as Record<string, unknown>;
    const manifest = read('package.json');
    expect(manifest).toMatchObject({
      name: expect.stringMatching(/^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/) as unknown,
      version: expect.stringMatching(/^\d+\.\d+\.\d+$/) as unknown,
      type: 'IG',
      fhirVersions: ['4.0.1'],
      dependencies: { 'hl7.fhir.r4.core': '4.0.1' },
      directories: { lib: 'package', example: 'example' },
    });
    for (const field of ['canonical', 'url', 'title', 'description', 'author', 'license']) {
      expect([field, typeof manifest[field]]).toEqual([field, 'string']);
    }
    const own = new Set<unknown>();
    for (const [below, isConformance] of [['', true] as const, ['example/', false] as const]) {
      const { files, 'index-version': version } = read(`${below}.index.json`) as unknown as Index;
      expect(version).toBe(2);
      const there = readdirSync(join(folder, 'package', below)).filter((name) => /^[A-Z].*\.json$/.test(name));
      expect(files.map(({ filename }) => filename).sort()).toEqual(there.sort());
      for (const { filename, ...said } of files) {
        const resource = read(`${below}${filename}`);
        expect({ ...resource, ...said }).toEqual(resource);
        if (!isConformance) continue;
        expect(filename).toBe(`${String(resource['resourceType'])}-${String(resource['id'])}.json`);
        // Ours, and those of others that no package of theirs can be fetched for.
        expect(resource['url']).toMatch(/^https?:\/\//);
        expect(own.has(resource['url'])).toBe(false);
        own.add(resource['url']);
      }
    }
    expect(own.has(manifest['url'])).toBe(true);
  });

  it('the reader refuses the wrong ones, and takes the right ones', () => {
    for (const { path, resource, isRight } of incoming)
      expect([path, readIncoming(resource).ok]).toEqual([path, isRight]);
  });

  it('the package is the same bytes each time', () => {
    expect(fhirPackage().bytes.equals(fhirPackage().bytes)).toBe(true);
  });
});
