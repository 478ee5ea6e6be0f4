import { definePlainMigration } from '#libs/persistence';

/**
 * A name is written and taken back in the transaction of its request, and neither is ever deleted otherwise: the reference from the
 * one to the other, and the index that served its cascade, cost as much to write as the names themselves.
 */
export const namesOfRequests = definePlainMigration(
  '0004-names-of-requests',
  `
alter table request_name drop constraint request_name_request_fkey;
drop index request_name_by_request;
`,
);
