import type { StayEvent } from '#libs/domain';
import type { OutRecord } from '#libs/messaging';
import { CaseBook, NOTHING_KNOWN } from '../src/deciding/case-book.ts';
import { ORIGIN } from './stay-events.ts';
import { testRules } from './test-rules.ts';

export const rules = testRules();

/** Applies events to a case book that knows nothing, in this order. Out: the book, and all that is to be said. */
export function play(events: readonly StayEvent[]): { book: CaseBook; records: OutRecord[] } {
  const book = new CaseBook(NOTHING_KNOWN, rules);
  return { book, records: events.flatMap((event) => book.apply(event, ORIGIN) ?? []) };
}
