import { chmodSync, closeSync, fstatSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { destination, type DestinationStream, type Logger, pino, stdTimeFunctions } from 'pino';
import { looksLikePersonNumber } from './person-number-guard.ts';
import { traceIdOf } from './trace.ts';

/** Scalars alone: an object in a log is how a message body gets there. */
export type LogValue = string | number | boolean | bigint | null | undefined;
export type LogFields = Readonly<Record<string, LogValue>>;
export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** `event` is a constant name (`inbound-stored`), never a sentence with content; ids and counts are fields. */
export interface Log {
  debug(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
  /** The same log with fields on every line. */
  child(fields: LogFields): Log;
  /** The same log with the trace id of a traceparent on every line; without a valid one, itself. */
  withTrace(traceparent: string | undefined): Log;
}

export interface LogOptions {
  readonly level: LogLevel;
  /** Written to this file (see `LogFile`); without it to stdout. */
  readonly file?: string;
  readonly name?: string;
  /** For tests: where the lines go. */
  readonly destination?: DestinationStream;
}

/** A structured log, one JSON line per event. A value that looks like a person number is withheld and said to be. */
export function createLog({ level, file, name, destination: given }: LogOptions): Log {
  // Written at once: the lines before a kill -9 are the ones that are needed.
  const to = given ?? (file === undefined ? destination({ dest: 1, sync: true }) : new LogFile(file));
  const base = name === undefined ? {} : { name };
  return wrap(
    pino(
      {
        level,
        base,
        messageKey: 'event',
        timestamp: stdTimeFunctions.isoTime,
        formatters: { level: (label) => ({ level: label }) },
      },
      to,
    ),
  );
}

function wrap(logger: Logger): Log {
  const at =
    (level: LogLevel) =>
    (event: string, fields: LogFields = {}): void => {
      if (logger.isLevelEnabled(level)) logger[level](guarded(fields), guardedText(event));
    };
  const child = (fields: LogFields): Log => wrap(logger.child(guarded(fields)));
  const log: Log = {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child,
    withTrace: (traceparent) => {
      const trace = traceIdOf(traceparent);
      return trace === undefined ? log : child({ trace });
    },
  };
  return log;
}

function guarded(fields: LogFields): Record<string, LogValue> {
  const safe: Record<string, LogValue> = {};
  for (const [key, value] of Object.entries(fields)) safe[guardedText(key)] = guardedValue(value);
  return safe;
}

function guardedValue(value: LogValue): LogValue {
  if (typeof value === 'string') return guardedText(value);
  // JSON has no bigint: offsets are written as text.
  if (typeof value === 'bigint') return guardedText(value.toString());
  if (typeof value === 'number') return looksLikePersonNumber(value.toString()) ? WITHHELD : value;
  // The type keeps objects out; a caller that got round it must not get content in.
  return isScalar(value) ? value : WITHHELD;
}

function isScalar(value: unknown): boolean {
  return value === null || typeof value !== 'object';
}

const WITHHELD = '[withheld]';

function guardedText(text: string): string {
  return looksLikePersonNumber(text) ? WITHHELD : text;
}

/** A log that says nothing, for tests. */
export const silentLog: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => silentLog,
  withTrace: () => silentLog,
};

const LARGEST_BYTES = 20 * 1024 * 1024;
/** `hub.log.1` is the youngest of the old ones. */
const KEPT = 4;

/**
 * A log file that cannot fill a disk: above 20 MB it becomes `<file>.1`, and the four youngest of the old ones are kept.
 * Mode 0600, whatever mode an earlier version gave it. Each line is with the kernel when `write` returns: the lines before
 * a kill -9 are the ones that are needed.
 *
 * A line that cannot be written (the disk is full) is dropped, and the next one that can be is preceded by how many were: a
 * hub that stops for want of a log line would stop taking in messages.
 */
export class LogFile {
  readonly #file: string;
  readonly #largest: number;
  #descriptor: number;
  #bytes: number;
  #dropped = 0;

  /**
   * @param file its folders are made (0700)
   * @param largest bytes after which a new file is begun
   * @throws the system's error when the file cannot be opened
   */
  constructor(file: string, largest = LARGEST_BYTES) {
    this.#file = file;
    this.#largest = largest;
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    [this.#descriptor, this.#bytes] = opened(file);
  }

  /** @param line ends with its line feed */
  write(line: string): void {
    try {
      if (this.#bytes >= this.#largest) this.#rotate();
      if (this.#dropped > 0) this.#append(`{"level":"warn","event":"log.lines-dropped","lines":${this.#dropped}}\n`);
      this.#dropped = 0;
      this.#append(line);
    } catch {
      this.#dropped += 1;
    }
  }

  #append(line: string): void {
    this.#bytes += writeSync(this.#descriptor, line);
  }

  #rotate(): void {
    for (let age = KEPT; age >= 1; age -= 1) {
      const from = age === 1 ? this.#file : `${this.#file}.${age - 1}`;
      try {
        renameSync(from, `${this.#file}.${age}`);
      } catch {
        // there are not that many yet
      }
    }
    const old = this.#descriptor;
    [this.#descriptor, this.#bytes] = opened(this.#file);
    closeSync(old);
  }
}

function opened(file: string): [descriptor: number, bytes: number] {
  const descriptor = openSync(file, 'a', 0o600);
  const { size, mode } = fstatSync(descriptor);
  if (fstatSync(descriptor).isFile() && (mode & 0o077) !== 0) chmodSync(file, 0o600);
  return [descriptor, size];
}

interface Kind {
  readonly event: string;
  readonly labels: LogFields;
  sums: Record<string, number>;
}

/**
 * One line per interval and kind for what a stranger can cause without end: 4 MB of broken frames once made 124 MB of log.
 * The first of a kind is told at once; those that follow are told together, with their number, when the interval is over.
 * Labels must be of a bounded set, since each combination of them is a kind, kept while it goes on.
 */
export class CountedLog {
  readonly #log: Log;
  readonly #everyMillis: number;
  readonly #kinds = new Map<string, Kind>();
  #timer: NodeJS.Timeout | undefined;

  constructor(log: Log, everyMillis: number) {
    this.#log = log;
    this.#everyMillis = everyMillis;
  }

  /** Counts one of a kind; `sums` are added up over the interval. */
  tell(event: string, labels: LogFields, sums: Readonly<Record<string, number>> = {}): void {
    const key = JSON.stringify([event, labels]);
    const kind = this.#kinds.get(key);
    if (kind !== undefined) {
      kind.sums = added(kind.sums, { count: 1, ...sums });
      return;
    }
    this.#log.info(event, { ...labels, count: 1, ...sums });
    this.#kinds.set(key, { event, labels, sums: {} });
    this.#timer ??= setInterval(() => this.#tellAll(), this.#everyMillis).unref();
  }

  /** Tells what has been counted and not yet told. */
  stop(): void {
    this.#tellAll();
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#kinds.clear();
  }

  #tellAll(): void {
    for (const [key, kind] of this.#kinds) {
      // A kind that was silent for an interval is forgotten: its next one is told at once.
      if (kind.sums['count'] === undefined) this.#kinds.delete(key);
      else this.#log.info(kind.event, { ...kind.labels, ...kind.sums });
      kind.sums = {};
    }
  }
}

function added(sums: Readonly<Record<string, number>>, more: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(more).map(([name, value]) => [name, (sums[name] ?? 0) + value]));
}
