import type { Act } from '#libs/domain';
import { IDENTIFIER_SYSTEM, writeNoticeBundle } from '#libs/fhir';
import type { OutRecord, TopicNames } from '#libs/messaging';
import type { IdMaker } from '#libs/platform';

/** 2026-05-04 08:00 in Stockholm. */
export const MONDAY = Date.UTC(2026, 4, 4, 6);

export interface NoticeDraft {
  readonly stayId: string;
  readonly recipient: string;
  /** Id of the agreement that the receipt goes to. */
  readonly sender: string;
  readonly name: string;
  /** Names of the notices that it withdraws. */
  readonly withdraws?: readonly string[];
}

/** Id of the delivery of a name. */
export function deliveryId(ids: IdMaker, { stayId, recipient }: NoticeDraft, name: string): string {
  return ids.delivery(stayId, `${recipient} ${name}`, 0);
}

/** A record as the router writes it: a UTK, or the withdrawal of one. */
export function noticeRecord(draft: NoticeDraft, ids: IdMaker, topics: TopicNames): OutRecord {
  const { stayId, recipient, sender, name, withdraws } = draft;
  const id = deliveryId(ids, draft, name);
  const act: Act = {
    kind: 'UTK',
    recipient,
    slot: 'UTK',
    statedBy: ids.event(name, 0),
    at: MONDAY,
    sent: MONDAY,
    content: {
      kind: 'UTK',
      person: {
        identity: { type: 'personnummer', system: IDENTIFIER_SYSTEM.personnummer, value: '191212121212' },
        name: { family: 'Tolvansson', given: ['Tolvan'] },
      },
      careProvider: 'Region Stockholm',
      readySince: MONDAY,
    },
    ground: 'CONSENT',
    trace: [],
    key: name,
  };
  const bundle = writeNoticeBundle({
    ...{ deliveryId: id, actId: id, stayId, act, timestamp: MONDAY },
    patientIdForParty: ids.patientOf(recipient, IDENTIFIER_SYSTEM.personnummer, '191212121212'),
    recipient: { id: recipient, name: recipient },
    replyAddress: ids.replyAddress(sender, stayId),
    ...(withdraws && { withdrawal: { ofIds: withdraws.map((one) => deliveryId(ids, draft, one)), sent: MONDAY } }),
  });
  return {
    topic: topics.deliveries(recipient),
    key: stayId,
    id,
    kind: 'notice',
    schemaVersion: 1,
    traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
    value: JSON.stringify(bundle),
  };
}
