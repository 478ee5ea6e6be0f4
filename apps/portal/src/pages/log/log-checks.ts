import type { Instant } from '#libs/domain';
import type { PagesDatabase } from '../pages-schema.ts';
import type { PageUser } from '../page-user.ts';

/** What a check of a look found. */
export const FINDINGS = ['in-order', 'to-be-examined'] as const;
export type Finding = (typeof FINDINGS)[number];

/** A look that somebody has checked. */
export interface LookCheck {
  readonly at: Instant;
  readonly by: string;
  readonly finding: Finding;
  readonly note: string;
  /** Who had looked, at what, and when. */
  readonly looked: { readonly name: string; readonly what: string; readonly at: Instant };
}

/** A finding that is to be written down. */
export interface NewCheck {
  readonly look: string;
  readonly finding: Finding;
  readonly note: string;
}

const WRITE = `
insert into look_check (look_id, at, unit, subject, name, finding, note)
select id, to_timestamp($3 / 1000.0), unit, $4, $5, $6, $7 from look where id = $1 and unit = $2
on conflict (look_id) do nothing`;

const LATEST = `
select c.at, c.name as by, c.finding, c.note, l.name, l.what, l.at as looked_at
from look_check c join look l on l.id = c.look_id where c.unit = $1 order by c.at desc, c.look_id desc limit 100`;

interface Row {
  readonly at: Date;
  readonly by: string;
  readonly finding: Finding;
  readonly note: string;
  readonly name: string;
  readonly what: string;
  readonly looked_at: Date;
}

/** The checks of a unit's log (SEC-20): each look is checked once, by one person, and what was found is never changed. */
export class LogChecks {
  readonly #database: PagesDatabase;
  readonly #now: () => Instant;

  constructor(database: PagesDatabase, now: () => Instant) {
    this.#database = database;
    this.#now = now;
  }

  /** Writes what was found; a look of another unit is not there, and one that has been checked keeps its first finding. */
  async write({ caller, subject, name }: PageUser, checks: readonly NewCheck[]): Promise<void> {
    await this.#database.transaction(async (tx) => {
      for (const { look, finding, note } of checks)
        await tx.query(WRITE, [look, caller.name, this.#now(), subject, name, finding, note]);
    });
  }

  /** The latest of a unit. Errors: the database's. */
  async latest(unit: string): Promise<LookCheck[]> {
    const rows = await this.#database.rows<Row>(LATEST, [unit]);
    return rows.map(({ at, by, finding, note, name, what, looked_at }) => ({
      ...{ at: at.getTime(), by, finding, note },
      looked: { name, what, at: looked_at.getTime() },
    }));
  }
}
