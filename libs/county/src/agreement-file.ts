import { FACT_VALUES, overlap, type Directory, type FactCode } from '#libs/domain';
import type { Agreement } from './agreement.ts';
import { AGREEMENT_SCHEMA } from './agreement-schema.ts';
import {
  DEFAULT_CLASSES,
  DEFAULT_FACT_STATUSES,
  DEFAULT_FIELDS,
  DEFAULT_IDENTITY_TYPES,
  DEFAULT_INDICATORS,
  DEFAULT_LEAVING,
  DEFAULT_PROTECTION_CODES,
  DEFAULT_TRIGGERS,
  type FactRule,
  type FieldName,
  fieldPath,
  type FieldPath,
  type TriggerRule,
} from './default-dialect.ts';
import { validatorOf, type Validator } from './json-file.ts';

type Defaulted =
  'defaultCharset' | 'ins' | 'need' | 'info' | 'ready' | 'clock' | 'zone' | 'addressTypes' | 'identityTypes';
type Table =
  | 'leaving'
  | 'protectionCodes'
  | 'classes'
  | 'factCodes'
  | 'factStatuses'
  | 'scopes'
  | 'indicators'
  | 'units'
  | 'addressCodes';
type Entry<T extends Table> = Agreement[T] extends ReadonlyMap<string, infer V> ? V : never;
type Text<T> = Readonly<Record<string, T>>;

/** A line of `triggers`; one without a time has the default's. */
interface TriggerLine extends Pick<TriggerRule, 'course'>, Partial<Pick<TriggerRule, 'time'>> {
  /** Place -> the values of which it has to hold one. */
  readonly when?: Text<readonly string[]>;
}

/** A line of `facts`, its places as text. */
type FactLine = Omit<FactRule, 'field' | 'time' | 'values'> & {
  readonly field: string;
  readonly time?: string;
  readonly values?: Text<readonly string[]>;
};

/** An agreement as its file has it: what is not written is the default dialect of contract 5. */
export type AgreementFile = Omit<
  Agreement,
  Defaulted | Table | 'fields' | 'facts' | 'triggers' | 'factSystem' | 'factValues' | 'connectedFrom'
> &
  Partial<Pick<Agreement, Defaulted>> & {
    readonly fields?: Text<string>;
    readonly triggers?: Text<TriggerLine | readonly TriggerLine[]>;
    readonly facts?: readonly FactLine[];
    /** Empty: nothing is asked of OBX-3.3. */
    readonly factSystem?: string;
    readonly factValues?: { readonly [C in FactCode]?: Text<readonly string[]> };
  } & { readonly [T in Table]?: Text<Entry<T>> };

export const validateAgreement: Validator<AgreementFile> = validatorOf<AgreementFile>(AGREEMENT_SCHEMA);

/** The agreement with contract 5's defaults, of a file that its schema has found right. */
export function completeAgreement(file: AgreementFile): Agreement {
  const { factSystem = 'BRYGGAN' } = file;
  return {
    defaultCharset: '8859/1',
    ins: 'auto',
    need: 'stated',
    info: 'here',
    ready: 'obx',
    clock: 'trusted',
    zone: 'message',
    addressTypes: ['L'],
    ...file,
    connectedFrom: file.from,
    triggers: completeTriggers(file.triggers ?? {}),
    fields: completeFields(file.fields ?? {}),
    facts: (file.facts ?? []).map(({ field, time, values, ...line }) => ({
      ...line,
      field: pathOf(field),
      ...(time !== undefined && { time: pathOf(time) }),
      ...(values && { values: new Map(Object.entries(values)) }),
    })),
    factSystem: factSystem === '' ? undefined : factSystem.toUpperCase(),
    // A code, or a value, of the sender's own goes before one of ours that looks like it.
    factCodes: inCapitals({}, file.factCodes),
    factValues: new Map(
      Object.entries(file.factValues ?? {}).map(([code, values]) => [
        code as FactCode,
        new Map(Object.entries(values)),
      ]),
    ),
    factStatuses: inCapitals(DEFAULT_FACT_STATUSES, file.factStatuses),
    scopes: inCapitals({}, file.scopes),
    indicators: inCapitals(DEFAULT_INDICATORS, file.indicators),
    classes: inCapitals(DEFAULT_CLASSES, file.classes),
    // The agreement's own rules come first: the first match counts.
    identityTypes: [...(file.identityTypes ?? []), ...DEFAULT_IDENTITY_TYPES],
    leaving: new Map(Object.entries({ ...DEFAULT_LEAVING, ...file.leaving })),
    protectionCodes: inCapitals(DEFAULT_PROTECTION_CODES, file.protectionCodes),
    units: new Map(Object.entries(file.units ?? {})),
    addressCodes: new Map(Object.entries(file.addressCodes ?? {}).map(([text, code]) => [text.toLowerCase(), code])),
  };
}

/** A sender writes its codes in capitals or not, as it likes: they are looked up in capitals. */
function inCapitals<V>(defaults: Text<V>, own: Text<V> = {}): ReadonlyMap<string, V> {
  const entries = Object.entries(own).map(([code, value]) => [code.toUpperCase(), value] as const);
  return new Map([...Object.entries(defaults), ...entries]);
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
function completeTriggers(own: NonNullable<AgreementFile['triggers']>): ReadonlyMap<string, readonly TriggerRule[]> {
  const triggers = new Map(Object.entries(DEFAULT_TRIGGERS).map(([trigger, rule]) => [trigger, [rule]]));
  for (const [trigger, lines] of Object.entries(own)) {
    const [known] = triggers.get(trigger) ?? [];
    const rules = [lines].flat().map(({ course, time, when = {} }): TriggerRule => ({
      course,
      time: time ?? known?.time ?? ['occurredAt'],
      when: Object.entries(when).map(([field, is]) => ({ field: pathOf(field), is })),
    }));
    triggers.set(trigger, rules);
  }
  return triggers;
}

/** A place that the schema has found right. */
function pathOf(text: string): FieldPath {
  const path = fieldPath(text);
  if (path === undefined)
    throw new Error(`${text} is no place: the schema of agreements lets through what fieldPath does not read`);
  return path;
}

function completeFields(own: Text<string>): Readonly<Record<FieldName, FieldPath>> {
  const paths = Object.entries({ ...DEFAULT_FIELDS, ...own }).map(([name, text]) => [name, pathOf(text)] as const);
  return Object.fromEntries(paths) as Record<FieldName, FieldPath>;
}

/** A file of the folder `agreements`: what of it its schema has found right, whole or in part. */
export interface LabelledFile {
  /** `agreements/KS.json` */
  readonly label: string;
  readonly file: Partial<AgreementFile>;
}

/**
 * What a schema cannot say of agreements: their organisations, their periods and revisions, whose a ward is, and what hangs
 * together. Each fault begins with the file and the key; one that is between two files names both. Of a file that its schema
 * finds wrong in part the rest is asked all the same, so that whoever mends it is told everything at once.
 */
export function agreementProblems(files: readonly LabelledFile[], directory: Directory): readonly string[] {
  return files.flatMap(({ label, file }, index) => [
    ...[
      ...organisationProblems(file, directory),
      ...periodProblems(file),
      ...repeatedWards(file),
      ...dialectProblems(file),
    ].map((problem) => `${label}/${problem}`),
    // Each pair once, so that one fault is one line.
    ...files.slice(index + 1).flatMap((other) => pairProblems({ label, file }, other)),
  ]);
}

function organisationProblems(
  { organisation, legalForm, from }: Partial<AgreementFile>,
  directory: Directory,
): string[] {
  if (organisation === undefined || from === undefined) return [];
  const party = directory.party(organisation, from);
  if (party === undefined) return [`organisation: ${organisation} finns inte i parties.json | is not in parties.json`];
  if (legalForm === undefined || party.legalForms.includes(legalForm)) return [];
  const forms = party.legalForms.join(', ');
  return [`legalForm: annan legalForm än i parties.json (${forms}) | another legalForm than in parties.json`];
}

function periodProblems({ from, to }: Partial<AgreementFile>): string[] {
  const isBackwards = from !== undefined && to !== undefined && to < from;
  return isBackwards ? ['to: slutar före sin början | ends before it begins'] : [];
}

function repeatedWards({ wards = [] }: Partial<AgreementFile>): string[] {
  const seen = new Set<string>();
  return wards.flatMap(({ hsaId }, index) =>
    seen.size === seen.add(hsaId).size
      ? [`wards/${index}/hsaId: avdelningen ${hsaId} står två gånger | the ward is there twice`]
      : [],
  );
}

function dialectProblems({
  ready = 'obx',
  triggers = {},
  fields = {},
  facts = [],
  factValues = {},
}: Partial<AgreementFile>): string[] {
  const problems: string[] = [];
  const taken = [...new Set([...Object.keys(DEFAULT_TRIGGERS), ...Object.keys(triggers)])].sort();
  if (ready !== 'obx' && !taken.includes(ready)) {
    const allowed = ['obx', ...taken].join(', ');
    problems.push(
      `ready: händelsen tas inte emot; ska vara ett av | no trigger that is taken, must be one of ${allowed}`,
    );
  }
  const segmentOf = (place: string): string => place.slice(0, 3);
  const factSegment = segmentOf(fields['factCode'] ?? DEFAULT_FIELDS.factCode);
  for (const [name, place] of Object.entries({ ...DEFAULT_FIELDS, ...fields })) {
    if (!name.startsWith('fact') || segmentOf(place) === factSegment) continue;
    problems.push(
      `fields/${name}: ska ligga i samma segment som factCode | must be in the segment of factCode, ${factSegment}`,
    );
  }
  facts.forEach(({ code, field, time, values }, index) => {
    if (time !== undefined && segmentOf(time) !== segmentOf(field))
      problems.push(
        `facts/${index}/time: ska ligga i samma segment som field | must be in the segment of field, ${segmentOf(field)}`,
      );
    problems.push(...valueProblems(code, values, `facts/${index}/values`));
  });
  for (const [code, values] of Object.entries(factValues))
    problems.push(...valueProblems(code as FactCode, values, `factValues/${code}`));
  return problems;
}

/** A value that its code cannot hold would count as not stated, message after message. */
function valueProblems(code: FactCode, values: Text<readonly string[]> = {}, place: string): string[] {
  const { allowed } = FACT_VALUES[code];
  if (allowed === undefined) return [];
  const isKnown = (value: string) => (typeof allowed === 'function' ? allowed(value) : allowed.includes(value));
  const known = typeof allowed === 'function' ? `(rules of ${code})` : allowed.join(', ');
  return Object.entries(values).flatMap(([text, meant]) =>
    meant.every(isKnown) ? [] : [`${place}/${text}: ska vara ett av | must be one of ${known}`],
  );
}

function pairProblems(one: LabelledFile, other: LabelledFile): string[] {
  const told = (problem: string): string => `${one.label} och ${other.label}: ${problem}`;
  const [a, b] = [one.file, other.file];
  if (a.id === undefined || a.from === undefined || b.id === undefined || b.from === undefined) return [];
  const [first, second] = [a as AgreementFile, b as AgreementFile];
  if (first.id !== second.id) {
    return isSameSender(first, second) && overlap(first, second)
      ? [told('samma avsändare (sender) i båda | the same sender in both')]
      : [];
  }
  if (overlap(first, second))
    return [told(`två versioner av ${first.id} gäller samma dag | two versions are in force on the same day`)];
  const [earlier, later] = first.from < second.from ? [first, second] : [second, first];
  if (a.revision === undefined || b.revision === undefined || later.revision > earlier.revision) return [];
  return [
    told(`den senare versionen av ${first.id} har inte högre revision | the later version has no higher revision`),
  ];
}

function isSameSender({ sender: one }: AgreementFile, { sender: other }: AgreementFile): boolean {
  if (one === undefined || other === undefined) return false;
  return (['MSH-3', 'MSH-4'] as const).every((field) => {
    const [own, theirs] = [one[field], other[field]];
    return own === undefined || theirs === undefined ? own === theirs : own.some((name) => theirs.includes(name));
  });
}
