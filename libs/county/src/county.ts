import { createHash } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { types } from 'node:util';
import {
  isInForce,
  PartyDirectory,
  VersionedDirectory,
  type Directory,
  type DirectoryVersions,
  type IdentityCertainty,
  type IdentityType,
  type Party,
  type PartyId,
  type PartyKind,
  type Protection,
} from '#libs/domain';
import type { Agreement } from './agreement.ts';
import {
  agreementProblems,
  completeAgreement,
  validateAgreement,
  withConnection,
  type LabelledFile,
} from './agreement-file.ts';
import { CALLERS_SCHEMA, PERSONS_SCHEMA, RESPONSES_SCHEMA } from './county-schema.ts';
import { readDirectory, type DirectoryFiles } from './directory-file.ts';
import { readJsonFile, readJsonInPart, validatorOf } from './json-file.ts';

/** A caller that is no party and no sender: the operator and those who only look on. */
export interface CountyCaller {
  readonly name: string;
  readonly party: string;
  readonly roles: readonly ('operator' | 'observer')[];
  readonly source: string;
}

/** An official test person, for demonstrations. The folder of a real county has none. */
export interface TestPerson {
  readonly type: IdentityType;
  readonly value: string;
  /** Of a co-ordination number. */
  readonly certainty?: IdentityCertainty;
  readonly family: string;
  readonly given: string;
  readonly birthDate?: string;
  /** SCB's code of the registered address, and the board's slug in a divided municipality. */
  readonly municipality?: string;
  readonly district?: string;
  readonly street?: string;
  readonly postalCode?: string;
  readonly city?: string;
  readonly listedClinic?: string;
  readonly protection?: Protection;
  /** Numbers that the person had before. */
  readonly formerly?: readonly string[];
  /** Local date of death. */
  readonly died?: string;
  readonly source: string;
}

/** An address to which the hub may send answers of one sender or party. */
export interface ResponseAddress {
  readonly of: string;
  readonly address: string;
  readonly source: string;
}

/** MSH-3.1 and MSH-4.1 of a message. */
export interface SenderNames {
  readonly sendingApplication: string;
  readonly sendingFacility: string;
}

/** A snapshot of the county's folder, validated: who there is and what was agreed, on every date. */
export interface County {
  /** Names the snapshot: two with the same content have the same. */
  readonly version: string;
  readonly directory: Directory & DirectoryVersions;
  /** Parties that can be told something, in force on a local date. */
  partiesOn(date: string): readonly Party[];
  /** Ids of these of any period: topics and callers are made for all, as the driven clock may stand anywhere. */
  partyIds(): readonly PartyId[];
  /** Name of a party, divided municipality, organisation or ward on a date; for people, never for an INS. */
  nameOf(id: string, date: string): string | undefined;
  /** The agreement of a sender, by its id, in force on a local date. */
  agreement(id: string, date: string): Agreement | undefined;
  /** The agreement in force whose sender a message's header names: by what the agreement says of MSH-3 and MSH-4, else MSH-4 is its id. */
  agreementOf(header: SenderNames, date: string): Agreement | undefined;
  /** Every version of every agreement. */
  agreements(): readonly Agreement[];
  senderIds(): readonly string[];
  callers(): readonly CountyCaller[];
  testPersons(): readonly TestPerson[];
  /** Where the hub may send answers of a sender (its agreement's id) or a party; the first is meant where none is named. */
  responseAddresses(of: string): readonly string[];
  /** The county as it is now, whatever becomes of it: of a snapshot itself. */
  snapshot(): County;
}

/** Thrown when the county's files are wrong: one line per fault, with the file and the place in it. */
export class CountyError extends Error {
  readonly problems: readonly string[];

  constructor(folder: string, problems: readonly string[]) {
    super(`${folder}\n${problems.join('\n')}`);
    this.name = 'CountyError';
    this.problems = problems;
  }
}

const validatePersons = validatorOf<{ persons: TestPerson[] }>(PERSONS_SCHEMA);
const validateResponses = validatorOf<{ responses: ResponseAddress[] }>(RESPONSES_SCHEMA);
const validateCallers = validatorOf<{ callers: CountyCaller[] }>(CALLERS_SCHEMA);

/**
 * Reads `parties.json`, `callers.json`, `agreements/*.json` and, where they are, `addresses.csv`, `persons.json` and
 * `responses.json` of a folder. Throws `CountyError` with all that is wrong.
 */
export function loadCounty(folder: string): County {
  return countyOf(readCountyFolder(folder));
}

/** What the files of a county say, found right: data that can be handed to another thread. */
export interface CountyFiles {
  /** The first version of the directory, where PostgreSQL has none yet. */
  readonly files: DirectoryFiles;
  readonly agreements: readonly Agreement[];
  readonly callers: readonly CountyCaller[];
  readonly persons: readonly TestPerson[];
  readonly responses: readonly ResponseAddress[];
}

/** The same, with the directory made of its files. */
export interface CountyFolder extends CountyFiles {
  readonly directory: PartyDirectory;
}

/** Reads the folder of a county. @throws CountyError with all that is wrong with it */
export function readCountyFolder(folder: string): CountyFolder {
  const problems: string[] = [];
  const files = readDirectory(join(folder, 'parties.json'), optional(folder, 'addresses.csv'), problems);
  const callers = readJsonFile(join(folder, 'callers.json'), 'callers.json', validateCallers, problems)?.callers ?? [];
  const persons = loadPersons(folder, problems);
  const responses = loadResponses(folder, problems);
  const directory = directoryOf(files);
  const agreements = loadAgreements(folder, files.parties.length > 0 ? directory : undefined, problems);
  if (problems.length > 0) throw new CountyError(folder, problems);
  return { files, directory, agreements, callers, persons, responses };
}

/** The directory of some files: its version is made of its content alone, so that a decision can name it. */
export function directoryOf({ parties, addresses }: DirectoryFiles): PartyDirectory {
  return new PartyDirectory({ version: fingerprintOf([...parties, ...addresses]), parties, addresses });
}

/** A short name of rows, made of their content in its order. */
export function fingerprintOf(content: readonly unknown[]): string {
  const hash = createHash('sha256');
  // Part by part: a register of addresses as one text would be tens of megabytes.
  for (const part of content) hash.update(`${JSON.stringify(part, withMaps)}\n`);
  return hash.digest('base64url').slice(0, 16);
}

function optional(folder: string, name: string): string | undefined {
  const file = join(folder, name);
  return existsSync(file) ? file : undefined;
}

/** What of an agreement is looked up in a Map counts too; JSON would leave it out. */
function withMaps(_key: string, value: unknown): unknown {
  return types.isMap(value) ? [...value] : value;
}

function loadPersons(folder: string, problems: string[]): readonly TestPerson[] {
  const file = optional(folder, 'persons.json');
  return file === undefined ? [] : (readJsonFile(file, 'persons.json', validatePersons, problems)?.persons ?? []);
}

function loadResponses(folder: string, problems: string[]): readonly ResponseAddress[] {
  const file = optional(folder, 'responses.json');
  return file === undefined ? [] : (readJsonFile(file, 'responses.json', validateResponses, problems)?.responses ?? []);
}

/** A file beside an agreement that says what messages are to become by it; `agreement-tests.ts` reads it. */
const TESTS = '.test.json';

/** @param directory whose parties the agreements are held against; absent when it could not be read itself */
function loadAgreements(folder: string, directory: Directory | undefined, problems: string[]): readonly Agreement[] {
  const inside = join(folder, 'agreements');
  const names = (existsSync(inside) ? readdirSync(inside) : []).filter((name) => name.endsWith('.json'));
  const files = names.filter((name) => !name.endsWith(TESTS)).sort();
  if (files.length === 0) problems.push('agreements: inget avtal finns | there is no agreement');
  const agreements: Agreement[] = [];
  const read: LabelledFile[] = [];
  for (const name of files) {
    const label = `agreements/${name}`;
    const { whole, sound } = readJsonInPart(join(inside, name), label, validateAgreement, problems);
    read.push({ label, file: sound });
    if (whole) agreements.push(completeAgreement(whole));
  }
  if (directory) problems.push(...agreementProblems(read, directory));
  return withConnection(agreements);
}

/** Kinds that no notice goes to: a ward is told through its sender, the others see statistics alone. */
const NEVER_TOLD: ReadonlySet<PartyKind> = new Set<PartyKind>(['ward', 'association', 'region-administration']);
/** When the act of 2017 came into force: who had ended by then is known for old addresses, and is told nothing. */
const BEGINNING = '2018-01-01';

function canBeTold({ divided, kind, to }: Party): boolean {
  return divided !== true && !NEVER_TOLD.has(kind) && (to === undefined || to >= BEGINNING);
}

/**
 * The county of a folder.
 * @param directory its versions, where they are kept elsewhere; else the folder's alone
 */
export function countyOf(
  { agreements, callers, persons, responses, directory: own }: CountyFolder,
  directory = new VersionedDirectory([{ since: -Infinity, directory: own }]),
): County {
  const { versions } = directory;
  const versionNames = versions.map(({ since, directory: { version: name } }) => `${name} ${since}`);
  const version = fingerprintOf([versionNames, callers, persons, agreements, responses]);
  // Who was a party in an earlier version may still have to be told that a notice is withdrawn; who will be one in a
  // version that comes into force later has its topics and its login by then.
  const everDeliverable = versions.flatMap((one) => one.directory.all().filter(canBeTold));
  const bySender = Map.groupBy(agreements, ({ id }) => id);
  const names = new Map(agreements.flatMap((a) => a.wards.map((ward) => [ward.hsaId, ward.name] as const)));
  const agreement = (id: string, date: string): Agreement | undefined =>
    bySender.get(id)?.find((version) => isInForce(version, date));
  // The narrower first: a system of a hospital (MSH-3) before the hospital (MSH-4).
  const named = agreements
    .filter(({ sender }) => sender !== undefined)
    .sort((a, b) => Object.keys(b.sender ?? {}).length - Object.keys(a.sender ?? {}).length);
  const county: County = {
    version,
    directory,
    partiesOn: (date) =>
      directory
        .on(date)
        .all()
        .filter((party) => canBeTold(party) && isInForce(party, date)),
    partyIds: () => [...new Set(everDeliverable.map(({ id }) => id))],
    nameOf: (id, date) =>
      directory.on(date).row(id, date)?.name ??
      names.get(id) ??
      agreement(id, date)?.name ??
      versions
        .findLast((one) => one.directory.rows(id).length > 0)
        ?.directory.rows(id)
        .at(-1)?.name,
    agreement,
    agreementOf: (header, date) => {
      const own = named.find((one) => isInForce(one, date) && isNamedBy(one, header));
      if (own !== undefined || header.sendingFacility === '') return own;
      const byId = agreement(header.sendingFacility, date);
      return byId?.sender === undefined ? byId : undefined;
    },
    agreements: () => agreements,
    senderIds: () => [...bySender.keys()],
    callers: () => callers,
    testPersons: () => persons,
    responseAddresses: (id) => responses.flatMap(({ of, address }) => (of === id ? [address] : [])),
    snapshot: () => county,
  };
  return county;
}

function isNamedBy({ sender = {} }: Agreement, { sendingApplication, sendingFacility }: SenderNames): boolean {
  const { 'MSH-3': applications, 'MSH-4': facilities } = sender;
  return (applications?.includes(sendingApplication) ?? true) && (facilities?.includes(sendingFacility) ?? true);
}
