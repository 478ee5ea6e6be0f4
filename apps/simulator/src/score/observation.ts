import { list, object, text, type HubClient, type Json } from '../hub/hub-client.ts';

/** What the hub shows of one stay at the end. */
export interface SeenStay {
  /** Deviations that are open or suspected, and whose they are; as often as they are. */
  readonly deviations: Attributed[];
  /** Notices that hold, counted by party and category. */
  readonly notices: Map<string, Map<string, number>>;
  /** The texts of information that holds, by party. */
  readonly information: Map<string, string[]>;
  /** Tasks that are not done, and who has to do them. */
  readonly tasks: Attributed[];
  /** All that was said of its deviations, also of those that are closed. */
  readonly statements: Statement[];
}

/** A deviation as the hub said once that it stands: one that closes and opens again is said three times. */
export interface Statement {
  readonly code: string;
  readonly party: string;
  /** `preliminary` while it is only suspected, `final`, or `cancelled`. */
  readonly status: string;
  /** Its deadline as it was then. */
  readonly due: number;
  readonly said: number;
}

/** A code, and the party that it is laid on. */
export interface Attributed {
  readonly code: string;
  readonly party: string;
  /** Of a deviation: `preliminary` while it is only suspected. */
  readonly status?: string;
}

/** By visit id as the senders know it. What no visit of this county explains is kept under the hub's own stay id. */
export type Observation = ReadonlyMap<string, SeenStay>;

/**
 * Reads all that can be seen: deviations, Tasks and stays as the operator, notices as each of the parties themselves.
 * @param said every DetectedIssue that the hub ever said, where that is known; else each counts as said once, as it is now
 */
export async function observe(hub: HubClient, said?: readonly unknown[]): Promise<Observation> {
  const seen = new Map<string, SeenStay>();
  const at = (stayId: string): SeenStay => {
    const stay = seen.get(stayId) ?? unseen();
    seen.set(stayId, stay);
    return stay;
  };
  const issues = await hub.search('operator', 'DetectedIssue');
  for (const issue of issues) {
    const { code, party, status } = statementOf(issue);
    if (status !== 'cancelled') at(stayOf(list(issue['implicated'])[0])).deviations.push({ code, party, status });
  }
  for (const issue of said?.map(object) ?? issues)
    at(stayOf(list(issue['implicated'])[0])).statements.push(statementOf(issue));
  for (const task of await hub.search('operator', 'Task')) {
    const owned = { code: codeOf(task['code']), party: organisationIn(task['owner']) };
    // What is to be answered, and what will fall due, follows from the deviations, which are seen themselves.
    if (task['status'] === 'requested' && owned.code !== 'ANSWER-DEVIATION' && owned.code !== 'WARNING')
      at(stayOf(task['encounter'] ?? task['focus'])).tasks.push(owned);
  }
  for (const party of hub.callers.filter(isParty)) {
    for (const notice of await hub.search(party, 'Communication'))
      count(at(stayOf(notice['encounter'])), party, notice);
  }
  return byVisit(seen, hub);
}

/** A stay of which nothing is shown. */
export function unseen(): SeenStay {
  return { deviations: [], notices: new Map(), information: new Map(), tasks: [], statements: [] };
}

/** Callers that are parties have the party's id as their name (contract 1). */
const OTHERS = new Set(['operator', 'storsthlm', 'hsf']);
const isParty = (caller: string): boolean => !caller.startsWith('sender:') && !OTHERS.has(caller);

function count({ notices, information }: SeenStay, party: string, notice: Json): void {
  if (notice['status'] !== 'completed') return;
  const category = codeOf(list(notice['category'])[0]);
  const counted = notices.get(party) ?? new Map<string, number>();
  notices.set(party, counted.set(category, (counted.get(category) ?? 0) + 1));
  if (category !== 'INFO') return;
  const told = list(notice['payload']).map((payload) => text(object(payload)['contentString']) ?? '');
  information.set(party, [...(information.get(party) ?? []), told.join('\n')]);
}

/** The stays by their visit ids: as the operator finds them, and one by one those that no search shows. */
async function byVisit(seen: ReadonlyMap<string, SeenStay>, hub: HubClient): Promise<Observation> {
  const visits = new Map<string, string>();
  for (const encounter of await hub.search('operator', 'Encounter')) note(visits, encounter);
  for (const stayId of seen.keys()) {
    const encounter = visits.has(stayId) ? undefined : await hub.read('operator', 'Encounter', stayId);
    if (encounter) note(visits, encounter);
  }
  return new Map([...seen].map(([stayId, stay]) => [visits.get(stayId) ?? stayId, stay]));
}

function note(visits: Map<string, string>, encounter: Json): void {
  const visit = text(object(list(encounter['identifier'])[0])['value']);
  if (visit !== undefined) visits.set(text(encounter['id']) ?? '', visit);
}

function stayOf(reference: unknown): string {
  return text(object(reference)['reference'])?.replace(/^.*Encounter\//, '') ?? '(no stay)';
}

/** The party that a deviation is attributed to (contract 4). */
export function partyOf(issue: Json): string {
  return text(extensionOf(issue, 'deviation-party')?.['valueString']) ?? '(no party)';
}

function statementOf(issue: Json): Statement {
  return {
    ...{ code: codeOf(issue['code']), party: partyOf(issue), status: text(issue['status']) ?? '' },
    due: Date.parse(text(extensionOf(issue, 'deviation-due')?.['valueDateTime']) ?? ''),
    said: Date.parse(text(object(issue['meta'])['lastUpdated']) ?? ''),
  };
}

function extensionOf(issue: Json, name: string): Json | undefined {
  const said = list(issue['extension']).map(object);
  return said.find(({ url }) => text(url)?.endsWith(`/StructureDefinition/${name}`) === true);
}

function organisationIn(reference: unknown): string {
  return text(object(reference)['reference'])?.replace(/^.*Organization\//, '') ?? '(nobody)';
}

/** Ours is always the first coding (contract 4). */
function codeOf(concept: unknown): string {
  return text(object(list(object(concept)['coding'])[0])['code']) ?? '(no code)';
}
