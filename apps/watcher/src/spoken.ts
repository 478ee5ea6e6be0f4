import { HUB } from '#libs/domain';
import { writeDeviation, writeTask, type DeviationRecord, type TaskRecord } from '#libs/fhir';
import { isTopicPart, type OutRecord, type TopicNames } from '#libs/messaging';
import { childTrace, type IdMaker } from '#libs/platform';

/** Where the watcher speaks, and by which ids. */
export interface Voice {
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
  voice: Voice,
  traceparent: string | undefined,
): OutRecord[] {
  const { party } = deviation.deviation;
  const { topics } = voice;
  const own = party !== HUB && isTopicPart(party) ? [topics.deviationsOf(party)] : [];
  const value = JSON.stringify(writeDeviation(deviation));
  return [topics.deviations, ...own].map((topic) => ({
    topic,
    key: deviation.stayId,
    id: voice.ids.other('deviation-version', deviation.id, String(deviation.version ?? 1)),
    kind: 'deviation',
    schemaVersion: SCHEMA_VERSION,
    traceparent: childTrace(traceparent),
    value,
  }));
}

/** The record of a reminder, on `tasks`. */
export function reminderRecord(task: TaskRecord, voice: Voice, traceparent: string | undefined): OutRecord {
  return {
    topic: voice.topics.tasks,
    key: task.stayId,
    id: voice.ids.other('task-version', task.id, String(task.version ?? 1)),
    kind: 'task',
    schemaVersion: SCHEMA_VERSION,
    traceparent: childTrace(traceparent),
    value: JSON.stringify(writeTask(task)),
  };
}
