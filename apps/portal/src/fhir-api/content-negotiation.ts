/** What an answer may be called by a caller, however it is written: the first is what it is called when it is sent. */
const JSON_TYPES = ['application/fhir+json', 'application/json'];
/** Shorter names that FHIR has for `_format`, and an old one. */
const JSON_NAMES = [...JSON_TYPES, 'text/json', 'json'];
/** FHIR R4, as `fhirVersion` names it, with or without the correction. */
const VERSIONS = ['4.0', '4.0.1'];

interface Range {
  readonly type: string;
  readonly parameters: ReadonlyMap<string, string>;
}

/** Parts at a mark that does not stand in quotes. */
const split = (text: string, mark: ',' | ';') =>
  text.match(mark === ',' ? /(?:"[^"]*"|[^,"])+/g : /(?:"[^"]*"|[^;"])+/g) ?? [];

function rangeOf(text: string): Range {
  const [type = '', ...rest] = split(text, ';').map((part) => part.trim());
  const parameters = rest.map((part): [string, string] => {
    const [name = '', value = ''] = part.split('=').map((side) => side.trim());
    return [name.toLowerCase(), value.replace(/^"|"$/g, '')];
  });
  return { type: type.toLowerCase(), parameters: new Map(parameters) };
}

const isR4 = ({ parameters }: Range) => VERSIONS.includes(parameters.get('fhirversion') ?? '4.0');

/** The weight of a range (RFC 9110, 12.4.2); one that cannot be read wishes nothing. */
function weightOf({ parameters }: Range): number {
  const text = parameters.get('q') ?? '1';
  return /^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/.test(text) ? Number(text) : 0;
}

/** How nearly a range names a type: 3 itself, 2 its group, 1 anything, 0 not at all. */
function nearness({ type }: Range, name: string): number {
  if (type === name) return 3;
  if (type === `${name.split('/')[0] ?? ''}/*`) return 2;
  return type === '*/*' ? 1 : 0;
}

/** True when the nearest of the ranges that name a type, and a version that we have, wishes it at all. */
function isWished(name: string, ranges: readonly Range[]): boolean {
  const near = ranges.filter((range) => isR4(range) && nearness(range, name) > 0);
  const most = Math.max(0, ...near.map((range) => nearness(range, name)));
  return near.some((range) => nearness(range, name) === most && weightOf(range) > 0);
}

/**
 * True when JSON of FHIR R4 answers the request. `_format` overrides the header (FHIR R4, content negotiation).
 * @param formats values of `_format`, usually none
 */
export function accepts(accept: string | undefined, formats: readonly string[]): boolean {
  const format = formats.at(-1);
  // A `+` that was not encoded has become a space.
  const text = format === undefined ? (accept ?? '') : format.replace(' ', '+');
  if (text.trim() === '') return true;
  const ranges = split(text, ',').map(rangeOf);
  return JSON_NAMES.some((name) =>
    JSON_TYPES.includes(name)
      ? isWished(name, ranges)
      : ranges.some((range) => range.type === name && isR4(range) && weightOf(range) > 0),
  );
}

/** True when a body of a search is the form that FHIR has for it, or there is none. */
export function isForm(contentType: string | undefined): boolean {
  return contentType === undefined || rangeOf(contentType).type === 'application/x-www-form-urlencoded';
}

/**
 * True for `Prefer: handling=strict` (FHIR R4, search; RFC 7240: what is said first counts, and preferences are separated by
 * commas, their own parameters by semicolons). Old callers separate preferences by semicolons: that is understood too.
 */
export function isStrict(prefer: string | undefined): boolean {
  const handling = /(?:^|[,;\s])handling\s*=\s*"?([a-z]+)/i.exec(prefer ?? '')?.[1];
  return handling?.toLowerCase() === 'strict';
}
