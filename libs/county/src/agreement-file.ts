import type { ValidateFunction } from 'ajv';
import { overlap, type Directory } from '#libs/domain';
import type { Agreement } from './agreement.ts';
import { AGREEMENT_SCHEMA } from './county-schema.ts';
import {
  DEFAULT_CLASSES,
  DEFAULT_FIELDS,
  DEFAULT_IDENTITY_TYPES,
  DEFAULT_LEAVING,
  DEFAULT_PROTECTION_CODES,
  DEFAULT_TRIGGERS,
  type FactRule,
  type FieldName,
  type TriggerRule,
} from './default-dialect.ts';
import { fieldPath, type FieldPath } from './field-path.ts';
import { validatorOf } from './json-file.ts';

type Defaulted =
  'defaultCharset' | 'ins' | 'need' | 'info' | 'ready' | 'clock' | 'zone' | 'addressTypes' | 'identityTypes';
type Table = 'leaving' | 'protectionCodes' | 'classes';
type Entry<T extends Table> = Agreement[T] extends ReadonlyMap<string, infer V> ? V : never;

/** A line of `triggers`; one without a time has the default's. */
interface TriggerLine extends Pick<TriggerRule, 'course'>, Partial<Pick<TriggerRule, 'time'>> {
  /** Place -> the values of which it has to hold one. */
  readonly when?: Readonly<Record<string, readonly string[]>>;
}

/** A line of `facts`, its places as text. */
type FactLine = Omit<FactRule, 'field' | 'time' | 'values'> & {
  readonly field: string;
  readonly time?: string;
  readonly values?: Readonly<Record<string, readonly string[]>>;
};

/** An agreement as its file has it: what is not written is the default dialect of contract 5. */
export type AgreementFile = Omit<Agreement, Defaulted | Table | 'fields' | 'facts' | 'triggers' | 'connectedFrom'> &
  Partial<Pick<Agreement, Defaulted>> & {
    readonly fields?: Readonly<Record<string, string>>;
    readonly triggers?: Readonly<Record<string, TriggerLine | readonly TriggerLine[]>>;
    readonly facts?: readonly FactLine[];
  } & { readonly [T in Table]?: Readonly<Record<string, Entry<T>>> };

export const validateAgreement: ValidateFunction<AgreementFile> = validatorOf<AgreementFile>(AGREEMENT_SCHEMA);

/** The agreement with contract 5's defaults; what is wrong with its paths and triggers is added to `problems`. */
export function completeAgreement(file: AgreementFile, label: string, problems: string[]): Agreement {
  const placeAt = (text: string, place: string): FieldPath => pathOf(text, `${label}/${place}`, problems);
  const triggers = completeTriggers(file.triggers ?? {}, placeAt);
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
    facts: (file.facts ?? []).map(({ field, time, values, ...line }, index) => ({
      ...line,
      field: placeAt(field, `facts/${index}/field`),
      ...(time !== undefined && { time: placeAt(time, `facts/${index}/time`) }),
      ...(values && { values: new Map(Object.entries(values)) }),
    })),
    classes: new Map(Object.entries({ ...DEFAULT_CLASSES, ...inCapitals(file.classes) })),
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

/** A trigger's own lines replace the default one; a line without a time of its own keeps the default's. */
function completeTriggers(
  own: NonNullable<AgreementFile['triggers']>,
  placeAt: (text: string, place: string) => FieldPath,
): ReadonlyMap<string, readonly TriggerRule[]> {
  const triggers = new Map(Object.entries(DEFAULT_TRIGGERS).map(([trigger, rule]) => [trigger, [rule]]));
  for (const [trigger, lines] of Object.entries(own)) {
    const [known] = triggers.get(trigger) ?? [];
    const rules = [lines].flat().map(({ course, time, when = {} }): TriggerRule => ({
      course,
      time: time ?? known?.time ?? ['occurredAt'],
      when: Object.entries(when).map(([field, is]) => ({ field: placeAt(field, `triggers/${trigger}/when`), is })),
    }));
    triggers.set(trigger, rules);
  }
  return triggers;
}

function pathOf(text: string, label: string, problems: string[]): FieldPath {
  const path = fieldPath(text);
  if (path === undefined) problems.push(`${label}: ska vara som PV1-3.4, inte ${text} | must be like PV1-3.4`);
  return path ?? { segment: 'ZZZ', field: 1 };
}

function completeFields(
  own: Readonly<Record<string, string>>,
  label: string,
  problems: string[],
): Readonly<Record<FieldName, FieldPath>> {
  for (const name of Object.keys(own)) {
    if (Object.hasOwn(DEFAULT_FIELDS, name)) continue;
    const known = Object.keys(DEFAULT_FIELDS).join(', ');
    problems.push(`${label}/fields/${name}: okänt fält; ska vara ett av ${known} | unknown field`);
  }
  const paths = Object.entries({ ...DEFAULT_FIELDS, ...own }).map(
    ([name, text]) => [name, pathOf(text, `${label}/fields/${name}`, problems)] as const,
  );
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
