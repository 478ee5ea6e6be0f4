import { type CaseEvent, failureOf, HOUR, type Instant, localDate, type StayProfile } from '#libs/domain';
import { isUnreadable, readCaseEvent } from '#libs/fhir';
import type { BatchContext, InRecord, OutRecord } from '#libs/messaging';
import { textArray, type Tx } from '#libs/persistence';
import { readValue } from '../read-value.ts';
import { FOLLOW_STAYS, PUT_CASE_EVENTS, STAYS_OF_PERSON, WAITING_REPORTS } from './case.queries.ts';
import { caseName, type CaseName, foldCases, type FoldingParts } from './fold-cases.ts';
import { noteSpans, type StaySpan } from './readmissions.ts';

/** A stay as it was just judged. */
export interface FollowedStay {
  readonly stayId: string;
  /** What is counted of it; undefined when nothing is, or it was not judged. */
  readonly profile: StayProfile | undefined;
  /** It was counted otherwise when it was last judged in this process, or nobody knows. */
  readonly isProfileNews: boolean;
  /** From when to when it was; undefined when it never was. */
  readonly span: StaySpan | undefined;
  /** Deviations that make a case were opened, closed or said otherwise. */
  readonly hasChanged: boolean;
}

/**
 * What a judgement means for cases and statistics, within its transaction (architecture 2.6): most messages mean nothing, and cost
 * nothing here.
 */
export async function followStays(
  tx: Tx,
  stays: readonly FollowedStay[],
  parts: FoldingParts & { readonly watermark: Instant },
): Promise<OutRecord[]> {
  const news = stays.flatMap(({ stayId, profile, isProfileNews }) =>
    profile && isProfileNews ? [{ stayId, profile }] : [],
  );
  const noted = stays.filter(({ profile, isProfileNews }) => profile && isProfileNews);
  await noteSpans(tx, noted, parts.watermark);
  const recounted = news.length === 0 ? [] : await putProfiles(tx, news);
  const changed = stays.flatMap(({ stayId, hasChanged }) => (hasChanged ? [stayId] : []));
  const stayIds = [...new Set([...recounted, ...changed])];
  if (stayIds.length === 0) return [];
  const named = recounted.length === 0 ? [] : await joinWaiting(tx, recounted, parts);
  return foldCases(tx, { stayIds, named }, parts);
}

async function putProfiles(tx: Tx, news: readonly { stayId: string; profile: StayProfile }[]): Promise<string[]> {
  const inOrder = [...news].sort((a, b) => (a.stayId < b.stayId ? -1 : 1));
  const { rows } = await tx.query<{ stay_id: string }>(
    FOLLOW_STAYS([
      inOrder.map(({ stayId }) => stayId),
      inOrder.map(({ profile }) => (profile.isCounted ? (profile.month ?? null) : null)),
      inOrder.map(({ profile }) => profile.organisation),
      textArray(inOrder.map(({ profile }) => JSON.stringify(profile))),
    ]),
  );
  return rows.map(({ stay_id: stayId }) => stayId);
}

/**
 * What people say of deviations (`case-event` on `events`): each word is kept in its case, once, and the case folded anew.
 *
 * A report belongs to the case of its failure in its stay. Its stay is the one that it names, or the one stay that its person had
 * at its hospital on its day. While there is none, or more than one, it is a case of its own and waits: a stay that appears
 * later takes it in (`joinWaiting`).
 * @returns the unreadable records
 */
export async function applyCaseEvents(
  tx: Tx,
  records: readonly InRecord[],
  context: BatchContext,
  parts: FoldingParts,
): Promise<InRecord[]> {
  const read = records.map((record) => ({ record, event: readCaseEvent(readValue(record)) }));
  const placed: Placed[] = [];
  for (const { event } of read) {
    if (!isUnreadable(event)) placed.push({ event, ...(await placeOf(tx, event, parts)) });
  }
  await putEvents(tx, placed);
  const said = await foldCases(tx, { stayIds: [], named: placed.map(({ name }) => name) }, parts);
  const cause = read.find(({ event }) => !isUnreadable(event))?.record;
  if (cause) context.say(said, cause);
  return read.flatMap(({ record, event }) => (isUnreadable(event) ? [record] : []));
}

interface Place {
  readonly name: CaseName;
  /** The person whose stay it waits for. */
  readonly waiting?: string;
}

type Placed = Place & { readonly event: CaseEvent };

async function placeOf(tx: Tx, { eventId, says }: CaseEvent, parts: FoldingParts): Promise<Place> {
  if (says.kind === 'acted') return { name: { id: says.caseId } };
  const { code, patientId, organisation, on } = says;
  const stayId = says.stayId ?? (patientId === undefined ? undefined : await stayOf(tx, patientId, organisation, on));
  if (stayId !== undefined) return { name: caseName(parts.ids, stayId, code) };
  const name = { id: parts.ids.other('deviation-case', 'report', eventId), failure: failureOf(code) };
  return { name, ...(patientId !== undefined && { waiting: patientId }) };
}

/** The one stay of a person at a hospital that a day lies in; undefined for none and for several. */
async function stayOf(
  tx: Tx,
  patientId: string,
  organisation: string | undefined,
  on: string,
): Promise<string | undefined> {
  const { rows } = await tx.query<{ stay_id: string; profile: string }>(
    STAYS_OF_PERSON([patientId, organisation ?? null]),
  );
  const [only, ...others] = rows.filter(({ profile }) => isDuring(JSON.parse(profile) as StayProfile, on));
  return others.length === 0 ? only?.stay_id : undefined;
}

/** What goes wrong at a discharge is noticed in the days after it. */
const DAYS_AFTER = 7;

function isDuring({ admittedAt, dischargedAt }: StayProfile, on: string): boolean {
  if (admittedAt === undefined || on < localDate(admittedAt)) return false;
  return dischargedAt === undefined || on <= localDate(dischargedAt + DAYS_AFTER * 24 * HOUR);
}

async function putEvents(tx: Tx, placed: readonly Placed[]): Promise<void> {
  if (placed.length === 0) return;
  const once = [...new Map(placed.map((one) => [one.event.eventId, one])).values()];
  await tx.query(
    PUT_CASE_EVENTS([
      once.map(({ event }) => event.eventId),
      once.map(({ name }) => name.id),
      once.map(({ waiting }) => waiting ?? null),
      once.map(({ event }) => JSON.stringify(event)),
    ]),
  );
}

/** Reports that waited for a stay of these: each moves to the case of its failure there. @returns the cases that changed */
async function joinWaiting(tx: Tx, stayIds: readonly string[], parts: FoldingParts): Promise<CaseName[]> {
  const { rows } = await tx.query<{ case_id: string; body: string }>(WAITING_REPORTS([stayIds]));
  const changed: CaseName[] = [];
  for (const { case_id: from, body } of rows) {
    const event = JSON.parse(body) as CaseEvent;
    const place = await placeOf(tx, event, parts);
    if (place.name.id === from) continue;
    await putEvents(tx, [{ event, ...place }]);
    changed.push({ id: from }, place.name);
  }
  return changed;
}
