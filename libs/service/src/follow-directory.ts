import { AddressRegister, PartyDirectory, VersionedDirectory } from '#libs/county';
import { pause } from '#libs/messaging';
import { isDatabaseTrouble } from '#libs/persistence';
import { errorFields } from '#libs/platform';
import type { AppParts } from './app-parts.ts';
import { DirectoryStore } from './directory-store.ts';

/** Between two looks for another version, ms of the machine's clock. */
const LOOK_EVERY = 2000;

/** Between taking a version up and going by it: by then every process has looked. The driven clock has one process alone. */
const LEAD = 3 * LOOK_EVERY;

/** How long a start waits for PostgreSQL, and between two tries, ms. */
const MOST_WAITED = 30_000;
const TRY_EVERY = 500;

/** The directory that is kept in PostgreSQL, as a process goes by it. Close it. */
export interface FollowedDirectory {
  /** Takes up what has been imported since. @returns true when the county is another now. @throws the database's errors */
  refresh(): Promise<boolean>;
  /** Calls `changed` after each look that found another version. @returns what ends that */
  follow(changed: () => Promise<void>): () => void;
  close(): Promise<void>;
}

type Parts = Pick<AppParts, 'configuration' | 'clock' | 'county' | 'log'>;

/**
 * Goes by the directory that is kept in PostgreSQL from here on (`npm run directory -- import`), and follows it without a
 * restart. Where none is kept yet, the one of the county's folder becomes the first version; the folder's is not read any more
 * from then on, but for the names of wards in its agreements.
 *
 *   imported   kept as a version, and nobody goes by it
 *   coming     taken up before the instant that its importer wanted: its parties have their topics and logins
 *   in force   from that instant, or from when the first process took it up, by the hub's clock; all go by that instant
 *
 * Every version stays in memory, as a stay of any day is read by the one of that day; what they share is there once: the rows
 * of parties, and the register of addresses, which most imports leave as it is.
 * @param options.partiesAlone without the register of addresses, which may be large: for whoever decides nothing
 */
export async function openDirectory(
  { configuration, clock, county, log }: Parts,
  { partiesAlone = false } = {},
): Promise<FollowedDirectory> {
  const store = await opened(configuration.database.url);
  const known = new Map<number, PartyDirectory>();
  const registers = new Map<number, AddressRegister>();
  if (await store.isEmpty()) await store.keep(county.folder.files, 'county folder', new Date(clock.now()));
  const refresh = async (): Promise<boolean> => {
    const versions = await store.inForce(clock.now(), clock.driven ? 0 : LEAD);
    const added = versions.filter(({ number }) => !known.has(number));
    if (added.length === 0) return false;
    for (const { number, fingerprint, register } of added) {
      if (!partiesAlone && !registers.has(register))
        registers.set(register, new AddressRegister(await store.addresses(register)));
      const addresses = registers.get(register) ?? [];
      known.set(number, new PartyDirectory({ version: fingerprint, parties: await store.parties(number), addresses }));
    }
    const all = versions.flatMap(({ number, since }) => {
      const directory = known.get(number);
      return directory ? [{ since, directory }] : [];
    });
    return county.goBy(new VersionedDirectory(all));
  };
  try {
    await refresh();
  } catch (error) {
    await store.close();
    throw error;
  }
  let round: Promise<unknown> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  return {
    refresh,
    follow: (changed) => {
      const look = async (): Promise<void> => {
        try {
          if (await refresh()) {
            await changed();
            log.info('directory.changed', { version: county.directory.version, parties: county.partyIds().length });
          }
        } catch (error) {
          // PostgreSQL away: what is in force stays, and the next look tries again.
          log.debug('directory.unread', errorFields(error));
        }
      };
      timer = setInterval(() => {
        round = round.then(look);
      }, LOOK_EVERY);
      timer.unref();
      return () => clearInterval(timer);
    },
    close: async () => {
      clearInterval(timer);
      await round;
      await store.close();
    },
  };
}

/** Nobody may route by another directory than the one that is kept: so a start waits for the database, and then gives up. */
async function opened(url: string): Promise<DirectoryStore> {
  for (const giveUpAt = performance.now() + MOST_WAITED; ;) {
    try {
      return await DirectoryStore.open(url);
    } catch (error) {
      if (!isDatabaseTrouble(error) || performance.now() > giveUpAt) throw error;
      await pause(TRY_EVERY);
    }
  }
}
