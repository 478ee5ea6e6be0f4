import type { Communication } from 'fhir/r4.js';
import type { Instant, PartyId, Protection } from '#libs/domain';
import { IDENTIFIER_SYSTEM, PROFILE, SYSTEM } from './addresses.ts';
import {
  idIn,
  metaOf,
  missing,
  protectionOf,
  reading,
  recipientOf,
  reference,
  required,
  type Unreadable,
} from './resource.ts';
import type { NoticeView } from './notices/notice.ts';
import { isNoticeCode, NOTICE_NAMES, type NoticeCode } from './notices/kinds.ts';
import { readInstant, writeInstant } from './times-and-texts.ts';

/** That a notice is there, for its sender: which, to whom, and the two times. Nothing of the person or the content. */
export interface Receipt {
  readonly deliveryId: string;
  readonly actId: string;
  readonly category: NoticeCode;
  readonly status: 'completed' | 'entered-in-error';
  readonly recipient: PartyId;
  readonly stayId: string;
  readonly sent: Instant;
  readonly received: Instant;
  readonly withdraws: readonly string[];
  readonly protection?: Protection;
}

/**
 * The receipt of a notice.
 * @param received hub's time at which the recipient had it
 */
export function receiptOf(notice: NoticeView, received: Instant): Receipt {
  const { deliveryId, actId, category, status, recipient, stayId, sent, withdraws } = notice;
  const protection = protectionOf(notice.patient.meta);
  return {
    deliveryId,
    actId,
    category,
    status,
    recipient,
    stayId,
    sent,
    received,
    withdraws,
    ...(protection === undefined ? {} : { protection }),
  };
}

const URN = 'urn:uuid:';

/** The record of `receipts` and `receipts.<sender>` (contract 2): the Communication as its sender may see it. */
export function writeReceipt(receipt: Receipt): Communication {
  const { category: code, withdraws } = receipt;
  return {
    resourceType: 'Communication',
    id: receipt.deliveryId,
    meta: metaOf(receipt.protection, PROFILE.receipt),
    identifier: [{ system: IDENTIFIER_SYSTEM.act, value: `${URN}${receipt.actId}` }],
    ...(withdraws.length === 0 ? {} : { inResponseTo: withdraws.map((id) => reference('Communication', id)) }),
    status: receipt.status,
    category: [{ coding: [{ system: SYSTEM.notice, code, display: NOTICE_NAMES[code] }] }],
    encounter: reference('Encounter', receipt.stayId),
    sent: writeInstant(receipt.sent),
    received: writeInstant(receipt.received),
    recipient: [reference('Organization', receipt.recipient)],
  };
}

const isCommunication = (value: unknown): value is Communication =>
  typeof value === 'object' && value !== null && 'resourceType' in value && value.resourceType === 'Communication';

/** What a receipt says, or where it is unreadable. Never throws, whatever the value is. */
export function readReceipt(value: unknown): Receipt | Unreadable {
  return reading('receipt', () => {
    const communication = isCommunication(value) ? value : missing('Communication');
    const category = communication.category?.[0]?.coding?.[0]?.code;
    const { status } = communication;
    const act = communication.identifier?.[0]?.value;
    const protection = protectionOf(communication.meta);
    return {
      deliveryId: required(communication.id, 'id'),
      actId: act?.startsWith(URN) === true ? act.slice(URN.length) : missing('identifier'),
      category: isNoticeCode(category) ? category : missing('category'),
      status: status === 'completed' || status === 'entered-in-error' ? status : missing('status'),
      recipient: required(recipientOf(communication), 'recipient'),
      stayId: required(idIn('Encounter', communication.encounter), 'encounter'),
      sent: readInstant(communication.sent, 'sent'),
      received: readInstant(communication.received, 'received'),
      withdraws: communication.inResponseTo?.map((ref) => required(idIn('Communication', ref), 'inResponseTo')) ?? [],
      ...(protection === undefined ? {} : { protection }),
    };
  });
}
