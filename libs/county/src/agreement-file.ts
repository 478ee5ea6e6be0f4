import type { ValidateFunction } from 'ajv';
import { overlap, type Directory } from '#libs/domain';
import { fieldPath, type Agreement, type FieldPath } from './agreement.ts';
import { AGREEMENT_SCHEMA } from './county-schema.ts';
import {
  DEFAULT_FIELDS,
  DEFAULT_IDENTITY_TYPES,
  DEFAULT_LEAVING,
  DEFAULT_PROTECTION_CODES,
  DEFAULT_TRIGGERS,
  type FieldName,
  type TriggerRule,
} from './default-dialect.ts';
import { validatorOf } from './json-file.ts';

type Defaulted =
  'defaultCharset' | 'ins' | 'need' | 'info' | 'ready' | 'clock' | 'zone' | 'addressTypes' | 'identityTypes';
type Table = 'leaving' | 'protectionCodes';
type Entry<T extends Table> = Agreement[T] extends ReadonlyMap<string, infer V> ? V : never;

/** An agreement as its file has it: what is not written is the default dialect of contract 5. */
export type AgreementFile = Omit<Agreement, Defaulted | Table | 'fields' | 'triggers' | 'connectedFrom'> &
  Partial<Pick<Agreement, Defaulted>> & {
    readonly fields?: Readonly<Record<string, string>>;
    readonly triggers?: Readonly<Record<string, Pick<TriggerRule, 'course'> & Partial<TriggerRule>>>;
  } & { readonly [T in Table]?: Readonly<Record<string, Entry<T>>> };

export const validateAgreement: ValidateFunction<AgreementFile> = validatorOf<AgreementFile>(AGREEMENT_SCHEMA);

/** The agreement with contract 5's defaults; what is wrong with its paths and triggers is added to `problems`. */
export function completeAgreement(file: AgreementFile, label: string, problems: string[]): Agreement {
  const triggers = completeTriggers(file.triggers ?? {});
  const { ready = 'obx' } = file;
  if (ready !== 'obx' && !triggers.has(ready)) {
    problems.push(`${label}/ready: händelsen tas inte emot | no trigger that is taken`);
  }
  return {
    defaultCharset: '8859/1',
    ins: 'auto',
    need: 'stated',
    info: 'here',
    clock: 'trusted',
    zone: 'message',
    addressTypes: ['L'],
    ...file,
    ready,
    connectedFrom: file.from,
    triggers,
    fields: completeFields(file.fields ?? {}, label, problems),
    // The agreement's own rules come first: the first match counts.
    identityTypes: [...(file.identityTypes ?? []), ...DEFAULT_IDENTITY_TYPES],
    leaving: new Map(Object.entries({ ...DEFAULT_LEAVING, ...file.leaving })),
    protectionCodes: new Map(Object.entries({ ...DEFAULT_PROTECTION_CODES, ...inCapitals(file.protectionCodes) })),
  };
}

/** A sender writes its codes in capitals or not, as it likes: they are looked up in capitals. */
function inCapitals<V>(table: Readonly<Record<string, V>> = {}): Readonly<Record<string, V>> {
  return Object.fromEntries(Object.entries(table).map(([code, value]) => [code.toUpperCase(), value]));
}

/** All versions, each with the day on which its sender was first connected. */
export function withConnection(agreements: readonly Agreement[]): readonly Agreement[] {
  return agreements.map((agreement) => {
    const [first = agreement.from] = agreements
      .filter(({ id }) => id === agreement.id)
      .map(({ from }) => from)
      .sort();
    return { ...agreement, connectedFrom: first };
  });
}

/** A trigger's own line replaces the default one; without a time of its own it keeps the default's. */
function completeTriggers(own: NonNullable<AgreementFile['triggers']>): ReadonlyMap<string, TriggerRule> {
  const triggers = new Map(Object.entries(DEFAULT_TRIGGERS));
  for (const [trigger, { course, time }] of Object.entries(own)) {
    triggers.set(trigger, { course, time: time ?? triggers.get(trigger)?.time ?? ['occurredAt'] });
  }
  return triggers;
}

function completeFields(
  own: Readonly<Record<string, string>>,
  label: string,
  problems: string[],
): Readonly<Record<FieldName, FieldPath>> {
  for (const name of Object.keys(own)) {
    if (!Object.hasOwn(DEFAULT_FIELDS, name)) problems.push(`${label}/fields/${name}: okänt fält | unknown field`);
  }
  const paths = Object.entries({ ...DEFAULT_FIELDS, ...own }).map(([name, text]) => {
    const path = fieldPath(text);
    if (path === undefined) problems.push(`${label}/fields/${name}: ska vara som PV1-3.4 | must be like PV1-3.4`);
    return [name, path ?? { segment: 'ZZZ', field: 1 }] as const;
  });
  return Object.fromEntries(paths) as Record<FieldName, FieldPath>;
}

/** What a schema cannot say of agreements: their organisations, their periods and revisions, and whose a ward is. */
export function agreementProblems(agreements: readonly Agreement[], directory: Directory): readonly string[] {
  return agreements.flatMap((agreement) => {
    const others = agreements.filter((other) => other !== agreement && other.id === agreement.id);
    return [
      ...organisationProblems(agreement, directory),
      ...versionProblems(agreement, others),
      ...repeatedWards(agreement),
    ].map((problem) => `agreements/${agreement.id} (revision ${agreement.revision}): ${problem}`);
  });
}

function organisationProblems({ organisation, legalForm, from }: Agreement, directory: Directory): string[] {
  const party = directory.party(organisation, from);
  if (party === undefined) return [`${organisation} finns inte i parties.json | is not in parties.json`];
  return party.legalForms.includes(legalForm)
    ? []
    : ['annan legalForm än i parties.json | another legalForm than in parties.json'];
}

function versionProblems(agreement: Agreement, others: readonly Agreement[]): string[] {
  const problems: string[] = [];
  if (agreement.to !== undefined && agreement.to < agreement.from) {
    problems.push('slutar före sin början | ends before it begins');
  }
  if (others.some((other) => overlap(agreement, other))) {
    problems.push('två versioner gäller samma dag | two versions are in force on the same day');
  }
  if (others.some((other) => other.from < agreement.from && other.revision >= agreement.revision)) {
    problems.push('en senare version har inte högre revision | a later version has no higher revision');
  }
  return problems;
}

function repeatedWards({ wards }: Agreement): string[] {
  const seen = new Set<string>();
  const repeated = wards.filter(({ hsaId }) => seen.size === seen.add(hsaId).size);
  return repeated.map(({ hsaId }) => `avdelningen ${hsaId} står två gånger | the ward is there twice`);
}
