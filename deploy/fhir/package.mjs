// `npm run package:fhir`: makes of schemas/fhir a FHIR package (https://confluence.hl7.org/display/FHIR/NPM+Package+Specification)
// that validators load by name or from the file. The same files give the same bytes.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const ROOT = join(import.meta.dirname, '..', '..');
const SOURCE = join(ROOT, 'schemas', 'fhir');
/** Right examples go along as examples; the wrong ones would make the package invalid. */
const EXAMPLES = /^examples\/(?!in-wrong\/)/;
const WRONG = /^examples\/in-wrong\//;
const BLOCK = 512;

/** @param {string} folder @returns {{ path: string, resource: Record<string, any> }[]} */
function resourcesBelow(folder) {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.json'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((file) => ({
      path: relative(folder, file).replaceAll('\\', '/'),
      resource: JSON.parse(readFileSync(file, 'utf8')),
    }));
}

/** @param {Record<string, any>} guide the ImplementationGuide, which names the package */
function manifestOf(guide) {
  return {
    name: guide.packageId,
    version: guide.version,
    'tools-version': 3,
    type: 'IG',
    date: `${guide.date.replaceAll('-', '')}000000`,
    license: guide.license,
    canonical: guide.url.replace(/\/ImplementationGuide\/.*$/, ''),
    url: guide.url,
    title: guide.title,
    description: guide.description,
    fhirVersions: guide.fhirVersion,
    dependencies: { 'hl7.fhir.r4.core': guide.fhirVersion[0] },
    author: guide.publisher,
    directories: { lib: 'package', example: 'example' },
  };
}

/** @param {string} filename @param {Record<string, any>} resource */
const indexed = (filename, { resourceType, id, url, version, kind, type }) => ({
  ...{ filename, resourceType, id, url, version },
  // Of a StructureDefinition alone: elsewhere these names mean something else.
  ...(resourceType === 'StructureDefinition' && { kind, type }),
});

/** @param {string} name @param {Buffer} bytes one file as a tar archive (POSIX ustar) holds it */
function tarEntry(name, bytes) {
  if (Buffer.byteLength(name) > 100) throw new Error(`${name}: longer than tar takes`);
  const header = Buffer.alloc(BLOCK);
  /** @param {number} value @param {number} length */
  const octal = (value, length) => `${value.toString(8).padStart(length - 1, '0')}\0`;
  header.write(name, 0, 'utf8');
  header.write(octal(0o644, 8) + octal(0, 8) + octal(0, 8) + octal(bytes.length, 12) + octal(0, 12), 100, 'latin1');
  header.write(' '.repeat(8), 148, 'latin1');
  header.write('0', 156, 'latin1');
  header.write('ustar\u000000', 257, 'latin1');
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return Buffer.concat([header, bytes, Buffer.alloc((BLOCK - (bytes.length % BLOCK)) % BLOCK)]);
}

/** @param {unknown} value */
const json = (value) => Buffer.from(`${JSON.stringify(value, null, 2)}\n`);

/**
 * @returns {{ name: string, version: string, bytes: Buffer }} the package, gzipped
 * @throws when schemas/fhir has no ImplementationGuide, or two resources of one name
 */
export function fhirPackage() {
  const all = resourcesBelow(SOURCE).filter(({ path }) => !WRONG.test(path));
  const guide = all.find(({ resource }) => resource.resourceType === 'ImplementationGuide')?.resource;
  if (guide === undefined) throw new Error('schemas/fhir has no ImplementationGuide');
  const conformance = all.filter(({ path }) => !EXAMPLES.test(path));
  const examples = all.filter(({ path }) => EXAMPLES.test(path));
  const files = conformance.map(({ resource }) => ({
    filename: `${resource.resourceType}-${resource.id}.json`,
    resource,
  }));
  const exampleFiles = examples.map(({ path, resource }) => ({
    filename: `${resource.resourceType}-${path.replace('examples/', '').replaceAll('/', '-')}`,
    resource,
  }));
  for (const list of [files, exampleFiles]) {
    if (new Set(list.map(({ filename }) => filename)).size !== list.length) throw new Error('two files of one name');
  }
  /** @param {typeof files} list */
  const index = (list) => ({
    'index-version': 2,
    files: list.map(({ filename, resource }) => indexed(filename, resource)),
  });
  const manifest = manifestOf(guide);
  const entries = [
    tarEntry('package/package.json', json(manifest)),
    tarEntry('package/.index.json', json(index(files))),
    ...files.map(({ filename, resource }) => tarEntry(`package/${filename}`, json(resource))),
    tarEntry('package/example/.index.json', json(index(exampleFiles))),
    ...exampleFiles.map(({ filename, resource }) => tarEntry(`package/example/${filename}`, json(resource))),
  ];
  const bytes = gzipSync(Buffer.concat([...entries, Buffer.alloc(2 * BLOCK)]), { level: 9 });
  return { name: manifest.name, version: manifest.version, bytes };
}

/** @param {string} folder where the file goes @returns {string} its path */
export function writeFhirPackage(folder) {
  const { name, version, bytes } = fhirPackage();
  if (!existsSync(folder)) mkdirSync(folder, { recursive: true });
  const file = join(folder, `${name}-${version}.tgz`);
  writeFileSync(file, bytes);
  return file;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const file = writeFhirPackage(process.argv[2] ?? join(ROOT, 'dist', 'fhir'));
  process.stdout.write(`${basename(file)}: ${file}\n`);
}
