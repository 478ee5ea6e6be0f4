import type { LogFields } from './log.ts';
import { isError } from './system-error.ts';

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
