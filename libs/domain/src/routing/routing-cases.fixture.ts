import type { NeedScope } from '../codes/scope.ts';
import type { IdentityType, Protection } from '../events/statements.ts';
import type { RoutingDecision } from './decision.ts';
import type { PartyId, UnitRole } from '../parties/party.ts';
import {
  CARE_TYPES,
  HOUSINGS,
  type AddedParty,
  type ReleasedNotice,
  type ReturnedNotice,
  type RoutingFacts,
} from './routing-facts.ts';

/**
 * Reads the decided routing cases of `libs/domain/cases/mottagare/*.md`: tables that a lawyer can read, a case per row. The
 * grammar is told in the README beside them, and is strict: an unknown word is an error that names its line.
 */

export interface RoutingCaseRow {
  readonly id: string;
  readonly place: string;
  readonly facts: RoutingFacts;
  readonly date: string;
  /** What the row expects, by the headings of its table; a heading that the table has not is not judged. */
  readonly expected: Readonly<Partial<Record<Heading, readonly string[]>>>;
  /** What the decision has to name: a rule, perhaps with the paragraph that it rested on then. */
  readonly rules: readonly string[];
}

const HEADINGS = ['mottagare', 'för hand', 'kommuner', 'inte valda', 'återtas', 'tillagda'] as const;
export type Heading = (typeof HEADINGS)[number];

const DEFAULTS = { date: '2026-05-04', birthDate: '1940-01-01', identity: 'personnummer' } as const;

type Names = ReadonlyMap<string, PartyId>;

/** The names of invented units: `| namn | id |` in the README. */
export function namesIn(text: string): Names {
  const rows = [...text.matchAll(/^\| (\S+) +\| (SE\d{10}-\w+) +\|/gm)];
  return new Map(rows.map(([, name = '', id = '']) => [name, id]));
}

/** The cases of one file. @throws at the first row that does not follow the grammar */
export function readRoutingCases(file: string, text: string, names: Names): RoutingCaseRow[] {
  let headings: string[] | undefined;
  return text.split('\n').flatMap((line, index) => {
    const place = `${file}:${index + 1}`;
    if (!line.startsWith('|')) {
      headings = undefined;
      return [];
    }
    const cells = line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim());
    if (!headings) {
      headings = cells;
      for (const heading of cells) {
        if (!['fall', 'uppgifter', 'regler', 'vilar på', ...HEADINGS].includes(heading))
          throw new Error(`${place}: unknown heading ${heading}`);
      }
      return [];
    }
    if (cells.every((cell) => /^-+$/.test(cell))) return [];
    return [rowOf(place, new Map(headings.map((heading, at) => [heading, cells[at] ?? ''])), names)];
  });
}

function rowOf(place: string, cells: ReadonlyMap<string, string>, names: Names): RoutingCaseRow {
  const { facts, date } = factsOf(place, items(cells.get('uppgifter')), names);
  const expected = HEADINGS.flatMap((heading) =>
    cells.has(heading) ? [[heading, items(cells.get(heading)).sort()] as const] : [],
  );
  const rules = (cells.get('regler') ?? '').split(/, (?!LUS)/).filter((rule) => rule !== '');
  const id = cells.get('fall') ?? '';
  if (id === '' || rules.length === 0) throw new Error(`${place}: a case has an id and rules`);
  if (cells.get('vilar på') === '') throw new Error(`${place}: it rests on nothing`);
  return { id, place, facts, date, expected: Object.fromEntries(expected), rules };
}

function items(cell = ''): string[] {
  return cell.split(';').flatMap((item) => (item.trim() === '' ? [] : [item.trim()]));
}

const NEEDS: readonly string[] = ['SOC', 'KHSL', 'ROV'];

interface Draft {
  date: string;
  facts: { -readonly [Name in keyof RoutingFacts]: RoutingFacts[Name] };
}

/** One item of the facts, by its first word. */
const WORDS: Readonly<Record<string, (draft: Draft, rest: string, id: (name: string) => PartyId) => void>> = {
  behov: ({ facts }, rest) => {
    facts.need = wordsOf(rest, NEEDS) as NeedScope[];
  },
  'inget behov': ({ facts }) => {
    facts.need = [];
  },
  dag: (draft, rest) => void (draft.date = rest),
  född: ({ facts }, rest) => {
    if (rest === 'okänt') delete facts.birthDate;
    else facts.birthDate = rest;
  },
  nummer: ({ facts }, rest) => void (facts.identity = rest as IdentityType),
  kommun: ({ facts }, rest) => {
    const [municipality, district] = rest.split(' ');
    facts.address = {
      lines: [],
      ...facts.address,
      ...(municipality !== undefined && { municipality }),
      ...(district !== undefined && { district }),
    };
  },
  gata: ({ facts }, rest) =>
    void (facts.address = { ...facts.address, lines: [...(facts.address?.lines ?? []), rest] }),
  postnummer: ({ facts }, rest) => void (facts.address = { lines: [], ...facts.address, postalCode: rest }),
  'vistas i': ({ facts }, rest) => void (facts.stayingIn = rest),
  boende: ({ facts }, rest) => void (facts.housing = oneOf(rest, HOUSINGS)),
  'placerad av': ({ facts }, rest) => void (facts.placedBy = rest),
  listad: ({ facts }, rest, id) => void (facts.listing = { clinic: id(rest) }),
  olistad: ({ facts }) => void (facts.listing = 'unlisted'),
  kontakt: ({ facts }, rest, id) => void (facts.contacts = [...(facts.contacts ?? []), id(rest)]),
  rehab: ({ facts }, rest, id) => void (facts.rehab = [...(facts.rehab ?? []), id(rest)]),
  vård: ({ facts }, rest) => void (facts.careType = oneOf(rest, CARE_TYPES)),
  LSS: ({ facts }) => void (facts.lss = true),
  ärende: ({ facts }, rest, id) => {
    const [party = '', desk] = rest.split(' vid ');
    facts.caseOwner = { party: id(party), ...(desk !== undefined && { desk }) };
  },
  skydd: ({ facts }, rest) => void (facts.protection = rest as Protection),
  hemtjänst: ({ facts }, rest, id) => void (facts.homeCare = id(rest)),
  tillagd: ({ facts }, rest, id) => {
    const [party = '', by = ''] = rest.split(' av ');
    const added: AddedParty = { party: id(party), by: id(by) };
    facts.added = [...(facts.added ?? []), added];
  },
  återsänt: ({ facts }, rest, id) => {
    const [, by = '', proposal, told] = /^av (\S+)(?: till (\S+))?( läst)?$/.exec(rest) ?? [];
    const one: ReturnedNotice = {
      by: id(by),
      ...(proposal !== undefined && { proposal: id(proposal) }),
      ...(told !== undefined && { told: true }),
    };
    facts.returned = [...(facts.returned ?? []), one];
  },
  släppt: ({ facts }, rest, id) => {
    const [, to = '', scopes = ''] = /^till (\S+) för (.+)$/.exec(rest) ?? [];
    const one: ReleasedNotice = { recipient: id(to), scopes: wordsOf(scopes, NEEDS) as NeedScope[] };
    facts.released = [...(facts.released ?? []), one];
  },
};

function factsOf(place: string, words: readonly string[], names: Names): { facts: RoutingFacts; date: string } {
  const { date, birthDate, identity } = DEFAULTS;
  const draft: Draft = { date, facts: { need: [], birthDate, identity } };
  for (const word of words) {
    const key = Object.keys(WORDS).find((one) => word === one || word.startsWith(`${one} `));
    if (key === undefined) throw new Error(`${place}: unknown word "${word}"`);
    try {
      WORDS[key]?.(draft, word.slice(key.length + 1), (name) => idOf(name, names));
    } catch (error) {
      throw new Error(`${place}: ${word}`, { cause: error });
    }
  }
  return draft;
}

function idOf(name: string, names: Names): PartyId {
  const id = /^(\d{4}(-[a-z-]+)?|SE\w+-\w+|storsthlm)$/.test(name) ? name : names.get(name);
  if (id === undefined) throw new Error(`unknown party ${name}`);
  return id;
}

function wordsOf(text: string, known: readonly string[]): string[] {
  return text.split(' ').map((word) => oneOf(word, known));
}

function oneOf<Word extends string>(text: string, known: readonly Word[]): Word {
  const found = known.find((word) => word === text);
  if (found === undefined) throw new Error(`unknown word ${text}`);
  return found;
}

const ROLE_NAMES: Readonly<Record<UnitRole, string>> = {
  municipality: 'kommun',
  placing: 'placerande',
  clinic: 'listad',
  contact: 'kontakt',
  rehab: 'rehab',
};

/** A decision in the words of the cases. */
export function wordsOfDecision(decision: RoutingDecision, names: Names): Readonly<Record<Heading, readonly string[]>> {
  const byId = new Map([...names].map(([name, id]) => [id, name]));
  const named = (id: string): string => byId.get(id) ?? id;
  const { recipients, byHand, municipalities, notChosen, withdrawn, added } = decision;
  const codes = [
    ['folkbokförd', municipalities.registered],
    ['vistas', municipalities.staying],
    ['ansvarig', municipalities.careResponsible],
    ['betalar', municipalities.paymentLiable],
  ];
  return {
    mottagare: recipients.map(({ party, scopes, desk, confidence }) =>
      [named(party.id), ...scopes, ...(desk ? [desk.id] : []), ...(confidence === 'LOW' ? ['LÅG'] : [])].join(' '),
    ),
    'för hand': byHand.map(({ role, scopes, queue, proposals }) =>
      [
        ROLE_NAMES[role],
        ...scopes,
        ...(queue === undefined ? [] : [`kö ${queue}`]),
        ...(proposals.length === 0 ? [] : [`förslag ${proposals.map(named).join(' ')}`]),
      ].join(' '),
    ),
    kommuner: codes.flatMap(([name = '', code]) => (code === undefined ? [] : [`${name} ${code}`])),
    'inte valda': notChosen.map(({ candidate, rule }) => `${named(candidate)} ${rule}`),
    återtas: withdrawn.map(({ party, breach }) => `${named(party)}${breach ? ' SEK-02' : ''}`),
    tillagda: added.map(({ party, by }) => `${named(party.id)} av ${named(by)}`),
  };
}
