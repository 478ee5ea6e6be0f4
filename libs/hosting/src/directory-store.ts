import { DataSource, EntitySchema } from 'typeorm';
import { directoryOf, type DirectoryFiles } from '#libs/county';
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
}

const VERSION = new EntitySchema<StoredVersion>({
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
  },
});

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
select body from directory.party where version = $1 order by ordinal`;

const RANGES = `
select municipality, street, low, high, parity, board, valid_from as "from", valid_to as "to"
from directory.address_range where version = $1 order by ordinal`;

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
select number, fingerprint, in_force_at::float8 as in_force_at from directory.version order by number`;

/** A version and since when it is in force, by the hub's clock; a coming instant, where it has been taken up before that. */
export interface InForce {
  readonly number: number;
  readonly fingerprint: string;
  readonly since: number;
}

/** The stored versions. Close it. */
export class DirectoryStore {
  readonly #source: DataSource;

  private constructor(source: DataSource) {
    this.#source = source;
  }

  /** Opens the store, and makes or updates its schema. Errors: the database's. */
  static async open(url: string): Promise<DirectoryStore> {
    await migrate({ url, schema: DIRECTORY_SCHEMA, migrations: DIRECTORY_MIGRATIONS });
    const source = new DataSource({
      type: 'postgres',
      url,
      entities: [VERSION],
      installExtensions: false,
      extra: { max: 2 },
    });
    return new DirectoryStore(await source.initialize());
  }

  /** All versions, the newest first. */
  versions(): Promise<StoredVersion[]> {
    return this.#source.getRepository(VERSION).find({ order: { number: 'DESC' } });
  }

  /**
   * Puts the versions that no process has taken up in force, and answers with all, the oldest first: what is decided at an
   * instant goes by the version that was in force then, whoever decides it again.
   * @param now by the hub's clock, ms
   * @param lead how long after that a version that is wanted at once is in force, so that every process has read it by then;
   *   the first one is at once
   */
  async inForce(now: number, lead: number): Promise<InForce[]> {
    await this.#source.query(TAKE_UP, [now, lead]);
    const rows = await this.#source.query<{ number: number; fingerprint: string; in_force_at: number }[]>(IN_FORCE);
    return rows.map(({ number, fingerprint, in_force_at: since }) => ({ number, fingerprint, since }));
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
    const fingerprint = directoryOf(files).version;
    return this.#source.transaction(async (manager) => {
      // Two imports at once: the second waits here, and finds what the first has kept.
      await manager.query('lock table directory.version in share row exclusive mode');
      const repository = manager.getRepository(VERSION);
      const wanted = wantedAt === undefined ? null : String(wantedAt);
      const [known] = await repository.find({ order: { number: 'DESC' }, take: 1 });
      if (known?.fingerprint === fingerprint && known.wantedAt === wanted) return { ...known, isNew: false };
      const { parties, addresses } = files;
      const counts = { parties: parties.length, addressRanges: addresses.length };
      const version = await repository.save({ fingerprint, importedAt, importedBy, wantedAt: wanted, ...counts });
      await manager.query(PUT_PARTIES, [version.number, textArray(parties.map((party) => JSON.stringify(party)))]);
      await manager.query(PUT_RANGES, [version.number, ...columnsOf(addresses)]);
      return { ...version, isNew: true };
    });
  }

  /** The parties of a version as they were imported; none of one that is not there. */
  async parties(version: number): Promise<Party[]> {
    const rows = await this.#source.query<{ body: Party }[]>(PARTIES, [version]);
    return rows.map(({ body }) => body);
  }

  /** The same, and the register of addresses. */
  async files(version: number): Promise<DirectoryFiles> {
    const parties = await this.parties(version);
    const ranges = await this.#source.query<StoredRange[]>(RANGES, [version]);
    return {
      parties,
      addresses: ranges.map(({ to, ...range }) => ({ ...range, ...(to !== null && { to }) })),
    };
  }

  close(): Promise<void> {
    return this.#source.destroy();
  }
}

function columnsOf(ranges: readonly AddressRange[]): unknown[] {
  const texts = (read: (range: AddressRange) => string): string => textArray(ranges.map(read));
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
