import { isUnreadable, readNoticeBundle, readTask, type NoticeView, type TaskRecord } from '#libs/fhir';
import type { OutRecord } from '#libs/messaging';

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
