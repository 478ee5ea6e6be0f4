import { definePlainMigration } from '#libs/persistence';
import { PERSON_EVENT_TABLE } from '#libs/stays';

/** What is said of persons beside their stays (A28, A31, A18, A34, A40), as `libs/stays` reads and writes it. */
export const PERSON_EVENTS = definePlainMigration('0006-person-events', PERSON_EVENT_TABLE);
