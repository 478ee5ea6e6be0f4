import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  rmdirSync,
  statfsSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { readRecord } from './part.ts';
import { StartProblem } from './start-problem.ts';

/*
 * What a state folder holds hangs together: the ids of the stays on the secret, the positions in PostgreSQL on Kafka's log.
 * A start therefore makes something only where there has never been one, and never deletes what holds data: a file that
 * is missing was lost, and the one line that says so tells which copy it has to come from.
 *
 * Whether there has been one is told by what is written right after it: `callers.json` after the id secret,
 * `postgres.json` after the database, `kafka.json` after Kafka's data.
 */

/** Files and folders that any earlier start has left, the first one a start makes being the id secret. */
const LEFT_BY_A_START = [
  'id-secret',
  'callers.json',
  'postgres.json',
  'postgres.password',
  'kafka.json',
  'kafka/data',
  'postgres/data',
];
/** An empty database and an empty Kafka take 60 MB, and PostgreSQL stops for want of the next 16 MB of its log. */
const LEAST_FREE_BYTES = 150 * 1024 * 1024;

/** A state folder that is there. */
export interface StateFolder {
  /** Absolute, and real (no links in it). */
  readonly path: string;
  /** No earlier start has left anything in it. */
  readonly isNew: boolean;
}

/**
 * Makes the state folder (0700) when it is missing, and looks at what there is. Nothing in it is changed.
 * @throws StartProblem when no folder can be there, or its disk is full
 */
export function openStateFolder(wanted: string): StateFolder {
  const path = made(wanted);
  const { bavail, bsize } = statfsSync(path);
  if (bavail * bsize < LEAST_FREE_BYTES) {
    const free = Math.floor((bavail * bsize) / (1024 * 1024));
    throw new StartProblem(
      `the disk of the state folder ${path} has only ${free} MB left`,
      'make room, 150 MB at least, or set BRYGGAN_DATA to a folder on another disk',
    );
  }
  return { path, isNew: !LEFT_BY_A_START.some((name) => existsSync(join(path, name))) };
}

function made(path: string): string {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    return realpathSync(path);
  } catch (error) {
    const code = codeOf(error) === 'ENOENT' ? whyUnmade(path) : codeOf(error);
    throw new StartProblem(`the state folder ${path} cannot be made (${code})`, 'set BRYGGAN_DATA to another folder');
  }
}

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : 'unknown');

const mayWrite = (folder: string): void => {
  accessSync(folder, constants.W_OK);
};

/**
 * Node's recursive mkdir says ENOENT where the disk can only be read: the nearest folder that is there says why.
 * @param probe throws what keeps a folder from being written in
 * @returns the code of it, ENOENT when nothing does
 */
export function whyUnmade(path: string, probe = mayWrite): string {
  let folder = resolve(path);
  while (!existsSync(folder) && dirname(folder) !== folder) folder = dirname(folder);
  try {
    probe(folder);
    return 'ENOENT';
  } catch (error) {
    return codeOf(error);
  }
}

/**
 * A secret made anew would give every stay a second identity: notices would be told again under new ids.
 * @throws StartProblem when the id secret of a state that has been used is missing
 */
export function requireIdSecret(stateDir: string): void {
  if (existsSync(join(stateDir, 'id-secret'))) return;
  const used = ['callers.json', 'postgres.json'].some((name) => existsSync(join(stateDir, name)));
  if (used) throw missing(stateDir, 'id-secret', 'the ids of all stays rest on it');
}

/**
 * @param record of the part, written once its data had been made
 * @param witness a file that every such data folder has
 * @throws StartProblem when the data of a part have been there and are gone, or are no longer whole
 */
export function requireData(
  stateDir: string,
  record: 'postgres.json' | 'kafka.json',
  data: string,
  witness: string,
): void {
  if (existsSync(join(data, witness))) return;
  if (readRecord(join(stateDir, record)) !== undefined)
    throw missing(stateDir, data, 'the state is nothing without it');
  if (existsSync(data) && readdirSync(data).length > 0)
    throw missing(stateDir, join(data, witness), `${data} is not whole`);
}

/** @returns the refusal of a start on a state from which something is lost */
export function missing(stateDir: string, what: string, why: string): StartProblem {
  return new StartProblem(
    `${what} of the state ${stateDir} is missing, and ${why}`,
    'put it back from a copy of the state, or set BRYGGAN_DATA to a new folder',
  );
}

/** Removes a folder that holds nothing; anything else stays. */
export function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // not there, or it holds something
  }
}
