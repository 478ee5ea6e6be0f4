import type { Instant } from '#libs/domain';
import type { PagesDatabase } from './pages-schema.ts';
import type { PageUser } from './page-user.ts';

/** What somebody looked at. */
export interface Look {
  readonly at: Instant;
  readonly name: string;
  readonly assignment: string;
  readonly unit: string;
  readonly what: string;
  readonly reason?: string;
}

/**
 * Who looked at whose data (rules 8.4, SEC-20): person, assignment, unit, what, when, and why where a reason was asked for.
 * A page with a patient on it is answered only after its look has been written.
 */
export class Audit {
  readonly #database: PagesDatabase;
  readonly #now: () => Instant;

  constructor(database: PagesDatabase, now: () => Instant) {
    this.#database = database;
    this.#now = now;
  }

  /** @param what the page, in a word or two: `inkorg`, `ärende` */
  async note(user: PageUser, what: string, stay?: { readonly id: string; readonly reason?: string }): Promise<void> {
    await this.#database.rows(
      `insert into look (at, subject, name, assignment, unit, what, stay_id, reason)
       values (to_timestamp($1 / 1000.0), $2, $3, $4, $5, $6, $7, $8)`,
      [
        this.#now(),
        ...[user.subject, user.name, user.assignment.id, user.caller.name],
        ...[what, stay?.id ?? null, stay?.reason ?? null],
      ],
    );
  }

  /** Who looked at a stay, the latest first. */
  async ofStay(stayId: string): Promise<Look[]> {
    const rows = await this.#database.rows<Omit<Look, 'at' | 'reason'> & { at: Date; reason: string | null }>(
      'select at, name, assignment, unit, what, reason from look where stay_id = $1 order by at desc limit 500',
      [stayId],
    );
    return rows.map(({ at, reason, ...look }) => ({
      ...look,
      at: at.getTime(),
      ...(reason !== null && { reason }),
    }));
  }
}
