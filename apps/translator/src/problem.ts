import { entryOf, type Fault } from '#libs/platform';

/** What is wrong with a message, for who has to mend it; nothing of its content. */
export interface Problem {
  readonly code: string;
  readonly place?: string;
  readonly text: string;
  readonly remedy: string;
  /** Of a message that is taken all the same (rules 12.9): noted, unstated or flagged. */
  readonly grade?: string;
}

/** A fault in the words of the one table of errors. */
export function problemOf(of: Fault): Problem {
  const { code, text, remedy } = entryOf(of);
  return { code, ...(of.place !== undefined && { place: of.place }), text, remedy };
}
