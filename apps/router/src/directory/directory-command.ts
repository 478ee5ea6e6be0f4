import { parseArgs } from 'node:util';
import { CountyError, readDirectory, directoryOf, type DirectoryFiles } from '#libs/county';
import { isLocalDate, localDate, startOfLocalDay, type Instant } from '#libs/domain';
import { createPool } from '#libs/persistence';
import type { RoutingRules } from '../routing-rules.ts';
import { directoryChange, staysToldElsewhere, type DirectoryChange } from './directory-change.ts';
import { DirectoryStore } from '#libs/service';

/**
 * `npm run directory`: a directory is read from files, checked whole, compared with the latest version and kept as the next. A
 * running hub takes it up by itself within seconds (`openDirectory`); the versions kept here are all that ever were in force.
 */

export const USAGE = `npm run directory -- import PARTIES.json [--addresses ADDRESSES.csv] [--at YYYY-MM-DD] [--dry-run]
npm run directory -- list
import refuses a faulty directory whole. Without --addresses the register of the version before stays as it is. It says what changes against the version before, and which open stays would be told
elsewhere on that day (today); --dry-run keeps nothing. --at: in force from 00:00 of that day; else in a few seconds.`;

/** Wrong arguments: the message says which. */
export class UsageProblem extends Error {}

export type DirectoryCommand =
  | { readonly kind: 'list' }
  | {
      readonly kind: 'import';
      readonly parties: string;
      readonly addresses?: string;
      readonly at?: string;
      readonly dryRun: boolean;
    };

/** The command on a command line. @throws UsageProblem */
export function readCommand(args: readonly string[]): DirectoryCommand {
  const { values, positionals } = parsed(args);
  const [what, file, ...more] = positionals;
  if (what === 'list' && file === undefined) return { kind: 'list' };
  if (what !== 'import' || file === undefined || more.length > 0)
    throw new UsageProblem('import PARTIES.json, or list');
  const { addresses, at } = values;
  if (at !== undefined && !isLocalDate(at)) throw new UsageProblem(`--at ${at} is no day such as 2026-05-04`);
  return {
    ...{ kind: what, parties: file, dryRun: values['dry-run'] },
    ...(addresses !== undefined && { addresses }),
    ...(at !== undefined && { at }),
  };
}

function parsed(args: readonly string[]) {
  try {
    const option = { type: 'string' } as const;
    const options = { addresses: option, at: option, 'dry-run': { type: 'boolean', default: false } } as const;
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw new UsageProblem(error instanceof Error ? error.message : 'unreadable arguments');
  }
}

/** What a command is carried out with. */
export interface DirectoryParts {
  readonly databaseUrl: string;
  readonly parameters: RoutingRules['parameters'];
  /** Who imports, for the register. */
  readonly importedBy: string;
  readonly now: Date;
  readonly say: (line: string) => void;
}

/** Carries a command out. @throws CountyError with all that is wrong with the files, or the database's errors */
export async function carryOut(command: DirectoryCommand, parts: DirectoryParts): Promise<void> {
  const store = await DirectoryStore.open(parts.databaseUrl);
  try {
    if (command.kind === 'list') {
      for (const one of await store.versions()) {
        const { number, fingerprint, importedBy, parties: many, addressRanges, wantedAt } = one;
        const from = wantedAt === null ? '' : `, gäller från ${localDate(Number(wantedAt))}`;
        parts.say(
          `${number}  ${fingerprint}  ${one.importedAt.toISOString()}  ${importedBy}  ${many} parter, ${addressRanges} adressintervall${from}`,
        );
      }
    } else await importDirectory(command, store, parts);
  } finally {
    await store.close();
  }
}

async function importDirectory(
  { parties, addresses, at, dryRun }: Extract<DirectoryCommand, { kind: 'import' }>,
  store: DirectoryStore,
  { databaseUrl, parameters, importedBy, now, say }: DirectoryParts,
): Promise<void> {
  const versions = await store.versions();
  const wantedAt = at === undefined ? undefined : startOfLocalDay(at);
  const [later] = versions.filter((one) => Number(one.wantedAt ?? 0) > (wantedAt ?? now.getTime()));
  const latest = versions.find((one) => Number(one.wantedAt ?? 0) <= (wantedAt ?? now.getTime()));
  const before = latest && (await store.files(latest.number));
  const problems: string[] = [];
  // A new list of parties must not take the city's register away: every need of an address without a board would wait for a person.
  const files = readDirectory(parties, addresses ?? before?.addresses, problems);
  if (problems.length > 0) throw new CountyError(parties, problems);
  for (const line of changeLines(directoryChange(before, files))) say(line);
  if (before) await sayStays(databaseUrl, before, files, wantedAt ?? now.getTime(), parameters, say);
  if (dryRun) {
    say('Inget har sparats (--dry-run).');
    return;
  }
  const { number, fingerprint, isNew } = await store.keep(files, importedBy, now, wantedAt);
  const from = at === undefined ? 'inom några sekunder' : `från ${at}`;
  say(
    isNew
      ? `Sparad som version ${number}, ${fingerprint}; gäller ${from}.`
      : `Fanns redan som version ${number}, ${fingerprint}.`,
  );
  if (later?.wantedAt)
    say(`Obs: version ${later.number} gäller från ${localDate(Number(later.wantedAt))} och ersätter då denna.`);
}

function changeLines({ added, removed, changed, rangesAdded, rangesRemoved }: DirectoryChange): string[] {
  return [
    `Parter: ${added.length} nya, ${removed.length} borta, ${changed.length} ändrade. Adressintervall: ${rangesAdded} nya, ${rangesRemoved} borta.`,
    ...added.map((party) => `  ny: ${party}`),
    ...removed.map((party) => `  borta: ${party}`),
    ...changed.map(({ party, fields }) => `  ändrad: ${party}: ${fields.join(', ')}`),
  ];
}

async function sayStays(
  url: string,
  before: DirectoryFiles,
  after: DirectoryFiles,
  at: Instant,
  parameters: RoutingRules['parameters'],
  say: (line: string) => void,
): Promise<void> {
  const pool = createPool({ url, applicationName: 'directory', max: 1 });
  try {
    let stays = 0;
    for await (const { stayId, ...ids } of staysToldElsewhere(
      pool,
      directoryOf(before),
      directoryOf(after),
      at,
      parameters,
    )) {
      stays++;
      say(`  vårdtillfälle ${stayId}: ${ids.before.join(' ') || 'ingen'} -> ${ids.after.join(' ') || 'ingen'}`);
    }
    say(`Pågående vårdtillfällen som går till andra från ${localDate(at)}: ${stays}.`);
  } finally {
    await pool.end();
  }
}
