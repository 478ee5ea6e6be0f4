import type { Instant } from '#libs/domain';
import type { OperatorDecision } from '#libs/forms';
import type { OutRecord } from '#libs/messaging';
import { rootTrace, type Clock } from '#libs/platform';
import type { RoutingRules } from '../routing-rules.ts';

/** Who decided, when, and what sets this decision apart from the same words another time. */
export interface Decider {
  /** Name of the caller, or the hub's own `directory`. */
  readonly sender: string;
  readonly claim: string;
  readonly at: Instant;
}

/**
 * The record on `inbound` for a decision: its bytes are what every replay reads. Made of the same, it is the same record, which
 * has effect once however often it is sent.
 */
export function decisionRecord(
  decision: OperatorDecision,
  { sender, claim, at }: Decider,
  { ids, topics }: Pick<RoutingRules, 'ids' | 'topics'>,
  clock: Pick<Clock, 'driven'>,
): OutRecord {
  const bytes = Buffer.from(JSON.stringify(decision));
  const id = ids.inbound(sender, bytes, claim);
  return {
    ...{ topic: topics.inbound, key: decision.stay, id, kind: 'operator-decision', schemaVersion: 1 },
    traceparent: rootTrace(id),
    value: bytes,
    extra: {
      ...{ sender, 'content-type': 'application/json', 'intake-stamp': String(Date.now() * 1000) },
      ...(clock.driven && { intake: new Date(at).toISOString() }),
    },
  };
}
