import type { ValidateFunction } from 'ajv';
import {
  DEFAULT_FIELDS,
  DEFAULT_IDENTITY_TYPES,
  DEFAULT_LEAVING,
  DEFAULT_PROTECTION_CODES,
  fieldPath,
  type Agreement,
  type FieldName,
  type FieldPath,
} from './agreement.ts';
import { overlap, type CountyDirectory } from './county-directory.ts';
import { AGREEMENT_SCHEMA } from './county-schema.ts';
import { validatorOf } from './json-file.ts';

type Defaulted =
  | 'defaultCharset'
  | 'ins'
  | 'need'
  | 'info'
  | 'ready'
  | 'clock'
  | 'addressTypes'
  | 'identityTypes'
  | 'leaving'
  | 'protectionCodes';

/** An agreement as its file has it: what is not written is the default dialect of contract 5. */
export type AgreementFile = Omit<Agreement, Defaulted | 'fields'> &
  Partial<Pick<Agreement, Defaulted>> & { readonly fields?: Readonly<Record<string, string>> };

export const validateAgreement: ValidateFunction<AgreementFile> = validatorOf<AgreementFile>(AGREEMENT_SCHEMA);

/** The agreement with contract 5's defaults; what is wrong with its field paths is added to `problems`. */
export function completeAgreement(file: AgreementFile, label: string, problems: string[]): Agreement {
  return {
    defaultCharset: '8859/1',
    ins: 'auto',
    need: 'stated',
    info: 'here',
    ready: 'obx',
    clock: 'trusted',
    addressTypes: ['L'],
    ...file,
    fields: completeFields(file.fields ?? {}, label, problems),
    // The agreement's own rules come first: the first match counts.
    identityTypes: [...(file.identityTypes ?? []), ...DEFAULT_IDENTITY_TYPES],
    leaving: { ...DEFAULT_LEAVING, ...file.leaving },
    protectionCodes: { ...DEFAULT_PROTECTION_CODES, ...file.protectionCodes },
  };
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
export function agreementProblems(agreements: readonly Agreement[], directory: CountyDirectory): readonly string[] {
  return agreements.flatMap((agreement) => {
    const others = agreements.filter((other) => other !== agreement && other.id === agreement.id);
    return [
      ...organisationProblems(agreement, directory),
      ...versionProblems(agreement, others),
      ...repeatedWards(agreement),
    ].map((problem) => `agreements/${agreement.id} (revision ${agreement.revision}): ${problem}`);
  });
}

function organisationProblems({ organisation, legalForm, from }: Agreement, directory: CountyDirectory): string[] {
  const party = directory.party(organisation, from);
  if (party === undefined) return [`${organisation} finns inte i parties.json | is not in parties.json`];
  return party.legalForm === legalForm
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
