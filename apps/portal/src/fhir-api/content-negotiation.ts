/** Media types that an answer has, or that a caller may call it by. */
const JSON_NAMES = ['application/fhir+json', 'application/json', 'text/json', 'json'];
const ANY = ['*/*', 'application/*'];

interface Range {
  readonly type: string;
  readonly parameters: ReadonlyMap<string, string>;
}

function rangeOf(text: string): Range {
  const [type = '', ...rest] = text.split(';').map((part) => part.trim());
  const parameters = rest.map((part): [string, string] => {
    const [name = '', value = ''] = part.split('=');
    return [name.toLowerCase(), value.replace(/^"|"$/g, '')];
  });
  return { type: type.toLowerCase(), parameters: new Map(parameters) };
}

/** FHIR R4 as a caller may ask for it: the version may be named, and is then 4.0. */
function isOurs({ type, parameters }: Range, names: readonly string[]): boolean {
  const version = parameters.get('fhirversion');
  return names.includes(type) && (version === undefined || version === '4.0') && Number(parameters.get('q') ?? 1) > 0;
}

/**
 * True when JSON answers the request. `_format` overrides the header (FHIR R4, content negotiation).
 * @param formats values of `_format`, usually none
 */
export function accepts(accept: string | undefined, formats: readonly string[]): boolean {
  const format = formats.at(-1);
  // A `+` that was not encoded has become a space.
  if (format !== undefined) return isOurs(rangeOf(format.replace(' ', '+')), JSON_NAMES);
  if (accept === undefined || accept.trim() === '') return true;
  return accept.split(',').some((range) => isOurs(rangeOf(range), [...JSON_NAMES, ...ANY]));
}

/** True when a body of a search is the form that FHIR has for it, or there is none. */
export function isForm(contentType: string | undefined): boolean {
  return contentType === undefined || rangeOf(contentType).type === 'application/x-www-form-urlencoded';
}
