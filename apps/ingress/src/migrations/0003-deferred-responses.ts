import { definePlainMigration } from '#libs/persistence';

/**
 * Answers that their senders want at an address instead of in the answer to the request (`async=true`). The answer itself is the
 * one of the register; a row is here as long as nobody at that address has taken it. `next_at` is when it is to be tried: who
 * tries moves it ahead first, so that a try that never ended is made again.
 */
export const deferredResponses = definePlainMigration(
  '0003-deferred-responses',
  `
create table deferred_response (
  request uuid primary key references answered_request (id) on delete cascade,
  sender text not null,
  address text not null,
  asked_at timestamptz not null default now(),
  next_at timestamptz not null default now(),
  tries integer not null default 0
);
create index deferred_response_due on deferred_response (next_at);
`,
);
