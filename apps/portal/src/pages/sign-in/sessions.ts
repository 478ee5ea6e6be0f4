import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { PagesDatabase } from '../pages-schema.ts';
import type { Assignment, SignedIn } from './openid.ts';

/**
 * A session of one browser.
 *
 *   begun     signed in; where the person has several assignments, none is chosen and no page of a unit is shown
 *   chosen    one assignment, whose unit's pages are shown; another may be chosen
 *   ended     signed out, unused for 30 minutes, or 8 hours old: as if it had never been
 */
export interface Session extends SignedIn {
  /** The assignment in use. */
  readonly assignment?: Assignment;
  /** What a form of this session carries, so that no other site can send one. */
  readonly formToken: string;
}

const UNUSED = '30 minutes';
const LONGEST = '8 hours';

interface Row {
  readonly subject: string;
  readonly name: string;
  readonly assignments: readonly Assignment[];
  readonly assignment: string | null;
  readonly form_token: string;
}

/** Sessions in PostgreSQL: every replica of the portal knows them, and a restart ends none. Times are the database's. */
export class Sessions {
  readonly #database: PagesDatabase;

  constructor(database: PagesDatabase) {
    this.#database = database;
  }

  /** Begins a session, with the assignment chosen where there is one alone. @returns its id, for the cookie */
  async begin({ subject, name, assignments }: SignedIn): Promise<string> {
    const id = secret();
    const only = assignments.length === 1 ? assignments[0]?.id : undefined;
    await this.#database.rows(`delete from session where used_at < now() - interval '1 day'`);
    await this.#database.rows(
      `insert into session (id_hash, subject, name, assignments, assignment, form_token, begun_at, used_at)
       values ($1, $2, $3, $4, $5, $6, now(), now())`,
      [hashed(id), subject, name, JSON.stringify(assignments), only ?? null, secret()],
    );
    return id;
  }

  /** The session of an id, used now; undefined when there is none, or it has ended. */
  async use(id: string): Promise<Session | undefined> {
    const [row] = await this.#database.rows<Row>(
      `update session set used_at = now()
       where id_hash = $1 and used_at > now() - interval '${UNUSED}' and begun_at > now() - interval '${LONGEST}'
       returning subject, name, assignments, assignment, form_token`,
      [hashed(id)],
    );
    if (row === undefined) return undefined;
    const assignment = row.assignments.find((one) => one.id === row.assignment);
    const { subject, name, assignments, form_token: formToken } = row;
    return { subject, name, assignments, formToken, ...(assignment && { assignment }) };
  }

  /** Chooses an assignment of the session; one that is not the person's chooses none. */
  async choose(id: string, assignment: string): Promise<void> {
    await this.#database.rows('update session set assignment = $2 where id_hash = $1', [hashed(id), assignment]);
  }

  async end(id: string): Promise<void> {
    await this.#database.rows('delete from session where id_hash = $1', [hashed(id)]);
  }
}

/** True when a form was made for this session. */
export function isOwnForm({ formToken }: Session, given: string | undefined): boolean {
  const [own, other] = [Buffer.from(formToken), Buffer.from(given ?? '')];
  return own.length === other.length && timingSafeEqual(own, other);
}

const secret = (): string => randomBytes(32).toString('base64url');
const hashed = (id: string): string => createHash('sha256').update(id).digest('base64url');
