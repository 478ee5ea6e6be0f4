/**
 * Reads the decided cases of `libs/domain/cases/*.md`. The grammar is told in the README beside them. It is strict: a word
 * that it does not know is an error that names the file's line, so that a slip of the pen never becomes a case that asserts
 * nothing.
 */

/** One line of text, and where it stands. */
export interface Line {
  readonly text: string;
  /** `inskrivning.md:12`. */
  readonly place: string;
}

/** What a case expects of one kind; `unjudged` where the rulebook does not say. */
export type Expected = readonly string[] | 'unjudged';

/** One decided case as its text says it, before its words are understood. */
export interface DecidedCase {
  readonly id: string;
  readonly title: string;
  readonly rules: readonly string[];
  readonly agreement: readonly string[];
  readonly person: readonly string[];
  readonly outages: readonly string[];
  readonly receipts: readonly string[];
  readonly rejected: boolean;
  readonly events: readonly Line[];
  readonly watermark: string;
  readonly inForce: Expected;
  readonly withdrawn: Expected;
  readonly withheld: Expected;
  readonly duties: Expected;
  readonly deviations: Expected;
  readonly closed: Expected;
}

const LABELS = [
  'Regler',
  'Avtal',
  'Person',
  'Avbrott',
  'Kvittens',
  'Avvisat',
  'Händelser',
  'Läge',
  'Gäller',
  'Återtaget',
  'Hålls inne',
  'Uppgifter',
  'Avvikelser',
  'Avslutade avvikelser',
] as const;
type Label = (typeof LABELS)[number];

/** A rule as the cases name it: a paragraph, a row or a section of the rulebook (numbers alone), of the architecture (ARK) or of the contract (K). */
const RULE = /^(LUS \d:\d( st\.\d)?|(OSL|PSL) \d+:\d+|(LAW|DEC|RTE)-\d\d|SAL-\d|ARK \d|K\d|9|(4|6|12)\.\d)$/;

/** A fault of the text of a case. */
export function fault(place: string, message: string): Error {
  return new Error(`${place}: ${message}`);
}

/** The cases of one file, in their order. @throws at the first line that does not follow the grammar */
export function readCases(file: string, text: string): DecidedCase[] {
  const cases: DecidedCase[] = [];
  let open: OpenCase | undefined;
  const close = (): void => {
    if (open) cases.push(open.close());
    open = undefined;
  };
  for (const [index, written] of text.split('\n').entries()) {
    const line = { text: written, place: `${file}:${index + 1}` };
    if (written.startsWith('#')) close();
    if (written.startsWith('### ')) open = new OpenCase(line);
    else if (open && written.trim() !== '') open.take(line);
  }
  close();
  return cases;
}

class OpenCase {
  readonly #place: string;
  readonly #id: string;
  readonly #title: string;
  readonly #values = new Map<Label, string>();
  readonly #events: Line[] = [];
  #last: Label | undefined;

  constructor({ text, place }: Line) {
    const [, id, title] = /^### ([A-ZÅÄÖ]+-\d\d) (\S.*)$/.exec(text) ?? [];
    if (!id || !title) throw fault(place, `not the heading of a case: ${text}`);
    this.#place = place;
    this.#id = id;
    this.#title = title;
  }

  take({ text, place }: Line): void {
    const event = /^ {2}- (\S.*)$/.exec(text)?.[1];
    if (event) {
      if (this.#last !== 'Händelser') throw fault(place, 'an event outside of "Händelser"');
      this.#events.push({ text: event, place });
      return;
    }
    const [, written, value = ''] = /^- ([^:]+):(?: (\S.*))?$/.exec(text) ?? [];
    const label = LABELS.find((known) => known === written);
    if (!label) throw fault(place, `unknown line: ${text}`);
    if (this.#values.has(label)) throw fault(place, `"${label}" a second time`);
    if (this.#last && LABELS.indexOf(this.#last) > LABELS.indexOf(label))
      throw fault(place, `"${label}" in this place`);
    this.#values.set(label, value);
    this.#last = label;
  }

  close(): DecidedCase {
    for (const needed of ['Regler', 'Läge', 'Gäller', 'Avvikelser'] as const)
      this.#needs(this.#values.has(needed), needed);
    this.#needs(this.#events.length > 0, 'Händelser');
    const rules = this.#rules();
    const rejected = this.#values.get('Avvisat');
    if (rejected !== undefined && rejected !== 'olöst') throw fault(this.#place, `"Avvisat" is "olöst" or left out`);
    return {
      ...{ id: this.#id, title: this.#title, rules },
      agreement: this.#list('Avtal'),
      person: this.#list('Person'),
      outages: this.#list('Avbrott'),
      receipts: this.#list('Kvittens'),
      rejected: rejected !== undefined,
      events: this.#events,
      watermark: this.#values.get('Läge') ?? '',
      inForce: this.#expected('Gäller', 'inget'),
      withdrawn: this.#expected('Återtaget'),
      withheld: this.#expected('Hålls inne'),
      duties: this.#expected('Uppgifter'),
      deviations: this.#expected('Avvikelser', 'inga'),
      closed: this.#expected('Avslutade avvikelser'),
    };
  }

  #rules(): string[] {
    const rules = (this.#values.get('Regler') ?? '').split(', ');
    const unknown = rules.find((rule) => !RULE.test(rule));
    if (unknown !== undefined) throw fault(this.#place, `no rule is named "${unknown}"`);
    return rules;
  }

  #expected(label: Label, none?: string): Expected {
    return this.#values.get(label) === 'prövas inte' ? 'unjudged' : this.#list(label, none);
  }

  #list(label: Label, none?: string): string[] {
    const text = this.#values.get(label);
    return text === undefined || text === none ? [] : text.split('; ');
  }

  #needs(given: boolean, label: Label): void {
    if (!given) throw fault(this.#place, `"${label}" is missing`);
  }
}

/** `Solna INS (nr 2, märkt)` as its head and its details. */
export function headAndDetails(item: string): { readonly head: string; readonly details: readonly string[] } {
  const [, head, details] = /^([^(]+?)(?: \(([^)]+)\))?$/.exec(item) ?? [];
  if (head === undefined) throw new Error(`cannot be read: ${item}`);
  return { head, details: details === undefined ? [] : details.split(', ') };
}
