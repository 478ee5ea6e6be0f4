import { HUB } from '#libs/domain';
import { writeDeviation, writeTask, type DeviationRecord, type TaskRecord } from '#libs/fhir';
import { isTopicPart, type OutRecord, type TopicNames } from '#libs/messaging';
import { childTrace, type IdMaker } from '#libs/platform';

/** Where the watcher speaks, and by which ids. */
export interface RecordParts {
  readonly topics: Pick<TopicNames, 'deviations' | 'deviationsOf' | 'tasks'>;
  readonly ids: Pick<IdMaker, 'other'>;
}

const SCHEMA_VERSION = 1;

/**
 * The records of a deviation: for the operator, and for the party that it is attributed to and nobody else (rules
 * 12.5). Every version is a record of its own: readers drop a record whose id they have seen (contract 2).
 */
export function deviationRecords(
  deviation: DeviationRecord,
  recordParts: RecordParts,
  traceparent: string | undefined,
): OutRecord[] {
  const { party } = deviation.deviation;
  const { topics } = recordParts;
  const own = party !== HUB && isTopicPart(party) ? [topics.deviationsOf(party)] : [];
  const value = JSON.stringify(writeDeviation(deviation));
  return [topics.deviations, ...own].map((topic) => ({
    topic,
    key: deviation.stayId,
    id: recordParts.ids.other('deviation-version', deviation.id, String(deviation.version ?? 1)),
    kind: 'deviation',
    schemaVersion: SCHEMA_VERSION,
    traceparent: childTrace(traceparent),
    value,
  }));
}

/** The record of a reminder, on `tasks`. */
export function reminderRecord(task: TaskRecord, recordParts: RecordParts, traceparent: string | undefined): OutRecord {
  return {
    topic: recordParts.topics.tasks,
    key: task.stayId,
    id: recordParts.ids.other('task-version', task.id, String(task.version ?? 1)),
    kind: 'task',
    schemaVersion: SCHEMA_VERSION,
    traceparent: childTrace(traceparent),
    value: JSON.stringify(writeTask(task)),
  };
}
