import { definePlainMigration, type PlainMigration } from '#libs/persistence';
import { personLookups } from './0002-person-lookups.ts';
import { deferredResponses } from './0003-deferred-responses.ts';
import { namesOfRequests } from './0004-names-of-requests.ts';
import { answerTemplates } from './0005-answer-templates.ts';

/** The ingress's own schema. MLLP needs none of it: the bytes of an HL7 v2 message are answered from the message alone. */
export const INGRESS_SCHEMA = 'ingress';

/**
 * answered_request: what was answered to a request that came by HTTP; `id` is the id of its record on `inbound` and says
 * by itself who said what, so that the same request has the same row. `request_name`: what its sender called it
 * (Idempotency-Key, Bundle.id, MessageHeader.id), as a hash, for a sender may call it anything.
 */
const ANSWERED_REQUESTS = `
create table answered_request (
  id uuid primary key,
  status smallint not null,
  media_type text not null,
  body text not null,
  answered_at timestamptz not null default now()
);
create table request_name (
  name uuid primary key,
  request uuid not null references answered_request (id) on delete cascade
);
create index request_name_by_request on request_name (request);`;

/** Migrations of the ingress; forward only. */
export const INGRESS_MIGRATIONS: readonly PlainMigration[] = [
  definePlainMigration('0001-answered-requests', ANSWERED_REQUESTS),
  personLookups,
  deferredResponses,
  namesOfRequests,
  answerTemplates,
];
