// Runs on Node 20 without any dependency: it is used before `npm ci`.
import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '..', '..');
const KAFKA_POM = join(here, 'kafka', 'pom.xml');

/** The version that a pom states for itself: its first <version>. */
function versionOf(pom) {
  const version = /<version>([^<]+)<\/version>/.exec(readFileSync(pom, 'utf8'))?.[1];
  if (version === undefined) throw new Error(`no version in ${pom}`);
  return version;
}

/** @returns {string} where the jars of a pom belong: `.parts/<name>/<version>` */
function jarsFolder(name, pom) {
  return join(root, '.parts', name, versionOf(pom));
}

/**
 * Resolves the jars of a pom with Maven, once: into a folder beside, renamed when whole, so that a kill half way
 * leaves nothing that looks finished.
 * @param {{name: string, pom: string, onStart?: () => void, onChild?: (child: import('node:child_process').ChildProcess) => void}} wanted
 * @returns {Promise<string>} the folder with the jars; rejects with what Maven said
 */
export async function resolveJars({ name, pom, onStart, onChild }) {
  const folder = jarsFolder(name, pom);
  if (existsSync(folder)) return folder;
  onStart?.();
  mkdirSync(dirname(folder), { recursive: true });
  const unfinished = mkdtempSync(`${folder}.unfinished-`);
  try {
    await maven(['-f', pom, 'dependency:copy-dependencies', `-DoutputDirectory=${unfinished}`], onChild);
    if (!readdirSync(unfinished).some((file) => file.endsWith('.jar'))) throw new Error('Maven copied no jar');
    // A temporary folder is its maker's alone; whoever may read the checkout may run its Kafka.
    chmodSync(unfinished, 0o755);
    try {
      renameSync(unfinished, folder);
    } catch (error) {
      if (!existsSync(folder)) throw error; // else another start was faster: its folder is as good
    }
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
  return folder;
}

function maven(args, onChild) {
  return new Promise((resolve, reject) => {
    const child = spawn('mvn', ['-q', '-B', ...args], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    onChild?.(child);
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk));
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) return resolve();
      const errors = said.split('\n').filter((line) => line.includes('[ERROR]'));
      reject(new Error((errors[0] ?? said.trim()) || `mvn ended with ${code}`));
    });
  });
}

/** @returns {Promise<string>} the folder with Kafka's jars, resolved when it is not there yet */
export const kafkaJars = (options = {}) => resolveJars({ name: 'kafka', pom: KAFKA_POM, ...options });

/** @returns {string} the folder where Kafka's jars belong */
export const kafkaJarsFolder = () => jarsFolder('kafka', KAFKA_POM);
