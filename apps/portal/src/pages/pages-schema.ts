import type { Pool } from 'pg';
import { createPool, definePlainMigration, inTransaction, migrate, type Tx } from '#libs/persistence';

const PAGES_SCHEMA = 'portal_pages';

/**
 * Sessions by the hash of their id, so that who reads the table cannot take one over; and what people looked at (SEC-20),
 * which is only ever added to. No row has a person number: a stay and a view's Patient.id are ids of our own making.
 */
const SESSIONS = `
create table session (
  id_hash text primary key,
  subject text not null,
  name text not null,
  assignments jsonb not null,
  assignment text,
  form_token text not null,
  begun_at timestamptz not null,
  used_at timestamptz not null
);
create index session_by_use on session (used_at);
create table look (
  id bigint generated always as identity primary key,
  at timestamptz not null,
  subject text not null,
  name text not null,
  assignment text not null,
  unit text not null,
  what text not null,
  stay_id text,
  reason text
);
create index look_by_stay on look (stay_id, at) where stay_id is not null;
create index look_by_subject on look (subject, at);
create table seen (
  unit text not null,
  stay_id text not null,
  at bigint not null,
  primary key (unit, stay_id)
);`;

/**
 * What a unit answered by its pages, in the order in which it did: of two people at once one gets the next number. The form is
 * the reply as the hub took it.
 */
const GIVEN_ANSWERS = `
create table given_answer (
  unit text not null,
  stay_id text not null,
  ordinal int not null,
  form_key text not null,
  reply_id text not null,
  reply json not null,
  subject text not null,
  name text not null,
  at bigint not null,
  primary key (unit, stay_id, ordinal)
);`;

/**
 * A list shows many persons at one look: the stays of all of them stand on its row, so that the log of a person has it. A check
 * is what the one who controls the log found in a look (SEC-20: checks are systematic, recurring and written down).
 */
const LOG_CONTROL = `
alter table look add column stays text[] not null default '{}';
update look set stays = array[stay_id] where stay_id is not null;
alter table look drop column stay_id;
create index look_by_stay on look using gin (stays);
create index look_by_unit on look (unit, at);
create table look_check (
  look_id bigint primary key references look,
  at timestamptz not null,
  unit text not null,
  subject text not null,
  name text not null,
  finding text not null check (finding in ('in-order', 'to-be-examined')),
  note text not null
);
create index look_check_by_unit on look_check (unit, at);`;

/** What operators did by hand: with whose name, about which stay or which rejection, and why. */
const OPERATOR_ACTS = `
create table operator_act (
  id bigint generated always as identity primary key,
  at timestamptz not null,
  subject text not null,
  name text not null,
  about text not null,
  what text not null,
  reason text not null,
  decision text
);
create index operator_act_about on operator_act (about, at);`;

/**
 * What a ward did beside the hub: that it called somebody, or made a concern report to a board (rules 12.6). When and how, and
 * nothing of what was said. It stands beside the stay: no notice is made of it, and it is made of none.
 */
const CONTACTS = `
create table contact (
  form_key text primary key,
  kind text not null check (kind in ('call', 'concern')),
  stay_id text not null,
  organisation text not null,
  recipient text not null,
  made_at bigint not null,
  channel text not null,
  noted_at timestamptz not null,
  subject text not null,
  name text not null,
  withdrawn_at timestamptz
);
create index contact_of_stay on contact (stay_id, made_at);`;

const PAGES_MIGRATIONS = [
  definePlainMigration('0001-sessions-and-looks', SESSIONS),
  definePlainMigration('0002-given-answers', GIVEN_ANSWERS),
  definePlainMigration('0003-log-control', LOG_CONTROL),
  definePlainMigration('0004-operator-acts', OPERATOR_ACTS),
  definePlainMigration('0005-contacts', CONTACTS),
];

/**
 * What the pages themselves keep. The schema is brought up to date at the first question, and again at the next one when
 * that failed: the portal starts while PostgreSQL is away.
 */
export class PagesDatabase {
  readonly #url: string;
  readonly #pool: Pool;
  #migrated: Promise<unknown> | undefined;

  constructor(url: string) {
    this.#url = url;
    this.#pool = createPool({ url, applicationName: 'portal-pages', schema: PAGES_SCHEMA, max: 4 });
  }

  /** The rows of a statement. Errors: the database's. */
  async rows<Row extends object>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    await this.#upToDate();
    const { rows } = await this.#pool.query<Row>(text, [...values]);
    return rows;
  }

  /** The work in one transaction: all of it, or none. Errors: the work's, and the database's. */
  async transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    await this.#upToDate();
    return inTransaction(this.#pool, work);
  }

  close(): Promise<void> {
    return this.#pool.end();
  }

  async #upToDate(): Promise<void> {
    this.#migrated ??= migrate({ url: this.#url, schema: PAGES_SCHEMA, migrations: PAGES_MIGRATIONS });
    try {
      await this.#migrated;
    } catch (error) {
      this.#migrated = undefined;
      throw error;
    }
  }
}
