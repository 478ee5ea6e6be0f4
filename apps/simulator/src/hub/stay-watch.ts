import { list, object, text, type HubClient, type Json } from './hub-client.ts';

/** What a message led to: one line for a table. */
export interface Effect {
  readonly who: string;
  readonly why: string;
}

/** A deviation that is open, with its Swedish name. */
export interface Flag {
  readonly code: string;
  readonly name: string;
}

/** Looks at one stay again and again, as the operator, and tells what is new since the last look. */
export class StayWatch {
  readonly #hub: HubClient;
  readonly #isVisit: (visit: string) => boolean;
  readonly #names: PartyNames;
  readonly #seen = new Set<string>();
  #stayId: string | undefined;

  /** @param isVisit whether a visit id, as its sender wrote it, is that of the stay */
  constructor(hub: HubClient, isVisit: (visit: string) => boolean, names: PartyNames) {
    this.#hub = hub;
    this.#isVisit = isVisit;
    this.#names = names;
  }

  /** Who was told, taken back from, withheld from or given a Task since the last look; call it when the hub has settled. */
  async effects(): Promise<Effect[]> {
    const stayId = await this.stayId();
    if (stayId === undefined) return [];
    const trace = await this.#hub.trace(stayId, 'Uppföljning av sända meddelanden');
    const found = [
      ...list(trace['told'])
        .map(object)
        .flatMap((told) => this.#told(told)),
      ...list(trace['withheld'])
        .map(object)
        .map((one) => this.#withheld(one)),
      ...list(trace['duties'])
        .map(object)
        .map((one) => this.#duty(one)),
    ].filter(({ key }) => !this.#seen.has(key));
    for (const { key } of found) this.#seen.add(key);
    return this.#inWords(found);
  }

  /** Several notices to one party for one reason are one line. */
  async #inWords(found: readonly Found[]): Promise<Effect[]> {
    const lines = Map.groupBy(found, ({ relation, recipient, why }) => `${relation}|${recipient}|${why}`);
    return Promise.all(
      [...lines.values()].map(async (alike) => {
        const [first] = alike;
        if (!first) throw new Error('a group has a first');
        const name = await this.#names.of(first.recipient);
        const what = alike.map((one) => one.what).join(', ');
        return {
          who: `${what} ${first.relation} ${name}`,
          why: first.why.replace(` till ${first.recipient} `, ` till ${name} `),
        };
      }),
    );
  }

  /** The deviations of the stay that are open or suspected; not that one of the few test persons has come again. */
  async flags(): Promise<Flag[]> {
    const stayId = await this.stayId();
    if (stayId === undefined) return [];
    const issues = await this.#hub.search('operator', 'DetectedIssue', { encounter: stayId });
    return issues
      .filter(({ status }) => status !== 'cancelled')
      .map(({ code }) => object(list(object(code)['coding'])[0]))
      .map((coding) => ({ code: text(coding['code']) ?? '?', name: text(coding['display']) ?? '' }))
      .filter(({ code }) => !isOfMoreStays(code));
  }

  /** The hub's id of the stay: among the latest Encounters or, for a protected person, behind the latest Tasks. */
  async stayId(): Promise<string | undefined> {
    if (this.#stayId !== undefined) return this.#stayId;
    const shown = (await this.#hub.latest('operator', 'Encounter')).find((encounter) => this.#isIt(encounter));
    return (this.#stayId = text(shown?.['id']) ?? (await this.#behindATask()));
  }

  async #behindATask(): Promise<string | undefined> {
    for (const task of await this.#hub.latest('operator', 'Task')) {
      const stayId = text(object(task['encounter'] ?? task['focus'])['reference'])?.replace('Encounter/', '');
      const encounter = stayId === undefined ? undefined : await this.#hub.read('operator', 'Encounter', stayId);
      if (encounter && this.#isIt(encounter)) return stayId;
    }
    return undefined;
  }

  #isIt(encounter: Json): boolean {
    const visit = text(object(list(encounter['identifier'])[0])['value']);
    return visit !== undefined && this.#isVisit(visit);
  }

  #told(told: Json): Found[] {
    const [delivery, what, recipient] = texts(told, 'delivery', 'kind', 'recipient');
    const why = list(told['lines']).map((line) => text(object(line)['text']) ?? '');
    const withdrawn = text(object(told['withdrawn'])['text']);
    return [
      { key: `told ${delivery}`, what, relation: 'till', recipient, why: why.join(' ') },
      ...(withdrawn === undefined
        ? []
        : [{ key: `withdrawn ${delivery}`, what, relation: 'återtas från', recipient, why: withdrawn }]),
    ];
  }

  #withheld(withheld: Json): Found {
    const [what, recipient, why] = texts(withheld, 'kind', 'recipient', 'text');
    return { key: `withheld ${what} ${recipient}`, what, relation: 'hålls inne för', recipient, why };
  }

  #duty(duty: Json): Found {
    const [code, recipient, why] = texts(duty, 'code', 'owner', 'text');
    return { key: `duty ${code} ${why}`, what: `Uppgift ${code}`, relation: 'till', recipient, why };
  }
}

interface Found {
  /** The same thing seen again has the same key. */
  readonly key: string;
  readonly what: string;
  readonly relation: string;
  readonly recipient: string;
  readonly why: string;
}

function texts(from: Json, ...names: [string, string, string]): [string, string, string] {
  const [a, b, c] = names.map((name) => text(from[name]) ?? '');
  return [a ?? '', b ?? '', c ?? ''];
}

/** Names of parties by their ids, asked for once each. */
export class PartyNames {
  readonly #hub: HubClient;
  readonly #known = new Map<string, string>([['operator', 'operatören']]);

  constructor(hub: HubClient) {
    this.#hub = hub;
  }

  async of(party: string): Promise<string> {
    const known = this.#known.get(party);
    if (known !== undefined) return known;
    const name = text((await this.#hub.read('operator', 'Organization', party))?.['name']) ?? party;
    this.#known.set(party, name);
    return name;
  }
}

/** True of a readmission, which the person's next stay tells: the few test persons come back all the time. */
const isOfMoreStays = (code: string): boolean => code.startsWith('ATI-');
