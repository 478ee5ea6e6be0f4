import { ERRORS, type FaultName } from './errors.ts';
import type { LogFields } from './log.ts';

/** SQLSTATE classes whose messages are about the server, not about values of rows: connection, resources, schema, operator. */
const SERVER_CLASSES = new Set(['08', '25', '40', '42', '53', '55', '57', '58']);

/**
 * What may be logged of an error: its name, code, place in the code, and the message only where it is known to hold no
 * content (Kafka, the system, PostgreSQL about itself). A message of JSON.parse quotes the record it choked on.
 */
export function errorFields(error: unknown): LogFields {
  if (!isError(error)) return { error: typeof error };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  const fields: Record<string, string> = { error: error.name };
  if (code !== undefined) fields.errorCode = code;
  if (isFreeOfContent(error, code)) fields.errorMessage = error.message.slice(0, 300);
  const place = firstFrames(error);
  if (place !== undefined) fields.errorAt = place;
  return fields;
}

function isFreeOfContent(error: Error, code: string | undefined): boolean {
  if (error.name.startsWith('KafkaJS') || 'syscall' in error) return true;
  return code !== undefined && /^[0-9A-Z]{5}$/.test(code) && SERVER_CLASSES.has(code.slice(0, 2));
}

function firstFrames(error: Error): string | undefined {
  // Only lines that are frames: the stack begins with the message, which may run over several lines.
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at .*:\d+:\d+\)?$/.test(line));
  return frames.length === 0
    ? undefined
    : frames
        .slice(0, 4)
        .map((line) => line.trim().slice(3))
        .join(' < ');
}

/** What the operator can do about a system error of a file. */
const FILE_REMEDIES: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full: make room on it',
  EDQUOT: 'the quota is used up: make room',
  EROFS: 'the file system is read-only: mount it for writing, or name another place',
  EACCES: 'permission denied: give it to the user that runs Bryggan, or name another place',
  EPERM: 'not permitted: give it to the user that runs Bryggan, or name another place',
  EIO: 'the disk reports an error: see the system log',
  ENOENT: 'it is not there: put it back, or name another place',
  ENOTDIR: 'a part of the path is no folder: name another place',
  EISDIR: 'it is a folder: remove it, or name another place',
  EMFILE: 'too many open files: raise the limit (ulimit -n)',
};

/** What is wrong with a Kafka that answers, by the word of libs/messaging for it. */
const KAFKA_FAULTS: ReadonlyMap<unknown, FaultName> = new Map([
  ['topic-partitions', 'topic-mismatch'],
  ['not-durable', 'not-durable'],
]);

/**
 * In how few words a start says why it failed. What its user can mend is a line, without frames: wrong settings and county
 * files (a line each), coded errors, files that cannot be read or written, Kafka or PostgreSQL that is away. Anything else
 * is a bug, and undefined.
 * @param error whatever the start rejected with
 * @returns the line, without its line feed
 */
export function startFailure(error: unknown): string | undefined {
  if (!isError(error)) return undefined;
  const { code, path, problems } = error as Error & { code?: unknown; path?: unknown; problems?: unknown };
  if (Array.isArray(problems) || isCoded(code)) return error.message;
  if (error.name === 'MessagingError') return `${error.message}${kafkaRemedy(code)}`;
  if (typeof code !== 'string') return undefined;
  const remedy = Object.hasOwn(FILE_REMEDIES, code) ? FILE_REMEDIES[code] : undefined;
  if (remedy !== undefined) return typeof path === 'string' ? `${path}: ${remedy} (${code})` : `${remedy} (${code})`;
  return connectionFailure(error, code);
}

function kafkaRemedy(code: unknown): string {
  if (code === 'unavailable') return ': start it, or correct BRYGGAN_KAFKA_BROKERS';
  const name = KAFKA_FAULTS.get(code);
  return name === undefined ? '' : ` (${ERRORS[name].code}): ${ERRORS[name].remedy}`;
}

const isCoded = (code: unknown): boolean => typeof code === 'string' && code.startsWith('BRY-');

/** A connection that could not be made names its address; a refusal of PostgreSQL is in its own words, about no row. */
function connectionFailure(error: Error, code: string): string | undefined {
  const { address, port, syscall } = error as Error & { address?: unknown; port?: unknown; syscall?: unknown };
  if (typeof syscall === 'string') {
    const place = typeof address === 'string' && typeof port === 'number' ? ` at ${address}:${port}` : '';
    return `nothing answers${place} (${syscall} ${code}): start it, or correct the address`;
  }
  return /^(28|3D|53|57)[0-9A-Z]{3}$/.test(code) ? `PostgreSQL: ${error.message} (${code})` : undefined;
}

/** True for an error of any realm: jest gives tests an `Error` of their own, and Node's errors are not of it. */
export function isError(value: unknown): value is Error {
  return value instanceof Error || Object.prototype.toString.call(value) === '[object Error]';
}

/** True for a system error with that code (`ENOENT`). */
export function isSystemError(error: unknown, code: string): boolean {
  return isError(error) && 'code' in error && error.code === code;
}
