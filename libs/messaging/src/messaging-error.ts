/**
 * unavailable: perhaps stored, send again; too-large: not stored, never will be; refused: not stored, the broker said no;
 * topic-partitions, not-durable: the broker's topics are not as they must be;
 * log-truncated, position-gap: a stored position that cannot be right, for a person to mend (architecture 2.6).
 */
export type MessagingErrorCode =
  'unavailable' | 'too-large' | 'refused' | 'topic-partitions' | 'not-durable' | 'log-truncated' | 'position-gap';

/** What this lib rejects with. The message names topics, partitions and numbers, never content. */
export class MessagingError extends Error {
  readonly code: MessagingErrorCode;

  constructor(code: MessagingErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'MessagingError';
    this.code = code;
  }
}

/** In: any thrown value. Out: it as an Error. */
export function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
