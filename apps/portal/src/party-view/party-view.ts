import type { Instant } from '#libs/domain';
import { readAnswerBundle } from '#libs/fhir';
import type { InRecord, TopicNames } from '#libs/messaging';
import type { Tx } from '#libs/persistence';
import { type Clock, UnreadableRecord } from '#libs/platform';
import { deviationRow, readJson, rowOf, taskRow } from '../view/columns.ts';
import { distinctRows, writeRows } from '../view/rows.queries.ts';
import type { NewRow } from '../view/row.ts';
import { applyNotices, type Addressed } from './apply-notices.ts';
import { PARTY_KEY, PARTY_SCHEMA } from './schema.ts';

/** @throws UnreadableRecord for a duty that is another's: shown to neither */
function dutyRow({ party, record }: Addressed, now: Instant): NewRow {
  const row = taskRow(record, now);
  if (row.audience !== party) throw new UnreadableRecord('task: owner');
  return row;
}

/**
 * Answers that were told on to a party, as rows of its view: to the organisation of a ward what its recipients say, to others
 * the call to a plan. An answer changes no Encounter: it says nothing of how the stay is.
 * @throws UnreadableRecord for what is no answer, or is to another party
 */
function answerRows(addressed: readonly Addressed[], now: Instant): NewRow[] {
  return addressed.map(({ party, record }) => {
    const { answer, communication } = readJson(record, readAnswerBundle);
    if (answer.recipient !== party) throw new UnreadableRecord('answer: recipient');
    return rowOf(communication, { audience: party, updatedAt: now });
  });
}

export interface PartyViewParts {
  readonly names: TopicNames;
  readonly clock: Clock;
  /** True for an organisation that the public directory has. */
  readonly isPublic: (organizationId: string) => boolean;
}

/** A duty lies beside the deviation that it is of: to answer it, or the warning ahead of it. */
const isTask = ({ record }: Addressed): boolean => record.kind === 'task';
const isAnswer = ({ record }: Addressed): boolean => record.kind === 'answer';

/**
 * What each party can read, built from its own two topics and nothing else (architecture 5). Whose view a record goes
 * into is told by the topic it lies in, where the router or the watcher put it, and by no field of its content.
 * @returns the applier of records of several parties' topics
 */
export function partyView({ names, clock, isPublic }: PartyViewParts) {
  const addressed = (record: InRecord): Addressed => {
    const party = names.partyOf(record.topic);
    if (party === undefined) throw new UnreadableRecord('topic of no party');
    return { party, record };
  };
  const isNotice = ({ party, record }: Addressed): boolean => record.topic === names.deliveries(party);
  return async (tx: Tx, records: readonly InRecord[]): Promise<void> => {
    const now = clock.now();
    const all = records.map(addressed);
    const byParty = Map.groupBy(
      all.filter((one) => !isNotice(one)),
      ({ party }) => party,
    );
    const deviations = [...byParty].flatMap(([party, own]) =>
      distinctRows(own.map((one) => (isTask(one) ? dutyRow(one, now) : deviationRow(one.record, party, now)))),
    );
    const told = all.filter(isNotice);
    const answers = answerRows(told.filter(isAnswer), now);
    await applyNotices(
      tx,
      told.filter((one) => !isAnswer(one)),
      now,
      isPublic,
    );
    await writeRows(tx, PARTY_SCHEMA, PARTY_KEY, [...deviations, ...distinctRows(answers)]);
  };
}
