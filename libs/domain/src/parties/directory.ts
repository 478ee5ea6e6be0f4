import { type Instant, localDate, startOfLocalDay } from '../time/time.ts';
import { type AddressRange, AddressRegister, type BoardOfAddress } from './address-register.ts';
import { type CareKind, daysOf, isInForce, LAST_DAY, type Party, type PartyId } from './party.ts';

/** Parties and addresses on every local date: what routing asks. */
export interface Directory {
  /** Names the content: a decision says which one it was made by, and can be made again. */
  readonly version: string;
  /**
   * The party, or what became of it (RTE-24); undefined for strangers, for what had not begun, and for a divided
   * municipality, whose bare code is no address (RTE-20).
   */
  party(id: PartyId, date: string): Party | undefined;
  /** A municipality, divided or not. */
  municipality(code: string, date: string): Party | undefined;
  /** What a party is called on that day, or was when it ended; its id for a stranger, and for what had not begun. */
  nameOf(id: PartyId, date: string): string;
  /** The board of an address, as the city's register has it; it may have ended by then (`party` follows it). */
  boardOf(municipality: string, lines: readonly string[], date: string): BoardOfAddress;
  /** The clinic that a kind of care has for a municipality or board. */
  clinicOfArea(care: CareKind, area: PartyId, date: string): Party | undefined;
}

/**
 * The directory through time: a decision goes by the version that was in force at its instant, so that one made long ago is
 * made again identically however often another has been imported since.
 */
export interface DirectoryVersions {
  /** The version that was in force; before the first one the first. */
  at(instant: Instant): Directory;
  /**
   * The instants at which the same facts may begin to be decided otherwise, the earliest first: another version comes into
   * force, or a row of the version in force begins or has ended. None of before the first version.
   */
  readonly changes: readonly Instant[];
}

/** A directory as it is imported: one version, whole (`directory-faults.ts` says whether it holds together). */
export interface DirectoryContent {
  readonly version: string;
  readonly parties: readonly Party[];
  /** A register that is in memory already is shared by all versions that have it. */
  readonly addresses?: Iterable<AddressRange> | AddressRegister;
}

/** A directory in memory: one version, which never was another. Dates are `YYYY-MM-DD`, so that text order is time's order. */
export class PartyDirectory implements Directory, DirectoryVersions {
  readonly version: string;
  #changes: readonly Instant[] | undefined;
  readonly #rows = new Map<PartyId, Party[]>();
  readonly #addresses: AddressRegister;
  /** `care|area` -> the clinics that have it. */
  readonly #areas = new Map<string, Party[]>();
  readonly #predecessors = new Map<PartyId, Party[]>();

  constructor({ version, parties, addresses }: DirectoryContent) {
    this.version = version;
    this.#addresses = addresses instanceof AddressRegister ? addresses : new AddressRegister(addresses);
    for (const party of parties) {
      append(this.#rows, party.id, party);
      if (party.successor !== undefined) append(this.#predecessors, party.successor, party);
      for (const area of party.areas ?? []) append(this.#areas, `${party.care ?? ''}|${area}`, party);
    }
    for (const rows of this.#rows.values()) rows.sort((a, b) => (a.from < b.from ? -1 : 1));
  }

  at(): this {
    return this;
  }

  get changes(): readonly Instant[] {
    this.#changes ??= [...new Set([...this.#addresses.days(), ...this.all().flatMap(daysOf)])]
      .sort()
      .map(startOfLocalDay);
    return this.#changes;
  }

  party(id: PartyId, date: string): Party | undefined {
    const row = this.row(id, date);
    if (row !== undefined) return row.divided === true ? undefined : row;
    const successor = this.rows(id).findLast(({ to }) => (to ?? LAST_DAY) < date)?.successor;
    return successor === undefined ? undefined : this.party(successor, date);
  }

  /** The row in force itself, divided ones included, without successors. */
  row(id: PartyId, date: string): Party | undefined {
    for (const row of this.rows(id)) if (isInForce(row, date)) return row;
    return undefined;
  }

  municipality(code: string, date: string): Party | undefined {
    const row = this.row(code, date);
    return row?.kind === 'municipality' ? row : undefined;
  }

  nameOf(id: PartyId, date: string): string {
    return this.rows(id).findLast(({ from }) => from <= date)?.name ?? id;
  }

  boardOf(municipality: string, lines: readonly string[], date: string): BoardOfAddress {
    return this.#addresses.boardOf(municipality, lines, date);
  }

  clinicOfArea(care: CareKind, area: PartyId, date: string): Party | undefined {
    return this.#areas.get(`${care}|${area}`)?.find((row) => isInForce(row, date));
  }

  /** Those that a party took over from, the latest to end first (RTE-24). */
  predecessors(id: PartyId): readonly Party[] {
    return (this.#predecessors.get(id) ?? []).toSorted((a, b) => ((a.to ?? LAST_DAY) > (b.to ?? LAST_DAY) ? -1 : 1));
  }

  /** Every row of a party, the earliest first. */
  rows(id: PartyId): readonly Party[] {
    return this.#rows.get(id) ?? NO_ROWS;
  }

  all(): readonly Party[] {
    return [...this.#rows.values()].flat();
  }

  /** How many ranges of addresses there are. */
  get addressRanges(): number {
    return this.#addresses.size;
  }
}

const NO_ROWS: readonly Party[] = [];

function append<Key, Value>(map: Map<Key, Value[]>, key: Key, value: Value): void {
  const known = map.get(key);
  if (known) known.push(value);
  else map.set(key, [value]);
}

/** A version of the directory, and since when it is in force: from a coming instant on, where that is later than now. */
export interface VersionInForce {
  readonly since: Instant;
  readonly directory: PartyDirectory;
}

/**
 * All versions of a directory. What is asked of an instant is answered by the version in force then, so that a decision is
 * made again as it was made; what is asked of a local day by the version in force at its end. Of no two versions that come
 * into force at one instant does the earlier one count.
 */
export class VersionedDirectory implements Directory, DirectoryVersions {
  readonly #versions: readonly VersionInForce[];
  /** The local day on which each came into force. */
  readonly #days: readonly string[];
  readonly #first: PartyDirectory;
  #changes: readonly Instant[] | undefined;

  /** @param versions one at least, as they were imported. @throws when there is none: a bug */
  constructor(versions: readonly VersionInForce[]) {
    this.#versions = versions.toSorted((a, b) => a.since - b.since);
    this.#days = this.#versions.map(({ since }) => (Number.isFinite(since) ? localDate(since) : ''));
    const [first] = this.#versions;
    if (!first) throw new Error('a directory has a version');
    this.#first = first.directory;
  }

  /** Every version, the earliest first. */
  get versions(): readonly VersionInForce[] {
    return this.#versions;
  }

  /** That of the latest one, in force or not. */
  get version(): string {
    return this.#versions.at(-1)?.directory.version ?? '';
  }

  at(instant: Instant): PartyDirectory {
    return this.#versions.findLast(({ since }) => since <= instant)?.directory ?? this.#first;
  }

  /** The version in force at the end of a local day. */
  on(date: string): PartyDirectory {
    return this.#versions[this.#days.findLastIndex((day) => day <= date)]?.directory ?? this.#first;
  }

  get changes(): readonly Instant[] {
    this.#changes ??= this.#versions.flatMap(({ since, directory }, index) => {
      const until = this.#versions[index + 1]?.since ?? Infinity;
      const own = directory.changes.filter((at) => since < at && at < until);
      return index === 0 || since >= until ? own : [since, ...own];
    });
    return this.#changes;
  }

  party(id: PartyId, date: string): Party | undefined {
    return this.on(date).party(id, date);
  }

  municipality(code: string, date: string): Party | undefined {
    return this.on(date).municipality(code, date);
  }

  nameOf(id: PartyId, date: string): string {
    return this.on(date).nameOf(id, date);
  }

  boardOf(municipality: string, lines: readonly string[], date: string): BoardOfAddress {
    return this.on(date).boardOf(municipality, lines, date);
  }

  clinicOfArea(care: CareKind, area: PartyId, date: string): Party | undefined {
    return this.on(date).clinicOfArea(care, area, date);
  }
}
