import type { Instant, StayProfile } from '#libs/domain';
import type { OutRecord } from '#libs/messaging';
import type { Tx } from '#libs/persistence';
import { FOLLOW_STAYS } from './case.queries.ts';
import { foldCases, type FoldingParts } from './fold-cases.ts';
import { noteSpans, type StaySpan } from './readmissions.ts';
import { joinWaiting } from './apply-case-events.ts';

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
      inOrder.map(({ profile }) => JSON.stringify(profile)),
    ]),
  );
  return rows.map(({ stay_id: stayId }) => stayId);
}
