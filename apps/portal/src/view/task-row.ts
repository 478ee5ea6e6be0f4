import type { Task } from 'fhir/r4.js';
import type { Instant } from '#libs/domain';
import { isUnreadable, readTask, type TaskRecord, type Unreadable } from '#libs/fhir';
import type { InRecord } from '#libs/messaging';
import { rowOf } from './columns.ts';
import { readJson } from './read-json.ts';
import type { NewRow } from './row.ts';

interface Both {
  readonly record: TaskRecord;
  readonly task: Task;
}

/** A record that was read as a Task is one: the one place where that is said to the compiler. */
function readBoth(value: unknown): Both | Unreadable {
  const record = readTask(value);
  return isUnreadable(record) ? record : { record, task: value as Task };
}

/** A Task of `tasks` or `deviations.<party>` as a row in its owner's view. @throws UnreadableRecord */
export function taskRow(record: InRecord, updatedAt: Instant): NewRow {
  const { record: read, task } = readJson(record, readBoth);
  return rowOf(task, { audience: read.duty.owner, updatedAt, sourceVersion: read.version });
}
