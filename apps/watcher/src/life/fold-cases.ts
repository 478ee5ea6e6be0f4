import {
  caseOf,
  failureOf,
  isOpenCase,
  makesCase,
  monthOf,
  startOfLocalDay,
  type CaseEvent,
  type Duty,
  type Instant,
  type StayProfile,
} from '#libs/domain';
import { writeTask, type DeviationRecord } from '#libs/fhir';
import { isTopicPart, type OutRecord, type TopicNames } from '#libs/messaging';
import type { Tx } from '#libs/persistence';
import { childTrace, type IdMaker } from '#libs/platform';
import { storedDeviation } from '../deviations/changed-deviations.ts';
import { DEVIATIONS_OF_STAYS } from '../deviations/deviation.queries.ts';
import {
  answerBy,
  awaitsUnit,
  feedRowOf,
  standingDeviation,
  wordsIn,
  type CaseBody,
  type FeedRow,
} from './case-body.ts';
import { BEGIN_CASES, CASES_OF_STAYS, EVENTS_OF_CASES, LOCK_CASES, PROFILES, PUT_CASES } from './case.queries.ts';

/** What cases are folded and said with. */
export interface FoldingParts {
  readonly topics: Pick<TopicNames, 'deviationFeed' | 'deviationsOf' | 'tasks'>;
  readonly ids: Pick<IdMaker, 'other' | 'task'>;
  readonly now: Instant;
}

/** A case by its id, and what it is of: a failure of a stay, or a report whose stay nobody knows. */
export interface CaseName {
  readonly id: string;
  readonly stayId?: string;
  readonly failure?: string;
}

/** The case of a failure in a stay: the same on every replay. */
export function caseName(ids: FoldingParts['ids'], stayId: string, code: string): CaseName {
  const failure = failureOf(code);
  return { id: ids.other('deviation-case', stayId, failure), stayId, failure };
}

interface CaseRow {
  readonly id: string;
  readonly feed_id: string;
  readonly stay_id: string | null;
  readonly failure: string;
  readonly version: number;
  readonly body: string | null;
  readonly feed_row: string | null;
}

/**
 * Folds cases anew from all that is known of them, writes those that are otherwise than before, and answers what is to be said.
 * The caller holds the stays that it changed; cases are locked here, in the order of their ids.
 * @param stayIds stays of which a deviation or the profile has changed
 * @param named cases in which a person said something
 */
export async function foldCases(
  tx: Tx,
  { stayIds, named = [] }: { readonly stayIds: readonly string[]; readonly named?: readonly CaseName[] },
  parts: FoldingParts,
): Promise<OutRecord[]> {
  const found = stayIds.length === 0 ? [] : await namesOfStays(tx, stayIds, parts);
  const names = [...new Map([...found, ...named].map((one) => [one.id, one])).values()];
  if (names.length === 0) return [];
  await tx.query(
    BEGIN_CASES([
      names.map(({ id }) => id),
      names.map(({ id }) => parts.ids.other('feed-row', id)),
      names.map(({ stayId }) => stayId ?? null),
      names.map(({ failure }) => failure ?? ''),
    ]),
  );
  const { rows } = await tx.query<CaseRow>(LOCK_CASES([names.map(({ id }) => id)]));
  const matter = await matterOf(tx, rows);
  const folded = rows.flatMap((row) => foldedCase(row, matter) ?? []);
  if (folded.length === 0) return [];
  await tx.query(PUT_CASES(columnsOf(folded, parts.now)));
  return folded.flatMap((one) => recordsOf(one, parts));
}

async function namesOfStays(tx: Tx, stayIds: readonly string[], { ids }: FoldingParts): Promise<CaseName[]> {
  const [deviations, known] = [
    await deviationsOf(tx, stayIds),
    await tx.query<{ id: string; stay_id: string; failure: string }>(CASES_OF_STAYS([stayIds])),
  ];
  return [
    ...known.rows.map(({ id, stay_id: stayId, failure }): CaseName => ({ id, stayId, failure })),
    ...deviations
      .filter(({ deviation }) => makesCase(deviation.code))
      .map(({ stayId, deviation }) => caseName(ids, stayId, deviation.code)),
  ];
}

async function deviationsOf(tx: Tx, stayIds: readonly string[]): Promise<DeviationRecord[]> {
  const { rows } = await tx.query<{ body: string }>(DEVIATIONS_OF_STAYS([stayIds]));
  return rows.map(({ body }) => storedDeviation(body));
}

interface Matter {
  readonly deviations: readonly DeviationRecord[];
  readonly events: ReadonlyMap<string, readonly CaseEvent[]>;
  readonly profiles: ReadonlyMap<string, StayProfile>;
}

async function matterOf(tx: Tx, rows: readonly CaseRow[]): Promise<Matter> {
  const stayIds = [...new Set(rows.flatMap(({ stay_id: stayId }) => stayId ?? []))];
  const deviations = await deviationsOf(tx, stayIds);
  const events = await tx.query<{ case_id: string; body: string }>(EVENTS_OF_CASES([rows.map(({ id }) => id)]));
  const profiles = await tx.query<{ stay_id: string; profile: string }>(PROFILES([stayIds]));
  return {
    deviations,
    events: new Map(
      [...Map.groupBy(events.rows, ({ case_id: id }) => id)].map(([id, own]) => [
        id,
        own.map(({ body }) => JSON.parse(body) as CaseEvent),
      ]),
    ),
    profiles: new Map(profiles.rows.map(({ stay_id: id, profile }) => [id, JSON.parse(profile) as StayProfile])),
  };
}

interface Folded {
  readonly body: CaseBody;
  readonly before: CaseBody | undefined;
  readonly version: number;
  /** Its row in the feed from now on. */
  readonly row: FeedRow | undefined;
  /** What is to be said of it there. */
  readonly saidRow: FeedRow | undefined;
}

/** The case as it is now, or undefined when it is as it was. */
function foldedCase(row: CaseRow, matter: Matter): Folded | undefined {
  const own = matter.deviations.filter(
    ({ stayId, deviation }) =>
      stayId === row.stay_id && makesCase(deviation.code) && failureOf(deviation.code) === row.failure,
  );
  const { reports, acts } = wordsIn(matter.events.get(row.id) ?? []);
  const profile = matter.profiles.get(row.stay_id ?? '');
  const deviations = own.map(standingDeviation);
  const label = own.find(({ protection }) => protection !== undefined)?.protection;
  const before = row.body === null ? undefined : (JSON.parse(row.body) as CaseBody);
  const what = caseOf({
    deviations,
    reports,
    acts,
    dayAt: startOfLocalDay,
    ...(profile && { organisation: profile.organisation }),
  });
  // A report that found its stay leaves an empty case behind: what it was goes on to be told, as closed.
  const body: CaseBody | undefined = what
    ? {
        ...{ id: row.id, what, reports },
        ...(row.stay_id !== null && { stayId: row.stay_id }),
        deviations: deviations.map(({ id, code, open, closedReason }) => ({
          id,
          code,
          open,
          ...(closedReason && { closedReason }),
        })),
        ...(label && { protection: label }),
      }
    : before && { ...before, what: { ...before.what, state: 'closed', closedByHub: true, standing: [] } };
  if (body === undefined) return undefined;
  const version = row.version + 1;
  const feedBefore = row.feed_row === null ? undefined : (JSON.parse(row.feed_row) as FeedRow);
  const feed = feedRowOf(row.feed_id, body, profile);
  const isRowNews = JSON.stringify(feed && { ...feed, version: feedBefore?.version }) !== JSON.stringify(feedBefore);
  if (row.body === JSON.stringify(body) && !isRowNews) return undefined;
  // What may not stand in the feed any more is closed there, as the last that is said of it.
  const ended = feedBefore && { ...feedBefore, state: 'closed', version };
  const saidRow = isRowNews ? (feed ? { ...feed, version } : ended) : undefined;
  const kept = feed && (isRowNews ? { ...feed, version } : feedBefore);
  return { body, before, version, row: kept, saidRow };
}

function columnsOf(folded: readonly Folded[], now: Instant): unknown[] {
  return [
    folded.map(({ body }) => body.id),
    folded.map(({ version }) => version),
    folded.map(() => now),
    folded.map(({ body }) => body.what.state),
    folded.map(({ body }) => isOpenCase(body.what.state)),
    folded.map(({ body }) => body.what.code),
    folded.map(({ body }) => monthOf(body.what.due)),
    folded.map(({ body }) => body.what.party ?? null),
    folded.map(({ body }) => JSON.stringify(body.what.reporters)),
    folded.map(({ body }) => body.what.standing.length > 0),
    folded.map(({ body }) => JSON.stringify(body)),
    folded.map(({ row }) => (row ? JSON.stringify(row) : null)),
  ];
}

const SCHEMA_VERSION = 1;

/** The unit's duty on `tasks`, and the row on `deviation-feed`. */
function recordsOf(one: Folded, parts: FoldingParts): OutRecord[] {
  return [...taskRecord(one, parts), ...feedRecord(one, parts)];
}

function feedRecord({ saidRow: row }: Folded, { ids, topics }: FoldingParts): OutRecord[] {
  if (!row) return [];
  return [
    {
      ...{ topic: topics.deviationFeed, key: row.id, id: ids.other('feed-row-version', row.id, String(row.version)) },
      ...{
        kind: 'deviation-row',
        schemaVersion: SCHEMA_VERSION,
        traceparent: childTrace(undefined),
        value: JSON.stringify(row),
      },
    },
  ];
}

/** Given while the unit has to answer; ended when it has, or when nothing stands any more. */
function taskRecord({ body, before, version }: Folded, { ids, now, topics }: FoldingParts): OutRecord[] {
  const { stayId, what, id, protection } = body;
  if (stayId === undefined || what.party === undefined) return [];
  const waits = awaitsUnit(what);
  if (
    before !== undefined &&
    waits === awaitsUnit(before.what) &&
    what.party === before.what.party &&
    what.code === before.what.code
  )
    return [];
  if (before === undefined && !waits) return [];
  const taskId = ids.task(stayId, 'ANSWER-DEVIATION', id);
  const duty: Duty = {
    ...{ code: 'ANSWER-DEVIATION', occasion: id, owner: what.party, since: what.identified, due: answerBy(what) },
    ...{
      statedBy: what.standing[0] ?? id,
      text: `Besvara avvikelsen ${what.code}: ${what.name}. Ange orsak och åtgärd.`,
    },
    ...(protection && { protection }),
  };
  const status = waits ? 'requested' : what.closedByHub ? 'cancelled' : 'completed';
  const task = { id: taskId, stayId, duty, status, authoredOn: what.identified, lastModified: now, version } as const;
  const value = JSON.stringify(writeTask(task));
  // Beside the deviation itself, so that who reads Kafka alone has both; whom people alone reported may have no topic.
  const isFound =
    body.deviations.some(({ open }) => open) || (body.deviations.length > 0 && what.reporters.length === 0);
  const own = isFound && isTopicPart(what.party) ? [topics.deviationsOf(what.party)] : [];
  return [topics.tasks, ...own].map((topic) => ({
    ...{ topic, key: stayId, id: ids.other('task-version', taskId, String(version)), kind: 'task' },
    ...{ schemaVersion: SCHEMA_VERSION, traceparent: childTrace(undefined), value },
  }));
}
