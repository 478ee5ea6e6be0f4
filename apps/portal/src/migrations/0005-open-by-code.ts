import { definePlainMigration } from '#libs/persistence';

/** What is open is counted for each reading of `/metrics`, and most of what there has been is closed. */
const OPEN_BY_CODE = `
create index resource_open_by_code on resource (type, code)
  where (type, status) in (('Task', 'requested'), ('DetectedIssue', 'final'));`;

export const HUB_OPEN_BY_CODE = definePlainMigration('0005-open-by-code', OPEN_BY_CODE);
