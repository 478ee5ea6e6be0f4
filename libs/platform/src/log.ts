import { destination, pino, stdTimeFunctions, type DestinationStream, type Logger } from 'pino';
import { LogFile } from './log-file.ts';
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
