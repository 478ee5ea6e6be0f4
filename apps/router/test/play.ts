import { join } from 'node:path';
import { loadCounty } from '#libs/county';
import { parametersOn, type StayEvent } from '#libs/domain';
import { isUnreadable, type NoticeView, readNoticeBundle, readTask, type TaskRecord } from '#libs/fhir';
import { type OutRecord, topicNames } from '#libs/messaging';
import { IdMaker } from '#libs/platform';
import { CaseBook, NOTHING_KNOWN } from '../src/deciding/case-book.ts';
import type { RoutingRules } from '../src/routing-rules.ts';
import { MONDAY, ORIGIN } from './stay-events.ts';

const COUNTY = loadCounty(join(import.meta.dirname, '../../../deploy/county'));

/** The demonstration county's rules with a secret and a clock of their own. */
export function testRules({
  now = () => MONDAY,
  prefix = '',
}: { now?: () => number; prefix?: string } = {}): RoutingRules {
  return {
    ids: new IdMaker(Buffer.from('a secret for the tests alone')),
    county: COUNTY,
    topics: topicNames(prefix),
    parameters: (date) => parametersOn(date),
    now,
  };
}

export const rules = testRules();

/** Applies events to a case book that knows nothing, in this order. Out: the book, and all that is to be said. */
export function play(events: readonly StayEvent[]): { book: CaseBook; records: OutRecord[] } {
  const book = new CaseBook(NOTHING_KNOWN, rules);
  return { book, records: events.flatMap((event) => book.apply(event, ORIGIN) ?? []) };
}

/** The notices among records, as their recipients read them; each id once, in order of first appearance (contract 2). */
export function noticesIn(records: readonly OutRecord[]): NoticeView[] {
  return firstOfEach(records, 'notice').map((record) => {
    const notice = readNoticeBundle(JSON.parse(String(record.value)));
    if (isUnreadable(notice)) throw new Error(notice.unreadable);
    return notice;
  });
}

/** The Tasks among records, each version. */
export function tasksIn(records: readonly OutRecord[]): TaskRecord[] {
  return firstOfEach(records, 'task').map((record) => {
    const task = readTask(JSON.parse(String(record.value)));
    if (isUnreadable(task)) throw new Error(task.unreadable);
    return task;
  });
}

/** What a recipient holds in force: told, and not withdrawn by a later message. */
export function inForce(notices: readonly NoticeView[]): NoticeView[] {
  const withdrawn = new Set(notices.flatMap((notice) => notice.withdraws));
  return notices.filter((notice) => notice.withdraws.length === 0 && !withdrawn.has(notice.deliveryId));
}

function firstOfEach(records: readonly OutRecord[], kind: string): OutRecord[] {
  const ofKind = records.filter((record) => record.kind === kind);
  return [...new Map(ofKind.map((record) => [record.id, record])).values()];
}
