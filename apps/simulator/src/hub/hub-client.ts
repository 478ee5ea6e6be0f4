import { readFileSync } from 'node:fs';
import { Client } from 'fhir-kit-client';
import type { Instant } from '../county/county-time.ts';

/** The hub said no: its status, and the first coded error of its OperationOutcome. */
class Refused extends Error {
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
  readonly #clients = new Map<string, Client>();

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
    return this.#operation(`/operations/traces/${stayId}`, { 'x-reason': encodeURIComponent(reason) });
  }

  /** Contract 3: what was not taken of a sender's messages, the oldest first. */
  async rejected(sender: string): Promise<Json[]> {
    const answer = await this.#operation(`/operations/rejected?sender=${encodeURIComponent(sender)}`, {});
    return list(answer['rejected']).map(object);
  }

  /** What a party says through the hub (`POST /replies`). @param key the same one again is the same word @throws Refused */
  reply(party: string, form: object, key: string): Promise<Json> {
    const headers = { 'content-type': 'application/json', 'idempotency-key': encodeURIComponent(key) };
    return this.#operation('/replies', headers, JSON.stringify(form), party);
  }

  /** A FHIR message, as its sender sends it. @returns its acknowledgement, or an OperationOutcome where it has none */
  async process(caller: string, message: Buffer): Promise<Json> {
    const headers = { 'content-type': 'application/fhir+json' };
    return (await this.#ask('/fhir/$process-message', caller, headers, new Uint8Array(message))).answer;
  }

  /** One resource by its id. @returns nothing when it is not there for this caller */
  async read(caller: string, type: string, id: string): Promise<Json | undefined> {
    try {
      return await this.#fhir(caller).read({ resourceType: type, id, options: patiently() });
    } catch (error) {
      const refused = refusal(`${type}/${id}`, error);
      if (refused instanceof Refused && refused.status === 404) return undefined;
      throw refused;
    }
  }

  /** All matches of a search, page by page. */
  async search(caller: string, type: string, parameters: Readonly<Record<string, string>> = {}): Promise<Json[]> {
    const found: Json[] = [];
    for await (const page of this.#pages(caller, type, { _count: '200', ...parameters })) found.push(...page);
    return found;
  }

  /** The first page of a search alone: with a sort, the latest of many. */
  async latest(caller: string, type: string, parameters: Readonly<Record<string, string>> = {}): Promise<Json[]> {
    const pages = this.#pages(caller, type, { _sort: '-_lastUpdated', _count: '50', ...parameters });
    for await (const page of pages) return page;
    return [];
  }

  /** The pages of a search by the links that the hub gives, each when it is asked for. @throws Refused */
  async *#pages(caller: string, type: string, parameters: Record<string, string>): AsyncGenerator<Json[]> {
    const client = this.#fhir(caller);
    let page = client.resourceSearch({ resourceType: type, searchParams: parameters, options: patiently() });
    for (;;) {
      const bundle = await page.catch((error: unknown) => {
        throw refusal(`search ${type}`, error);
      });
      yield resourcesIn(bundle).filter(({ resourceType }) => resourceType === type);
      const link = list(bundle['link']).map(linkOf);
      const next = client.nextPage({ bundle: { resourceType: 'Bundle', link }, options: patiently() });
      if (next === undefined) return;
      page = next;
    }
  }

  #fhir(caller: string): Client {
    const before = this.#clients.get(caller);
    if (before) return before;
    const client = new Client({ baseUrl: `${this.#base}/fhir`, bearerToken: this.#tokens.get(caller) ?? '' });
    this.#clients.set(caller, client);
    return client;
  }

  async #post(path: string, body: object): Promise<void> {
    await this.#operation(path, { 'content-type': 'application/json' }, JSON.stringify(body));
  }

  /** An operation of the hub's own, which is no FHIR; with a body it is a POST. @throws Refused */
  async #operation(
    path: string,
    more: Readonly<Record<string, string>>,
    body?: string,
    caller = 'operator',
  ): Promise<Json> {
    const headers = { accept: 'application/json', ...more };
    const { ok, status, answer } = await this.#ask(path, caller, headers, body);
    if (!ok) throw refused(path, status, answer);
    return answer;
  }

  /** What is answered, whatever it is; with a body it is a POST. */
  async #ask(
    path: string,
    caller: string,
    more: Readonly<Record<string, string>>,
    body?: string | Uint8Array<ArrayBuffer>,
  ): Promise<{ readonly ok: boolean; readonly status: number; readonly answer: Json }> {
    const response = await fetch(`${this.#base}${path}`, {
      headers: { authorization: `Bearer ${this.#tokens.get(caller) ?? ''}`, ...more },
      ...(body !== undefined && { method: 'POST', body }),
      ...patiently(),
    });
    const { ok, status } = response;
    return { ok, status, answer: object(await response.json().catch(() => undefined)) };
  }
}

/** How long an answer may take, by the machine's clock: settling takes up to a minute. */
function patiently(): { signal: AbortSignal } {
  return { signal: AbortSignal.timeout(180_000) };
}

function linkOf(link: unknown): { relation: string; url: string } {
  const { relation, url } = object(link);
  return { relation: text(relation) ?? '', url: text(url) ?? '' };
}

/** What the FHIR client throws for an answer that is none of success, as ours; all else as it is. */
function refusal(what: string, error: unknown): unknown {
  const response = object(error instanceof Error && 'response' in error ? error.response : undefined);
  const { status, data } = response;
  return typeof status === 'number' ? refused(what, status, object(data)) : error;
}

function refused(what: string, status: number, body: Json): Refused {
  const issue = object(list(body['issue'])[0]);
  const code = object(list(object(issue['details'])['coding'])[0])['code'];
  return new Refused(what, status, text(code), text(list(issue['expression'])[0]));
}

/** The resources of a Bundle, in their order. */
export function resourcesIn(bundle: Json): Json[] {
  return list(bundle['entry']).map((entry) => object(object(entry)['resource']));
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

/**
 * The tokens of `callers.json` by name of caller (contract 1). It lies in the hub's state folder and is readable only by
 * who runs the hub.
 * @throws Error with the remedy when it cannot be read
 */
export function readTokens(file: string): Map<string, string> {
  const tokens = new Map<string, string>();
  for (const [name, caller] of Object.entries(object(parsed(file)))) {
    const token = text(object(caller)['token']);
    if (token !== undefined) tokens.set(name, token);
  }
  if (!tokens.has('operator')) throw new Error(`${file} has no token for operator: is it the callers.json of a hub?`);
  return tokens;
}

function parsed(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    throw new Error(`${file} cannot be read: start the hub first (npm start), or name the file with --callers`);
  }
}
