// Runs on Node 20 without any dependency: it is what makes the dependencies.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { kafkaJars, kafkaJarsFolder } from './jars.mjs';
import { movingLine } from './moving-line.mjs';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
/** Node 24, an npm package of ours: there once `npm ci` has run. */
export const node24 = join(root, 'node_modules', '.bin', 'node');

const OLDEST_JAVA = 17;
const steps = new Set();

/** A step that cannot be taken, in one line with its remedy. */
export class SetupProblem extends Error {}

/** Ends the step that is under way, when the set-up itself is being stopped. */
export function endSteps() {
  for (const child of steps) child.kill('SIGTERM');
}

/** Runs a command to its end. @returns {Promise<{code: number, said: string}>} */
function run(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], ...options });
    track(child);
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk));
    child.once('error', reject);
    child.once('close', (code) => resolve({ code: code ?? 1, said }));
  });
}

function track(child) {
  steps.add(child);
  child.once('close', () => steps.delete(child));
}

/** Kafka needs Java 17 or later; Maven is needed only while its jars are not there. */
export function checkTools() {
  const home = process.env.JAVA_HOME;
  const own = home ? join(home, 'bin', 'java') : undefined;
  const java = spawnSync(own !== undefined && existsSync(own) ? own : 'java', ['-version'], { encoding: 'utf8' });
  const version = /version "(?:1\.)?(\d+)/.exec(`${java.stderr ?? ''}${java.stdout ?? ''}`)?.[1];
  if (java.error !== undefined || version === undefined) {
    throw new SetupProblem(
      `Java is missing: install Java ${OLDEST_JAVA} or later (Debian: apt-get install openjdk-17-jre-headless)`,
    );
  }
  if (Number(version) < OLDEST_JAVA) {
    throw new SetupProblem(
      `Java ${version} is too old: install Java ${OLDEST_JAVA} or later, or point JAVA_HOME at it`,
    );
  }
  if (!existsSync(kafkaJarsFolder()) && spawnSync('mvn', ['-v'], { stdio: 'ignore' }).error !== undefined) {
    throw new SetupProblem(
      "Maven is missing: install it (Debian: apt-get install maven); it fetches Kafka's jars once",
    );
  }
  return version;
}

/**
 * Whether node_modules is what the lock file asks for, by npm's own account of what it installed: that is written
 * last, so an installation that was killed is not taken for a whole one.
 */
function isInstalled() {
  const read = (file) => JSON.parse(readFileSync(file, 'utf8')).packages;
  try {
    const wanted = read(join(root, 'package-lock.json'));
    const found = read(join(root, 'node_modules', '.package-lock.json'));
    return Object.entries(wanted).every(
      ([path, { version, optional }]) => path === '' || (path in found ? found[path].version === version : optional),
    );
  } catch {
    return false;
  }
}

/**
 * Installs the packages of the lock file when they are not there. Nothing is compiled: no package's own install script
 * runs but that of `node`, which fetches Node 24 (the optional native parts of ssh2 take a minute where a compiler is).
 * @returns {Promise<boolean>} whether it had to
 */
export async function installPackages(say) {
  if (isInstalled() && existsSync(node24)) return false;
  refuseLinkedPackages();
  say('installing (npm ci)');
  const total = packagesOf(join(root, 'package-lock.json')).length;
  const done = movingLine(`      npm fetches and unpacks ${total} packages`);
  try {
    await npm('ci', '--ignore-scripts', '--no-audit', '--no-fund', '--include=dev');
    await npm('rebuild', 'node');
  } finally {
    done();
  }
  return true;
}

async function npm(...args) {
  // What is being replaced must not run the replacing: node_modules/.bin/node is one of the packages.
  const path = (process.env.PATH ?? '').split(delimiter).filter((folder) => !folder.includes('node_modules'));
  const environment = { ...process.env, PATH: path.join(delimiter), npm_config_loglevel: 'error' };
  const { code, said } = await run('npm', args, { env: environment });
  if (code !== 0) throw new SetupProblem(`npm ${args[0]} failed:\n${said.trim().split('\n').slice(0, 15).join('\n')}`);
}

/** `npm ci` empties the folder first: behind a link it would be another checkout's. */
function refuseLinkedPackages() {
  const folder = join(root, 'node_modules');
  if (!lstatSync(folder, { throwIfNoEntry: false })?.isSymbolicLink()) return;
  throw new SetupProblem(
    `${folder} is a link to packages that are not those of package-lock.json: remove the link, then start again`,
  );
}

/** The packages that a lock file names for every machine. */
const packagesOf = (file) =>
  Object.entries(JSON.parse(readFileSync(file, 'utf8')).packages).filter(
    ([path, { optional }]) => path !== '' && !optional,
  );

/** Fetches Kafka's jars when they are not there. */
export async function fetchKafka(say) {
  try {
    return await kafkaJars({ onStart: () => say('fetching its jars (Maven)'), onChild: track });
  } catch (error) {
    throw new SetupProblem(`Kafka's jars could not be fetched: ${error.message}`);
  }
}

const SOURCES = ['apps', 'libs', 'deploy', 'test'];
const STAMP = join(root, 'dist', '.sources');

/** What a build is made of: path, size and time of every source. */
export function sourcesStamp() {
  const hash = createHash('sha256');
  const note = (path) => {
    const { size, mtimeMs } = statSync(join(root, path));
    hash.update(`${path} ${size} ${mtimeMs}\n`);
  };
  for (const folder of SOURCES) {
    const files = existsSync(join(root, folder)) ? readdirSync(join(root, folder), { recursive: true }) : [];
    for (const file of files.sort()) if (/\.(ts|json)$/.test(file)) note(join(folder, file));
  }
  for (const file of ['package.json', 'package-lock.json', 'tsconfig.json', 'tsconfig.build.json']) note(file);
  return hash.digest('hex');
}

/** Builds when a source is newer than the last build. @returns {Promise<boolean>} whether it had to */
export async function build(say) {
  const stamp = sourcesStamp();
  const isBuilt = existsSync(join(root, 'dist', 'deploy', 'embedded', 'main.js'));
  if (isBuilt && existsSync(STAMP) && readFileSync(STAMP, 'utf8') === stamp) return false;
  say('building');
  const { code, said } = await run(node24, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json']);
  if (code !== 0) throw new SetupProblem(`The build failed:\n${said.trim().split('\n').slice(0, 15).join('\n')}`);
  noteBuilt(stamp);
  return true;
}

/** What is in dist was made of the sources of that stamp, which was taken before: what changed meanwhile is built anew. */
export function noteBuilt(stamp) {
  mkdirSync(dirname(STAMP), { recursive: true });
  writeFileSync(STAMP, stamp);
}
