import { Pool } from 'pg';
import type { DataSource, EntityManager, EntitySchema } from 'typeorm';
import { fingerprintOf, type DirectoryFiles } from '#libs/county';
import { definePlainMigration, migrate, textArray } from '#libs/persistence';

/**
 * Every version of the directory that was ever imported, in PostgreSQL: the register by which a decision of any day can be made
 * again. A version is named by its content, is written whole in one transaction, and is never changed.
 */

type Party = DirectoryFiles['parties'][number];
type AddressRange = DirectoryFiles['addresses'][number];

export const DIRECTORY_SCHEMA = 'directory';

const DIRECTORY_MIGRATIONS = [
  definePlainMigration(
    '0001-directory',
    `
create table version (
  number int generated always as identity primary key,
  fingerprint text not null unique,
  imported_at timestamptz not null,
  imported_by text not null,
  parties int not null,
  address_ranges int not null
);
create table party (
  version int not null references version,
  ordinal int not null,
  body json not null,
  primary key (version, ordinal)
);
create table address_range (
  version int not null references version,
  ordinal int not null,
  municipality text not null,
  street text not null,
  low int not null,
  high int not null,
  parity text not null,
  board text not null,
  valid_from text not null,
  valid_to text,
  primary key (version, ordinal)
);`,
  ),
  definePlainMigration(
    '0002-in-force',
    `
-- The hub's time at which the first of its processes took the version up; null: none has yet.
alter table version add column in_force_at bigint;`,
  ),
  definePlainMigration(
    '0003-coming-versions',
    `
-- From when the importer wants it in force, ms; null: at once.
alter table version add column wanted_at bigint;
-- What was in force once may come into force again: the same content is then two versions.
alter table version drop constraint version_fingerprint_key;
create index version_fingerprint on version (fingerprint);`,
  ),
  definePlainMigration(
    '0004-shared-registers',
    `
-- Of the register of addresses alone; null: imported before it was kept.
alter table version add column register_fingerprint text;
-- The version whose rows of addresses are this one's too; null: its own. Most imports change parties alone.
alter table version add column register_of int references version;`,
  ),
];

/** An imported version, without its rows. */
export interface StoredVersion {
  readonly number: number;
  /** What a decision names. */
  readonly fingerprint: string;
  readonly importedAt: Date;
  /** Who imported it. */
  readonly importedBy: string;
  readonly parties: number;
  readonly addressRanges: number;
  /** From when it is wanted in force by the hub's clock, ms as text; null: from when a hub takes it up. */
  readonly wantedAt: string | null;
  /** Of its register of addresses alone; null: imported before that was kept. */
  readonly registerFingerprint: string | null;
  /** The version that has kept the rows of its register; null: it has itself. */
  readonly registerOf: number | null;
}

/**
 * Works with the table of versions by TypeORM, which is loaded where versions are listed or one is kept: a hub that goes on does
 * neither, in none of its threads.
 */
async function withVersions<T>(
  url: string,
  work: (source: DataSource, table: EntitySchema<StoredVersion>) => Promise<T>,
): Promise<T> {
  const typeorm = await import('typeorm');
  const table = new typeorm.EntitySchema<StoredVersion>({
    name: 'DirectoryVersion',
    tableName: 'version',
    schema: DIRECTORY_SCHEMA,
    columns: {
      number: { type: 'int', primary: true, generated: 'increment' },
      fingerprint: { type: 'text' },
      importedAt: { type: 'timestamptz', name: 'imported_at' },
      importedBy: { type: 'text', name: 'imported_by' },
      parties: { type: 'int' },
      addressRanges: { type: 'int', name: 'address_ranges' },
      wantedAt: { type: 'bigint', name: 'wanted_at', nullable: true },
      registerFingerprint: { type: 'text', name: 'register_fingerprint', nullable: true },
      registerOf: { type: 'int', name: 'register_of', nullable: true },
    },
  });
  const options = { installExtensions: false, extra: { max: 1 }, poolErrorHandler: () => undefined };
  const source = new typeorm.DataSource({ type: 'postgres', url, entities: [table], ...options });
  await source.initialize();
  try {
    return await work(source, table);
  } finally {
    await source.destroy();
  }
}

const IS_EMPTY = `select not exists (select from directory.version) as "isEmpty"`;

const PUT_PARTIES = `
insert into directory.party (version, ordinal, body)
select $1, ordinal, body::json from unnest($2::text[]) with ordinality as given (body, ordinal)`;

const PUT_RANGES = `
insert into directory.address_range
  (version, ordinal, municipality, street, low, high, parity, board, valid_from, valid_to)
select $1, ordinal, municipality, street, low, high, parity, board, valid_from, nullif(valid_to, '')
from unnest($2::text[], $3::text[], $4::int[], $5::int[], $6::text[], $7::text[], $8::text[], $9::text[])
  with ordinality as given (municipality, street, low, high, parity, board, valid_from, valid_to, ordinal)`;

const PARTIES = `
select body::text as body from directory.party where version = $1 order by ordinal`;

const RANGES = `
select municipality, street, low, high, parity, board, valid_from as "from", valid_to as "to"
from directory.address_range
where version = (select coalesce(register_of, number) from directory.version where number = $1)
order by ordinal`;

/** The version that has the rows of a register: the first that was imported with it. */
const HAS_REGISTER = `
select number from directory.version where register_fingerprint = $1 and register_of is null order by number limit 1`;

interface StoredRange extends Omit<AddressRange, 'to'> {
  readonly to: string | null;
}

/**
 * A version is in force from when a hub first takes it up, or from a later instant that its importer wanted: what has been
 * decided by then was decided by another.
 */
const TAKE_UP = `
update directory.version v set in_force_at = greatest(wanted_at, $1::bigint + case when exists (
  select from directory.version other where other.in_force_at is not null) then $2::bigint else 0 end)
where in_force_at is null`;

const IN_FORCE = `
select number, fingerprint, in_force_at::float8 as since, coalesce(register_of, number) as register
from directory.version order by number`;

/** A version and since when it is in force, by the hub's clock; a coming instant, where it has been taken up before that. */
export interface InForce {
  readonly number: number;
  readonly fingerprint: string;
  readonly since: number;
  /** Names its register of addresses: versions with the same one have the same name here. */
  readonly register: number;
}

/** The stored versions. Close it. */
export class DirectoryStore {
  readonly #url: string;
  readonly #pool: Pool;
  /** Rows of parties by their text: a row that many versions have is in memory once. */
  readonly #parties = new Map<string, Party>();

  private constructor(url: string) {
    this.#url = url;
    // Without the limits of what is done for messages: a register of addresses is large.
    this.#pool = new Pool({ connectionString: url, application_name: 'bryggan-directory', max: 2 });
    this.#pool.on('error', () => undefined);
  }

  /** Opens the store, and makes or updates its schema. Errors: the database's. */
  static async open(url: string): Promise<DirectoryStore> {
    await migrate({ url, schema: DIRECTORY_SCHEMA, migrations: DIRECTORY_MIGRATIONS });
    return new DirectoryStore(url);
  }

  /** @returns whether no version was ever kept */
  async isEmpty(): Promise<boolean> {
    const { rows } = await this.#pool.query<{ isEmpty: boolean }>(IS_EMPTY);
    return rows[0]?.isEmpty === true;
  }

  /** All versions, the newest first. */
  versions(): Promise<StoredVersion[]> {
    return withVersions(this.#url, (source, table) => source.getRepository(table).find({ order: { number: 'DESC' } }));
  }

  /**
   * Puts the versions that no process has taken up in force, and answers with all, the oldest first: what is decided at an
   * instant goes by the version that was in force then, whoever decides it again.
   * @param now by the hub's clock, ms
   * @param lead how long after that a version that is wanted at once is in force, so that every process has read it by then;
   *   the first one is at once
   */
  async inForce(now: number, lead: number): Promise<InForce[]> {
    await this.#pool.query(TAKE_UP, [now, lead]);
    return (await this.#pool.query<InForce>(IN_FORCE)).rows;
  }

  /**
   * Keeps a version with all its rows, or nothing of it.
   * @param wantedAt from when it is to be in force, ms; absent: from when a hub takes it up
   * @returns it, and whether it is new: the content of the latest one from the same instant is that one, whoever imports it
   */
  async keep(
    files: DirectoryFiles,
    importedBy: string,
    importedAt: Date,
    wantedAt?: number,
  ): Promise<StoredVersion & { readonly isNew: boolean }> {
    const { parties, addresses } = files;
    const [fingerprint, registerFingerprint] = [fingerprintOf([...parties, ...addresses]), fingerprintOf(addresses)];
    const keepIn = async (manager: EntityManager, table: EntitySchema<StoredVersion>) => {
      // Two imports at once: the second waits here, and finds what the first has kept.
      await manager.query('lock table directory.version in share row exclusive mode');
      const repository = manager.getRepository(table);
      const wanted = wantedAt === undefined ? null : String(wantedAt);
      const [known] = await repository.find({ order: { number: 'DESC' }, take: 1 });
      if (known?.fingerprint === fingerprint && known.wantedAt === wanted) return { ...known, isNew: false };
      const [shared] = await manager.query<{ number: number }[]>(HAS_REGISTER, [registerFingerprint]);
      const version = await repository.save({
        ...{ fingerprint, importedAt, importedBy, wantedAt: wanted },
        ...{ parties: parties.length, addressRanges: addresses.length },
        ...{ registerFingerprint, registerOf: shared?.number ?? null },
      });
      await manager.query(PUT_PARTIES, [version.number, textArray(parties.map((party) => JSON.stringify(party)))]);
      if (!shared) await manager.query(PUT_RANGES, [version.number, ...columnsOf(addresses)]);
      return { ...version, isNew: true };
    };
    return withVersions(this.#url, (source, table) => source.transaction((manager) => keepIn(manager, table)));
  }

  /** The parties of a version as they were imported; none of one that is not there. */
  async parties(version: number): Promise<Party[]> {
    const { rows } = await this.#pool.query<{ body: string }>(PARTIES, [version]);
    return rows.map(({ body }) => {
      const known = this.#parties.get(body) ?? (JSON.parse(body) as Party);
      this.#parties.set(body, known);
      return known;
    });
  }

  /** The register of addresses of a version, as it was imported. */
  async addresses(version: number): Promise<AddressRange[]> {
    const { rows } = await this.#pool.query<StoredRange>(RANGES, [version]);
    return rows.map(({ to, ...range }) => ({ ...range, ...(to !== null && { to }) }));
  }

  /** A version whole. */
  async files(version: number): Promise<DirectoryFiles> {
    return { parties: await this.parties(version), addresses: await this.addresses(version) };
  }

  close(): Promise<void> {
    return this.#pool.end();
  }
}

function columnsOf(ranges: readonly AddressRange[]): unknown[] {
  const texts = (read: (range: AddressRange) => string): Buffer => textArray(ranges.map(read));
  return [
    texts(({ municipality }) => municipality),
    texts(({ street }) => street),
    ranges.map(({ low }) => low),
    ranges.map(({ high }) => high),
    texts(({ parity }) => parity),
    texts(({ board }) => board),
    texts(({ from }) => from),
    texts(({ to }) => to ?? ''),
  ];
}
