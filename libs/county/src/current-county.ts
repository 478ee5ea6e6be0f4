import type { Party, PartyId, VersionedDirectory } from '#libs/domain';
import type { Agreement } from './agreement.ts';
import {
  countyOf,
  directoryOf,
  readCountyFolder,
  type County,
  type CountyCaller,
  type CountyFiles,
  type CountyFolder,
  type SenderNames,
  type TestPerson,
} from './county.ts';

/** Told of a change, after everything that asks the county is answered by the new one. */
export type CountyListener = (now: County, before: County) => void;

/**
 * The county as its folder says it now, but for the directory, which may be kept elsewhere (`goBy`). Each answer is of the snapshot in force, so whoever holds this object, or its
 * directory, follows a change by itself; whoever keeps something that was made of an answer (a list of parties, a token)
 * keeps the version with it, or subscribes.
 *
 *   in force   a snapshot that was read whole and found right
 *   reload     the folder is read again: the same version changes nothing; a faulty folder changes nothing either, and its
 *              faults are thrown to whoever asked; another version is in force at once, and then it is told
 */
export class CurrentCounty implements County {
  readonly #source: string | CountyFiles;
  readonly #listeners = new Set<CountyListener>();
  #read: CountyFolder;
  #versions: VersionedDirectory | undefined;
  #now: County;
  readonly directory: County['directory'];

  /**
   * @param source the folder; or what another thread has read there, which it hands over anew when it changes (`take`)
   * @throws CountyError with all that is wrong with the folder
   */
  constructor(source: string | CountyFiles) {
    this.#source = source;
    this.#read = whole(source);
    this.#now = countyOf(this.#read);
    const now = (): County['directory'] => this.#now.directory;
    this.directory = {
      get version() {
        return now().version;
      },
      at: (instant) => now().at(instant),
      get changes() {
        return now().changes;
      },
      party: (id, date) => now().party(id, date),
      nameOf: (id, date) => now().nameOf(id, date),
      municipality: (code, date) => now().municipality(code, date),
      boardOf: (municipality, lines, date) => now().boardOf(municipality, lines, date),
      clinicOfArea: (care, area, date) => now().clinicOfArea(care, area, date),
    };
  }

  /**
   * Reads the folder again.
   * @returns true when another version is in force now
   * @throws CountyError with all that is wrong with it; what was in force still is
   */
  reload(): boolean {
    return this.#goByRead(whole(this.#source));
  }

  /**
   * Goes by what another thread has read.
   * @returns true when another version is in force now
   */
  take(files: CountyFiles): boolean {
    return this.#goByRead(whole(files));
  }

  #goByRead(read: CountyFolder): boolean {
    this.#read = read;
    return this.#change();
  }

  /** What the folder holds. */
  get folder(): CountyFolder {
    return this.#read;
  }

  /** The same for another thread. */
  get files(): CountyFiles {
    const { files, agreements, callers, persons, responses } = this.#read;
    return { files, agreements, callers, persons, responses };
  }

  /**
   * Goes by these versions of the directory from now on, and no more by the folder's.
   * @returns true when another county is in force now
   */
  goBy(versions: VersionedDirectory): boolean {
    this.#versions = versions;
    return this.#change();
  }

  #change(): boolean {
    const before = this.#now;
    const now = countyOf(this.#read, this.#versions);
    if (now.version === before.version) return false;
    this.#now = now;
    for (const listener of this.#listeners) listener(now, before);
    return true;
  }

  /** Tells `listener` of every change from now on. @returns what ends that */
  onChange(listener: CountyListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  snapshot(): County {
    return this.#now;
  }
  get version(): string {
    return this.#now.version;
  }
  partiesOn(date: string): readonly Party[] {
    return this.#now.partiesOn(date);
  }
  partyIds(): readonly PartyId[] {
    return this.#now.partyIds();
  }
  nameOf(id: string, date: string): string | undefined {
    return this.#now.nameOf(id, date);
  }
  agreement(id: string, date: string): Agreement | undefined {
    return this.#now.agreement(id, date);
  }
  agreementOf(header: SenderNames, date: string): Agreement | undefined {
    return this.#now.agreementOf(header, date);
  }
  agreements(): readonly Agreement[] {
    return this.#now.agreements();
  }
  senderIds(): readonly string[] {
    return this.#now.senderIds();
  }
  callers(): readonly CountyCaller[] {
    return this.#now.callers();
  }
  testPersons(): readonly TestPerson[] {
    return this.#now.testPersons();
  }

  responseAddresses(of: string): readonly string[] {
    return this.#now.responseAddresses(of);
  }
}

function whole(source: string | CountyFiles): CountyFolder {
  if (typeof source === 'string') return readCountyFolder(source);
  return { ...source, directory: directoryOf(source.files) };
}
