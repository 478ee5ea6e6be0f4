import { dirname, join, normalize } from 'node:path';
import { FILES } from './project-files.ts';

const FOLDERS: ReadonlySet<string> = new Set(FILES.flatMap(foldersAbove));

/** Files of the state folder, which are made by a start. */
const STATE = new Set([
  ...['hub.json', 'postgres.json', 'kafka.json', 'clock.json', 'callers.json'],
  ...['kafka-users.json', 'kafka-callers.json'],
]);
/** Folders that an installation, a build or a start makes. */
const MADE = /^(?:\.bryggan|\.parts|dist|node_modules)\//;
const FILE_NAME = /\.(?:ts|mjs|cjs|json|md|ya?ml|xml|txt)$/;

function foldersAbove(path: string): string[] {
  const above = dirname(path);
  return above === '.' ? [] : [above, ...foldersAbove(above)];
}

/**
 * The paths that a page names in backquotes or links and that lead to nothing.
 * @param page its path from the root; names count from its folder, that folder's `src` and the root
 * @param text of the page
 */
export function lostPaths(page: string, text: string): string[] {
  const quoted = [...text.replace(/^```[\s\S]*?^```/gm, '').matchAll(/`([^`]+)`/g)].map(([, span = '']) => span);
  const linked = [...text.matchAll(/\]\(([^)#\s]+)(?:#[^)\s]*)?\)/g)].map(([, target = '']) => target);
  return [
    ...quoted.filter((span) => isPath(page, span) && !leadsSomewhere(page, span)),
    ...linked.filter((target) => !/^[a-z]+:/.test(target) && !exists(normalize(join(dirname(page), target)))),
  ];
}

function isPath(page: string, span: string): boolean {
  if (!/^[\w@.{},*/-]+$/.test(span) || MADE.test(span) || STATE.has(span)) return false;
  if (FILE_NAME.test(span)) return true;
  const [first = '', ...rest] = span.split('/');
  return rest.length > 0 && first !== '' && bases(page).some((base) => FOLDERS.has(join(base, first)));
}

function leadsSomewhere(page: string, span: string): boolean {
  const name = span.replace(/\/$/, '');
  const pattern = new RegExp(`^${globOf(name)}$`);
  if (bases(page).some((base) => [...FOLDERS, ...FILES].some((path) => pattern.test(relativeTo(base, path)))))
    return true;
  // A bare name is a file anywhere below its page.
  const below = dirname(page) === '.' || page.startsWith('docs/') ? '' : `${dirname(page)}/`;
  return (
    !name.includes('/') && FILES.some((path) => path.startsWith(below) && pattern.test(path.split('/').at(-1) ?? ''))
  );
}

function bases(page: string): readonly string[] {
  const folder = dirname(page);
  return [folder, join(folder, 'src'), '.'];
}

function relativeTo(base: string, path: string): string {
  if (base === '.') return path;
  return path.startsWith(`${base}/`) ? path.slice(base.length + 1) : '';
}

function exists(path: string): boolean {
  return FILES.includes(path) || FOLDERS.has(path.replace(/\/$/, ''));
}

/** `*` within a name, `{a,b}` for either. */
function globOf(name: string): string {
  return name
    .replace(/[.+]/g, '\\$&')
    .replace(/\*+/g, '[^/]*')
    .replace(/\{([^}]*)\}/g, (_, list: string) => `(?:${list.split(',').join('|')})`)
    .replace(/^\\\.\//, '');
}
