import { list, object, text, type HubClient, type Json } from '../hub/hub-client.ts';

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
  readonly #visit: string;
  readonly #names: PartyNames;
  readonly #seen = new Set<string>();
  #stayId: string | undefined;

  constructor(hub: HubClient, visit: string, names: PartyNames) {
    this.#hub = hub;
    this.#visit = visit;
    this.#names = names;
  }

  /** Who was told, taken back from, withheld from or given a Task since the last look; call it when the hub has settled. */
  async effects(): Promise<Effect[]> {
    const stayId = await this.stayId();
    if (stayId === undefined) return [];
    const trace = await this.#hub.trace(stayId, 'Demonstration');
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
    const effects: Effect[] = [];
    for (const { key, recipient, who, why } of found) {
      this.#seen.add(key);
      const name = await this.#names.of(recipient);
      effects.push({ who: `${who} ${name}`.trim(), why: why.replaceAll(recipient, name) });
    }
    return effects;
  }

  /** The deviations of the stay that are open or suspected. */
  async flags(): Promise<Flag[]> {
    const stayId = await this.stayId();
    if (stayId === undefined) return [];
    const issues = await this.#hub.search('operator', 'DetectedIssue', { encounter: stayId });
    return issues
      .filter(({ status }) => status !== 'cancelled')
      .map(({ code }) => object(list(object(code)['coding'])[0]))
      .map((coding) => ({ code: text(coding['code']) ?? '?', name: text(coding['display']) ?? '' }));
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
    return object(list(encounter['identifier'])[0])['value'] === this.#visit;
  }

  #told(told: Json) {
    const [delivery, kind, recipient] = [told['delivery'], told['kind'], told['recipient']].map(
      (one) => text(one) ?? '',
    );
    const why = list(told['lines']).map((line) => text(object(line)['text']) ?? '');
    const withdrawn = text(object(told['withdrawn'])['text']);
    return [
      { key: `told ${delivery}`, recipient, who: `${kind} till`, why: why.join(' ') },
      ...(withdrawn === undefined
        ? []
        : [{ key: `withdrawn ${delivery}`, recipient, who: `${kind} återtas från`, why: withdrawn }]),
    ].map((effect) => ({ ...effect, recipient: recipient ?? '' }));
  }

  #withheld(withheld: Json) {
    const [kind, recipient, why] = [withheld['kind'], withheld['recipient'], withheld['text']].map(
      (one) => text(one) ?? '',
    );
    return {
      key: `withheld ${kind} ${recipient}`,
      recipient: recipient ?? '',
      who: `${kind} hålls inne för`,
      why: why ?? '',
    };
  }

  #duty(duty: Json) {
    const [code, owner, why] = [duty['code'], duty['owner'], duty['text']].map((one) => text(one) ?? '');
    return { key: `duty ${code} ${why}`, recipient: owner ?? '', who: `Uppgift ${code} till`, why: why ?? '' };
  }
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
