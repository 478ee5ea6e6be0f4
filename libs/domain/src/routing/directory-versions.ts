import type { Instant } from '../time/time.ts';
import type { BoardOfAddress } from './address-register.ts';
import type { Directory, DirectoryVersions, PartyDirectory } from './directory.ts';
import type { CareKind, Party, PartyId } from './party.ts';

/** A version of the directory, and since when it is in force. */
export interface VersionInForce {
  readonly since: Instant;
  readonly directory: PartyDirectory;
}

/**
 * All versions of a directory: what is asked without an instant is answered by the latest, what is asked of an instant by the
 * version that was in force then, so that a decision is made again as it was made.
 */
export class VersionedDirectory implements Directory, DirectoryVersions {
  readonly latest: PartyDirectory;
  readonly changes: readonly Instant[];
  readonly #versions: readonly VersionInForce[];

  /** @param versions one at least, in any order. @throws when there is none: a bug */
  constructor(versions: readonly VersionInForce[]) {
    this.#versions = versions.toSorted((a, b) => a.since - b.since);
    const latest = this.#versions.at(-1);
    if (!latest) throw new Error('a directory has a version');
    this.latest = latest.directory;
    this.changes = this.#versions.slice(1).map(({ since }) => since);
  }

  /** Every version, the earliest first. */
  get versions(): readonly VersionInForce[] {
    return this.#versions;
  }

  get version(): string {
    return this.latest.version;
  }

  at(instant: Instant): PartyDirectory {
    const found = this.#versions.findLast(({ since }) => since <= instant) ?? this.#versions[0];
    return found?.directory ?? this.latest;
  }

  party(id: PartyId, date: string): Party | undefined {
    return this.latest.party(id, date);
  }

  municipality(code: string, date: string): Party | undefined {
    return this.latest.municipality(code, date);
  }

  boardOf(municipality: string, lines: readonly string[], date: string): BoardOfAddress {
    return this.latest.boardOf(municipality, lines, date);
  }

  clinicOfArea(care: CareKind, area: PartyId, date: string): Party | undefined {
    return this.latest.clinicOfArea(care, area, date);
  }
}
