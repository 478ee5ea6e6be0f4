import { writeTask } from '#libs/fhir';
import type { OutRecord } from '#libs/messaging';
import { childTrace } from '#libs/platform';
import type { GivenTask } from '../deciding/given-task.ts';
import type { RoutingRules } from '../deciding/routing-rules.ts';

/**
 * The record of `tasks` for a version of a Task. Each version has a record id of its own: readers drop by id, and the
 * Task's id is the same in all of them.
 */
export function taskRecord(task: GivenTask, traceparent: string, rules: RoutingRules): OutRecord {
  const { id, stayId, status, duty, version, lastModified } = task;
  return {
    topic: rules.topics.tasks,
    key: stayId,
    id: rules.ids.other('task-version', id, `${version}`),
    kind: 'task',
    schemaVersion: 1,
    traceparent: childTrace(traceparent),
    value: JSON.stringify(writeTask({ id, stayId, status, duty, version, lastModified, authoredOn: duty.since })),
  };
}
