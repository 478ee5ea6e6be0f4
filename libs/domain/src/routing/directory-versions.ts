import { localDate } from '../time/local-time.ts';
import type { Instant } from '../time/time.ts';
import type { BoardOfAddress } from './address-register.ts';
import type { Directory, DirectoryVersions, PartyDirectory } from './directory.ts';
import type { CareKind, Party, PartyId } from './party.ts';

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
