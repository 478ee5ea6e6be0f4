import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The folder of package.json, from the sources and from `dist` alike. */
function rootFrom(folder: string): string {
  return existsSync(join(folder, 'package.json')) ? folder : rootFrom(dirname(folder));
}

const ROOT = rootFrom(import.meta.dirname);

/** What of the project is ours to read: the rest is installed, built or state. */
const FOLDERS = ['apps', 'libs', 'deploy', 'test', 'schemas', 'docs'];

/** Every file of the project, as a path from its root. Read once: the tests of this folder ask for it again and again. */
export const FILES: readonly string[] = [
  ...readdirSync(ROOT, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name),
  ...FOLDERS.flatMap(filesBelow),
];

function filesBelow(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : filesBelow(path);
    return entry.isFile() ? [path] : [];
  });
}

export function textOf(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

/** The files with one of these endings, but for the tests of this folder, which name what must not be found. */
export function filesEnding(...endings: readonly string[]): readonly string[] {
  return FILES.filter(
    (path) =>
      endings.some((ending) => path.endsWith(ending)) && !path.startsWith('test/docs/') && path !== 'package-lock.json',
  );
}
