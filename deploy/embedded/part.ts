import { execFile, type ExecFileOptions } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import type { ProcessIdentity } from './process-identity.ts';
import { StartProblem } from './start-problem.ts';

/** Where a part says what it does, a line at a time. */
export type ProgressLog = (line: string) => void;

/** A PostgreSQL or a Kafka that runs, started here or found running and adopted. */
export interface EmbeddedPart {
  readonly name: string;
  readonly process: ProcessIdentity;
  readonly pid: number;
  readonly port: number;
  /** What it writes about itself. */
  readonly logFile: string;
  /** Found alive and healthy, so not started by us. */
  readonly adopted: boolean;
  /** Orderly stop, then force; never throws. */
  stop(): Promise<void>;
  /** SIGKILL and nothing else: what a crash does. */
  kill(): Promise<void>;
  /** Freezes the part (SIGSTOP) as a stalled machine would; for fault tests. */
  pause(): void;
  resume(): void;
}

/** What is kept about a part in the state folder, so that the next start knows it again. */
export interface PartRecord extends ProcessIdentity {
  readonly port: number;
  /** Where its data lie; for PostgreSQL not always inside the state folder (contract 1). */
  readonly dataDir: string;
  /** The state folder that the record was written for: tells a copied folder from the first. */
  readonly stateDir: string;
  /** Everything it was started with: a part with other settings is not adopted. */
  readonly settings: string;
}

/** @returns the record of a part, or undefined when there is none that can be read */
export function readRecord(file: string): PartRecord | undefined {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const record = value as Record<string, unknown>;
  const { pid, port, startTime, dataDir, stateDir, settings } = record;
  if (typeof pid !== 'number' || typeof port !== 'number' || typeof startTime !== 'string') return undefined;
  if (typeof dataDir !== 'string' || typeof stateDir !== 'string' || typeof settings !== 'string') return undefined;
  return { pid, port, startTime, dataDir, stateDir, settings };
}

/** Writes a file so that a kill half way leaves the old one or the new one, never a half. Mode 0600. */
export function writeWhole(file: string, content: string): void {
  const temporary = `${file}.${process.pid}.new`;
  writeFileSync(temporary, content, { mode: 0o600 });
  renameSync(temporary, file);
}

/** Keeps a part's record (mode 0600). */
export function writeRecord(file: string, record: PartRecord): void {
  writeWhole(file, `${JSON.stringify(record, null, 2)}\n`);
}

const LARGEST_LOG = 10 * 1024 * 1024;

/**
 * Opens a part's own log for appending (mode 0600), kept small from the start on.
 * @returns a file descriptor, to be closed after the spawn
 */
export function openLog(file: string): number {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  keepLogSmall(file);
  const descriptor = openSync(file, 'a', 0o600);
  chmodSync(file, 0o600);
  return descriptor;
}

/**
 * A log above 10 MB becomes `<file>.1`, the one before that goes. The part that writes it holds it open for appending and
 * goes on in the same file: it is copied and emptied, and what is written in between the two is lost.
 */
export function keepLogSmall(file: string): void {
  try {
    if (statSync(file).size <= LARGEST_LOG) return;
    copyFileSync(file, `${file}.1`);
    chmodSync(`${file}.1`, 0o600);
    truncateSync(file);
  } catch {
    // none yet, or a full disk: it is tried again
  }
}

const execute = promisify(execFile);

/**
 * Runs a tool of a part to its end.
 * @param making what it is to make, for the line that says that it could not
 * @throws StartProblem with the last words of the tool
 */
export async function runTool(
  making: string,
  command: string,
  args: string[],
  options: ExecFileOptions,
): Promise<void> {
  try {
    await execute(command, args, options);
  } catch (error) {
    const { stderr, stdout, message } = error as Error & { stderr: string; stdout: string };
    const said = [stderr, stdout, message].find((text) => text.trim() !== '') ?? '';
    const words = said.trim().split('\n').slice(-3).join(' | ').slice(-400);
    throw new StartProblem(`${making} could not be made (${words})`, 'mend that, then start again');
  }
}

/** @returns the last lines of a log, for the one line that says why a part did not start */
export function lastLines(file: string, count = 3): string {
  try {
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
    return lines.slice(-count).join(' | ').slice(-600);
  } catch {
    return 'no log';
  }
}

/** Removes what a kill half way left behind; missing is fine. */
export function removeQuietly(path: string): void {
  rmSync(path, { recursive: true, force: true });
}
