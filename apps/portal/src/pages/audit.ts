import type { Instant } from '#libs/domain';
import type { PageUser } from './page-request.ts';
import type { PagesDatabase } from './pages-schema.ts';

/** What somebody looked at. */
export interface Look {
  readonly id: string;
  readonly at: Instant;
  readonly name: string;
  readonly assignment: string;
  readonly what: string;
  /** The stays whose persons the page showed. */
  readonly stays: readonly string[];
  readonly reason?: string;
}

/** What a page showed of patients. */
interface Shown {
  /** Each stay that stood on it, of a list all of them. */
  readonly stays?: readonly string[];
  /** Why, where the page asks for a reason. */
  readonly reason?: string;
}

interface Row {
  readonly id: string;
  readonly at: Date;
  readonly name: string;
  readonly assignment: string;
  readonly what: string;
  readonly stays: readonly string[];
  readonly reason: string | null;
}

const COLUMNS = 'id, at, name, assignment, what, stays, reason';

/**
 * Who looked at whose data (rules 8.4, SEC-20): person, assignment, unit, what, when, and why where a reason was asked for.
 * A page with a patient on it is answered only after its look has been written. Looks are only ever added.
 */
export class Audit {
  readonly #database: PagesDatabase;
  readonly #now: () => Instant;

  constructor(database: PagesDatabase, now: () => Instant) {
    this.#database = database;
    this.#now = now;
  }

  /** @param what the page, in a word or two: `inkorg`, `ärende` */
  async note(user: PageUser, what: string, { stays = [], reason }: Shown = {}): Promise<void> {
    await this.#database.rows(
      `insert into look (at, subject, name, assignment, unit, what, stays, reason)
       values (to_timestamp($1 / 1000.0), $2, $3, $4, $5, $6, $7, $8)`,
      [
        this.#now(),
        ...[user.subject, user.name, user.assignment.title, user.caller.name],
        ...[what, stays, reason ?? null],
      ],
    );
  }

  /** The looks of a unit's people at any of some stays, the latest first. Errors: the database's. */
  async ofStays(unit: string, stays: readonly string[]): Promise<Look[]> {
    return this.#looks(
      `select ${COLUMNS} from look where unit = $1 and stays && $2::text[] order by at desc, id desc limit 1000`,
      [unit, stays],
    );
  }

  /** Looks of a unit's people at patients since a time, drawn by lot among those that nobody has checked. */
  async drawn(unit: string, since: Instant, most: number): Promise<Look[]> {
    return this.#looks(
      `select ${COLUMNS} from look where unit = $1 and at >= to_timestamp($2 / 1000.0) and stays <> '{}'
         and not exists (select from look_check where look_id = look.id)
       order by random() limit $3`,
      [unit, since, most],
    );
  }

  async #looks(text: string, values: readonly unknown[]): Promise<Look[]> {
    const rows = await this.#database.rows<Row>(text, values);
    return rows.map(({ at, reason, ...look }) => ({
      ...look,
      at: at.getTime(),
      ...(reason !== null && { reason }),
    }));
  }
}

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

interface CheckRow {
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
    const rows = await this.#database.rows<CheckRow>(LATEST, [unit]);
    return rows.map(({ at, by, finding, note, name, what, looked_at }) => ({
      ...{ at: at.getTime(), by, finding, note },
      looked: { name, what, at: looked_at.getTime() },
    }));
  }
}
