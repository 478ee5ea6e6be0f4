import type { Instant } from '../county/county-time.ts';

/** The hub said no, or something that is no answer: its status, and the first coded error of its OperationOutcome. */
export class Refused extends Error {
  readonly status: number;
  readonly code: string | undefined;

  constructor(what: string, status: number, code: string | undefined, place: string | undefined) {
    super([`${what}: HTTP ${status}`, code, place].filter((part) => part !== undefined).join(' '));
    this.status = status;
    this.code = code;
  }
}

/** A resource as far as the simulator looks into it: everything may be missing. */
export type Json = { readonly [name: string]: unknown };

/** The hub's HTTP side as its callers see it: the operations, and FHIR by one caller's token. */
export class HubClient {
  readonly #base: string;
  readonly #tokens: ReadonlyMap<string, string>;

  /** @param base e.g. `http://127.0.0.1:8080` @param tokens bearer token by name of caller */
  constructor(base: string, tokens: ReadonlyMap<string, string>) {
    this.#base = base.replace(/\/$/, '');
    this.#tokens = tokens;
  }

  /** The callers that there are tokens for. */
  get callers(): string[] {
    return [...this.#tokens.keys()];
  }

  /** Contract 3, settle. @throws Refused naming the stage that did not catch up */
  async settle(): Promise<void> {
    await this.#post('/operations/settle', {});
  }

  /** Contract 3, clock: settled and judged up to `to`, or (`settle: false`) only set. */
  async moveClock(to: Instant, settle = true): Promise<void> {
    await this.#post('/operations/clock', { to: new Date(to).toISOString(), ...(!settle && { settle: false }) });
  }

  /** Contract 3, stages of the hub's own process. */
  async changeStages(change: { readonly stop?: readonly string[]; readonly start?: readonly string[] }): Promise<void> {
    await this.#post('/operations/stages', change);
  }

  /** The operator's trace of a stay: why each notice was told, withheld, or waits. The reason is kept with the access. */
  async trace(stayId: string, reason: string): Promise<Json> {
    const more = { 'x-reason': encodeURIComponent(reason) };
    return this.#json(await this.#fetch('operator', `/operations/traces/${stayId}`, undefined, more), 'trace');
  }

  /** One resource by its id. @returns nothing when it is not there for this caller */
  async read(caller: string, type: string, id: string): Promise<Json | undefined> {
    const response = await this.#fetch(caller, `/fhir/${type}/${id}`);
    return response.status === 404 ? undefined : this.#json(response, `${type}/${id}`);
  }

  /** All matches of a search, page by page. */
  async search(caller: string, type: string, parameters: Readonly<Record<string, string>> = {}): Promise<Json[]> {
    const found: Json[] = [];
    let next: string | undefined = this.#address(type, { _count: '200', ...parameters });
    while (next !== undefined) {
      const page = await this.#page(caller, type, next);
      found.push(...page.found);
      next = page.next;
    }
    return found;
  }

  /** The first page of a search alone: with a sort, the latest of many. */
  async latest(caller: string, type: string, parameters: Readonly<Record<string, string>> = {}): Promise<Json[]> {
    const address = this.#address(type, { _sort: '-_lastUpdated', _count: '50', ...parameters });
    return (await this.#page(caller, type, address)).found;
  }

  #address(type: string, parameters: Readonly<Record<string, string>>): string {
    return `/fhir/${type}?${new URLSearchParams(parameters).toString()}`;
  }

  async #page(caller: string, type: string, address: string): Promise<{ found: Json[]; next: string | undefined }> {
    const bundle = await this.#json(await this.#fetch(caller, address), `search ${type}`);
    const resources = list(bundle['entry']).map((entry) => object(object(entry)['resource']));
    const next = list(bundle['link'])
      .map(object)
      .find(({ relation }) => relation === 'next');
    return {
      found: resources.filter(({ resourceType }) => resourceType === type),
      next: text(next?.['url'])?.replace(/^https?:\/\/[^/]+/, ''),
    };
  }

  async #post(path: string, body: object): Promise<void> {
    const response = await this.#fetch('operator', path, JSON.stringify(body));
    await this.#json(response, path);
  }

  #fetch(caller: string, path: string, body?: string, more: Readonly<Record<string, string>> = {}): Promise<Response> {
    const headers = {
      authorization: `Bearer ${this.#tokens.get(caller) ?? ''}`,
      accept: path.startsWith('/fhir') ? 'application/fhir+json' : 'application/json',
      ...more,
    };
    return fetch(`${this.#base}${path}`, {
      ...(body === undefined
        ? { headers }
        : { method: 'POST', body, headers: { ...headers, 'content-type': 'application/json' } }),
      signal: AbortSignal.timeout(180_000),
    });
  }

  async #json(response: Response, what: string): Promise<Json> {
    const body = object(await response.json().catch(() => undefined));
    if (response.ok) return body;
    const issue = object(list(body['issue'])[0]);
    const code = object(list(object(issue['details'])['coding'])[0])['code'];
    const place = list(issue['expression'])[0];
    throw new Refused(what, response.status, text(code), text(place));
  }
}

/** A value as an object, whatever it is. */
export function object(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}

/** A value as a list, whatever it is. */
export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** A value as a text, if it is one. */
export function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
