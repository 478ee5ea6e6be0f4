import { localDate } from '#libs/domain';
import { isDatabaseTrouble } from '#libs/persistence';
import {
  errorFields,
  fault,
  isFault,
  type Caller,
  type Callers,
  type Clock,
  type County,
  type Fault,
  type IdMaker,
  type Log,
  type Metrics,
} from '#libs/platform';
import { composed } from '../view/compose.ts';
import type { ResourceType } from '../view/resource-type.ts';
import type { StoredRow } from '../view/row.ts';
import { placeOf, showsProtected } from './access.ts';
import { capabilityStatement } from './capability-statement.ts';
import { accepts, isForm } from './content-negotiation.ts';
import { directoryPage } from './directory-search.ts';
import type { FhirRequest, FhirResponse } from './fhir-message.ts';
import { interactionOf, type Interaction } from './interaction.ts';
import { pairsIn } from './pairs.ts';
import { holdsPersonNumber } from './person-in-url.ts';
import { publicDirectory, type PublicDirectory } from './public-directory.ts';
import { refusal } from './refusal.ts';
import { includedIds, pageOf, searchBundle, type Page } from './search-bundle.ts';
import { readSearch, type Pair, type Search } from './search.ts';
import type { ViewReader } from './view-reader.ts';

export interface FhirServerParts {
  readonly callers: Callers;
  readonly clock: Clock;
  readonly county: County;
  readonly ids: IdMaker;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly reader: ViewReader;
}

type Known = Exclude<Interaction, { kind: 'capabilities' }>;

/**
 * The FHIR read API: a request in, a response out, always FHIR, whatever went wrong. Order of the checks: who calls, what
 * is wanted, in which form, and whether the address tells a person; only then is anything looked up.
 */
export class FhirServer {
  readonly #parts: FhirServerParts;
  #directory: { readonly date: string; readonly rows: PublicDirectory } | undefined;

  constructor(parts: FhirServerParts) {
    this.#parts = parts;
  }

  async answer(request: FhirRequest): Promise<FhirResponse> {
    try {
      return await this.#answer(request);
    } catch (error) {
      if (isFault(error)) return refusal(error);
      this.#parts.log.error('portal-request-failed', errorFields(error));
      return refusal(fault(isDatabaseTrouble(error) ? 'not-ready' : 'internal'));
    }
  }

  async #answer(request: FhirRequest): Promise<FhirResponse> {
    const wanted = interactionOf(request.method, request.path);
    const query = pairsIn(request.query);
    if ('kind' in wanted && wanted.kind === 'capabilities') {
      return acceptable(request, query ?? []) ?? ok(capabilityStatement(request.base));
    }
    const caller = this.#parts.callers.byAuthorization(request.headers['authorization']);
    if (caller === undefined)
      return refusal(fault('unauthenticated'), { 'www-authenticate': 'Bearer realm="bryggan"' });
    if (holdsPersonNumber(decodedPath(request.path))) return refusal(fault('person-in-url'));
    if (isFault(wanted)) return refusal(wanted);
    if ('allow' in wanted) return refusal(fault('method-not-allowed'), { allow: wanted.allow });
    if (query === undefined) return refusal(fault('bad-parameter'));
    const response = acceptable(request, query) ?? (await this.#known(wanted, request, caller, query));
    this.#audit(caller, wanted, response);
    return response;
  }

  #known(wanted: Known, request: FhirRequest, caller: Caller, query: readonly Pair[]): Promise<FhirResponse> {
    return wanted.kind === 'read'
      ? this.#read(wanted, request, caller, query)
      : this.#search(wanted, request, caller, query);
  }

  async #read(
    { type, id }: Extract<Known, { kind: 'read' }>,
    request: FhirRequest,
    caller: Caller,
    query: readonly Pair[],
  ): Promise<FhirResponse> {
    if (query.some(([name, value]) => holdsPersonNumber(name) || holdsPersonNumber(value))) {
      return refusal(fault('person-in-url'));
    }
    const [row] = await this.#rows(caller, type, [id]);
    if (row === undefined) return refusal(fault('not-found'));
    const headers = {
      etag: `W/"${row.version}"`,
      'last-modified': new Date(row.updatedAt).toUTCString(),
      'cache-control': 'private, no-cache',
    };
    if (matchesTag(request.headers['if-none-match'], headers.etag)) return { status: 304, headers };
    return { status: 200, headers, body: composed(row) };
  }

  async #search(
    { type, form }: Extract<Known, { kind: 'search' }>,
    request: FhirRequest,
    caller: Caller,
    query: readonly Pair[],
  ): Promise<FhirResponse> {
    if (form && !isForm(request.headers['content-type'])) return refusal(fault('unsupported-media'));
    const body = form ? pairsIn(await request.body()) : [];
    if (body === undefined) return refusal(fault('bad-body'));
    const search = this.#understood(type, request, caller, query, body);
    if (isFault(search)) return refusal(search);
    const page = pageOf(await this.#page(caller, search), search);
    const links = { base: request.base, ids: this.#parts.ids };
    return ok(searchBundle(links, search, page, await this.#included(caller, search, page)));
  }

  /** What a page points at and asked for. What may be no hit of a search may not come along with one either (RTE-45). */
  async #included(caller: Caller, search: Search, { matches }: Page): Promise<StoredRow[]> {
    const wanted = [...includedIds(matches, search)];
    const rows = await Promise.all(wanted.map(([type, ids]) => this.#rows(caller, type, [...ids])));
    return rows.flat().filter(({ type, protection }) => protection === undefined || showsProtected(type));
  }

  #understood(
    type: ResourceType,
    { base, headers }: FhirRequest,
    caller: Caller,
    query: readonly Pair[],
    body: readonly Pair[],
  ): Search | Fault {
    const { ids } = this.#parts;
    const strict = /(^|[;,\s])handling=strict($|[;,\s])/i.test(headers['prefer'] ?? '');
    const patientIds = this.#patientIdsOf(caller);
    return readSearch(type, query, body, { base, ids, caller: caller.name, strict, patientIds });
  }

  /** Patient.id is made of the view and the identity (architecture 2.4), so an identity is looked for without being stored. */
  #patientIdsOf(caller: Caller): (system: string, value: string) => string[] {
    const { county, ids } = this.#parts;
    const { audience } = placeOf(caller, 'Patient');
    const organisations = county.agreements().map(({ organisation }) => organisation);
    const views = audience === undefined ? [...new Set(organisations)] : [audience];
    return (system, value) => views.map((view) => ids.patientOf(view, system, value));
  }

  async #page(caller: Caller, search: Search): Promise<StoredRow[]> {
    const { reader } = this.#parts;
    const place = placeOf(caller, search.type);
    if (search.type !== 'Organization') return reader.page(place, search);
    const own = await reader.ofType(place, search.type);
    return directoryPage(this.#publicDirectory().values(), own, search);
  }

  /** By ids: the directory is everyone's, the rest is the caller's own. */
  async #rows(caller: Caller, type: ResourceType, ids: readonly string[]): Promise<StoredRow[]> {
    const listed = type === 'Organization' ? ids.flatMap((id) => this.#publicDirectory().get(id) ?? []) : [];
    if (listed.length === ids.length) return listed;
    return [...listed, ...(await this.#parts.reader.read(placeOf(caller, type), type, ids))];
  }

  #publicDirectory(): PublicDirectory {
    const date = localDate(this.#parts.clock.now());
    if (this.#directory?.date !== date) this.#directory = { date, rows: publicDirectory(this.#parts.county, date) };
    return this.#directory.rows;
  }

  /** Who looked at what kind of thing, and whether there was an answer; never at whom (SEC-20 needs a log of its own). */
  #audit(caller: Caller, { kind, type }: Known, { status }: FhirResponse): void {
    const { log, metrics } = this.#parts;
    log.info('portal-access', { caller: caller.name, interaction: kind, type, status });
    metrics
      .counter('portal_requests_total', 'Answers of the FHIR API', ['kind', 'status'])
      .inc({ kind, status: String(status) });
  }
}

const ok = (body: FhirResponse['body']): FhirResponse => ({ status: 200, headers: {}, ...(body && { body }) });

function acceptable({ headers }: FhirRequest, query: readonly Pair[]): FhirResponse | undefined {
  const formats = query.filter(([name]) => name === '_format').map(([, value]) => value);
  return accepts(headers['accept'], formats) ? undefined : refusal(fault('not-acceptable'));
}

function decodedPath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function matchesTag(ifNoneMatch: string | undefined, etag: string): boolean {
  const tags = ifNoneMatch?.split(',').map((tag) => tag.trim().replace(/^W\//, '')) ?? [];
  return tags.includes('*') || tags.includes(etag.replace(/^W\//, ''));
}
