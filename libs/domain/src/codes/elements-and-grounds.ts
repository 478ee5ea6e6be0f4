/**
 * What a notice or an answer may hold, piece by piece. Each element has a place in the content, which another kind may use
 * for another element, and every place of a content belongs to one: what has none cannot be told to anybody, whatever the table says.
 */
export interface ElementPlace {
  /** Swedish, as a ward reads which part is held back. */
  readonly name: string;
  /** Key of the content, or `person.<key>`. */
  readonly at: string;
}

/** In the order in which a document lists them. */
export const ELEMENTS = {
  identity: { name: 'personnummer eller annat nummer', at: 'person.identity' },
  name: { name: 'namn', at: 'person.name' },
  address: { name: 'folkbokföringsadress', at: 'person.address' },
  'care-provider': { name: 'vårdgivarens namn', at: 'careProvider' },
  'own-need': { name: 'mottagarens eget behov', at: 'ownNeed' },
  'expected-discharge': { name: 'beräknad tidpunkt för utskrivning', at: 'expectedDischarge' },
  'ready-since': { name: 'utskrivningsklar sedan', at: 'readySince' },
  'decided-at': { name: 'när öppen tvångsvård beslutades', at: 'decidedAt' },
  'discharged-at': { name: 'tidpunkt för utskrivning', at: 'dischargedAt' },
  'information-scope': { name: 'vilken insats informationen gäller', at: 'scope' },
  information: { name: 'information vid utskrivning', at: 'text' },
  'away-from': { name: 'borta från', at: 'awayFrom' },
  'home-from': { name: 'hemma från', at: 'homeFrom' },
  'measures-unchanged': { name: 'om insatserna är oförändrade', at: 'unchanged' },
  'whom-to-call': { name: 'vem utföraren kan ringa', at: 'call' },
  'home-word': { name: 'vad hemtjänsten får veta', at: 'home' },
  'return-reason': { name: 'skäl för retur, av tre', at: 'reason' },
  'right-party': { name: 'förslag till rätt mottagare', at: 'proposal' },
  obstacle: { name: 'om regionens insatser finns på plats', at: 'exists' },
  'found-where': { name: 'var personen har påträffats', at: 'where' },
  confirmed: { name: 'att kontakten är bekräftad', at: 'confirmed' },
  contact: { name: 'fast vårdkontakt', at: 'contact' },
  invited: { name: 'vilka som kallas', at: 'invited' },
  'meeting-time': { name: 'tid för mötet', at: 'at' },
  thread: { name: 'vilken fråga svaret gäller', at: 'thread' },
  accepted: { name: 'om förslaget antas', at: 'accepted' },
  'answered-proposal': { name: 'vilket förslag svaret gäller', at: 'proposal' },
  'declined-by': { name: 'vem som avböjer', at: 'by' },
  'plan-state': { name: 'om planen är upprättad, reviderad eller avslutad', at: 'state' },
  'plan-items': { name: 'vilka delar planen har', at: 'items' },
  'plan-consent': { name: 'samtycke till planen', at: 'consent' },
  'took-part': { name: 'vilka som deltog', at: 'tookPart' },
  'absence-reason': { name: 'varför den enskilde inte deltog', at: 'absence' },
  units: { name: 'vilka enheter som ska justera', at: 'units' },
  plan: { name: 'vilken plan', at: 'plan' },
  unit: { name: 'vilken enhet', at: 'unit' },
  'opposed-scopes': { name: 'vad den enskilde motsätter sig', at: 'scopes' },
  'case-owner': { name: 'vems ärendet är', at: 'owner' },
  desk: { name: 'mottagning hos parten', at: 'desk' },
  'own-recipient': { name: 'mottagare som parten har lagt till', at: 'recipient' },
  text: { name: 'text', at: 'text' },
} as const satisfies Readonly<Record<string, ElementPlace>>;

export type Element = keyof typeof ELEMENTS;

/** What says which notice it is, and how a protected person's is handled: no part of what is told of the person. */
const ALWAYS: ReadonlySet<string> = new Set(['kind', 'person.protection']);

/** What no notice shows of a protected person (RTE-43; OSL 21:3). */
export const HIDDEN_OF_PROTECTED: ReadonlySet<Element> = new Set<Element>(['address']);

/** Places of a content that hold something: `careProvider`, `person.name`. */
export function placesIn(content: object): string[] {
  const places: string[] = [];
  for (const [key, value] of Object.entries(content) as [string, unknown][]) {
    if (value === undefined) continue;
    if (key !== 'person') places.push(key);
    else for (const inner of Object.keys(value as object)) places.push(`person.${inner}`);
  }
  return places;
}

/**
 * A content with nothing but these elements: whatever else stands in it is left out, also what nobody has given a name.
 * @param content of a notice or an answer; the same object when all of it may be told
 */
export function within<Content extends object>(content: Content, elements: readonly Element[]): Content {
  const isOpen = (place: string): boolean =>
    ALWAYS.has(place) || elements.some((element) => ELEMENTS[element].at === place);
  if (placesIn(content).every(isOpen)) return content;
  const only = (part: object, prefix: string): object => {
    const open: Record<string, unknown> = {};
    for (const [key, value] of Object.entries(part) as [string, unknown][])
      if (isOpen(`${prefix}${key}`)) open[key] = value;
    return open;
  };
  const rest = only(content, '');
  const person = 'person' in content && { person: only(content.person as object, 'person.') };
  return { ...rest, ...person } as Content;
}

/** Elements in words, for whoever reads which part it is. */
export function elementsText(elements: readonly Element[]): string {
  return elements.map((element) => ELEMENTS[element].name).join(', ');
}

/** Grounds on which content may cross the secrecy border (rules 8.2, 12.3), in the order in which they are named. */
export const GROUNDS = [
  'LUS_2KAP',
  'CONSENT',
  'SAME_REGION',
  'CHILD_OR_ABUSE_OR_COMPULSORY',
  'CANNOT_CONSENT',
  'MENPROVNING',
  'PRIVATE_PROVIDER',
  'LPT_7A',
] as const;
export type Ground = (typeof GROUNDS)[number];

/** How people read them: what it is, and the paragraph where the law has one. */
export const GROUND_NAMES: Readonly<Record<Ground, string>> = {
  LUS_2KAP: 'Lagen om samverkan vid utskrivning (LUS 2 kap.)',
  CONSENT: 'Samtycke',
  SAME_REGION: 'Inom regionen (OSL 25 kap. 11 §)',
  CHILD_OR_ABUSE_OR_COMPULSORY: 'Barn, missbruk eller tvångsvård (OSL 25 kap. 12 §, 26 kap. 9 §)',
  CANNOT_CONSENT: 'Kan inte samtycka (OSL 25 kap. 13 §)',
  MENPROVNING: 'Menprövning (OSL 25 kap. 1 §, 26 kap. 1 §)',
  PRIVATE_PROVIDER: 'Privat vårdgivare (PSL 6 kap. 12 §)',
  LPT_7A: 'Beslut om öppen tvångsvård (LPT 7 a §)',
};
