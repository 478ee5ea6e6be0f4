import type { Instant } from '#libs/domain';
import type { PagesDatabase } from './pages-schema.ts';
import type { PageUser } from './page-user.ts';

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
