import type { FhirResource } from 'fhir/r4.js';
import { localDate } from '#libs/domain';
import { refusalOf } from '#libs/fhir';
import type { Caller, County } from '#libs/county';
import { fault, isFault, type Clock, type Fault, type IdMaker, type Log, type Metrics } from '#libs/platform';
import { composed, type ResourceType, type StoredRow } from '../view/row.ts';
import { placeOf, showsProtected } from './access.ts';
import { shaped, shapeOfRead, type AnswerShape } from './answer-shape.ts';
import { CallerQueues } from './caller-queues.ts';
import { capabilityStatement } from './capability-statement.ts';
import { accepts, isForm, isStrict } from './content-negotiation.ts';
import { directoryMatches, directoryPage, publicDirectory, type PublicDirectory } from './public-directory.ts';
import {
  type FhirRequest,
  type FhirResponse,
  holdsPersonNumber,
  type Interaction,
  interactionOf,
  type Pair,
  pairsIn,
} from './fhir-request.ts';
import { explain } from './explain.ts';
import { countBundle, includedIds, pageOf, searchBundle, type Page } from './search-bundle.ts';
import { readSearch, type Search } from './search.ts';
import type { ViewReader } from './view-reader.ts';

export interface FhirServerParts {
  readonly clock: Clock;
  readonly county: County;
  readonly ids: IdMaker;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly reader: ViewReader;
}

type Known = Exclude<Interaction, { kind: 'capabilities' }>;

/** Of one caller at once, and waiting: what a caller asks for beyond that, it asks for again (BRY-3016). */
const QUEUES = { atOnce: 2, mostWaiting: 200 };

/**
 * The FHIR read API: a request in, a response out, always FHIR, whatever went wrong. Order of the checks, behind the guard
 * that knows who calls: what is wanted, in which form, and whether the address tells a person; only then is anything looked up.
 */
export class FhirServer {
  readonly #parts: FhirServerParts;
  readonly #queues = new CallerQueues(QUEUES);
  #directory: { readonly version: string; readonly rows: PublicDirectory } | undefined;

  constructor(parts: FhirServerParts) {
    this.#parts = parts;
  }

  async answer(request: FhirRequest): Promise<FhirResponse> {
    const wanted = interactionOf(request.method, request.path);
    if (holdsPersonNumber(decodedPath(request.path))) return refusalOf(fault('person-in-url'));
    if (isFault(wanted)) return refusalOf(wanted);
    if ('allow' in wanted) return refusalOf(fault('method-not-allowed'), { allow: wanted.allow });
    const query = pairsIn(request.query, 'bad-parameter');
    if (isFault(query)) return refusalOf(query);
    const formats = query.filter(([name]) => name === '_format').map(([, value]) => value);
    if (!accepts(request.headers['accept'], formats)) return refusalOf(fault('not-acceptable'));
    if (wanted.kind === 'capabilities') return this.#capabilities(request, query);
    const { caller } = request;
    if (caller === undefined) return refusalOf(fault('unauthenticated'));
    const found = await this.#queues.run(caller.name, () => this.#known(wanted, request, caller, query));
    const response = isFault(found) ? refusalOf(found) : found;
    this.#audit(caller, wanted, response);
    return response;
  }

  #capabilities({ base, headers }: FhirRequest, query: readonly Pair[]): FhirResponse {
    const shape = shapeOfRead(query, isStrict(headers['prefer']));
    return isFault(shape) ? refusalOf(shape) : ok(capabilityStatement(base), shape);
  }

  #known(wanted: Known, request: FhirRequest, caller: Caller, query: readonly Pair[]): Promise<FhirResponse | Fault> {
    if (wanted.kind === 'read') return this.#read(wanted, request, caller, query);
    return wanted.kind === 'explain'
      ? this.#explain(wanted.id, request, caller, query)
      : this.#search(wanted, request, caller, query);
  }

  async #read(
    { type, id }: Extract<Known, { kind: 'read' }>,
    { headers }: FhirRequest,
    caller: Caller,
    query: readonly Pair[],
  ): Promise<FhirResponse | Fault> {
    const shape = shapeOfRead(query, isStrict(headers['prefer']));
    if (isFault(shape)) return shape;
    const [row] = await this.#rows(caller, type, [id]);
    if (row === undefined) return fault('not-found');
    const tags = { etag: `W/"${row.version}"`, 'last-modified': new Date(row.updatedAt).toUTCString() };
    if (matchesTag(headers['if-none-match'], tags.etag)) return { status: 304, headers: tags };
    return { ...ok(shaped(composed(row), shape), shape), headers: tags };
  }

  async #explain(
    id: string,
    { headers }: FhirRequest,
    caller: Caller,
    query: readonly Pair[],
  ): Promise<FhirResponse | Fault> {
    const general = query.filter(([name]) => name !== 'party');
    const shape = shapeOfRead(general, isStrict(headers['prefer']));
    if (isFault(shape)) return shape;
    const asked = query.find(([name]) => name === 'party')?.[1];
    const explained = await explain({ id, asked, caller, reason: headers['x-reason'] }, this.#parts);
    return isFault(explained) ? explained : ok(explained, shape);
  }

  async #search(
    { type, form }: Extract<Known, { kind: 'search' }>,
    request: FhirRequest,
    caller: Caller,
    query: readonly Pair[],
  ): Promise<FhirResponse | Fault> {
    if (form && !isForm(request.headers['content-type'])) return fault('unsupported-media');
    const body = form ? pairsIn(request.body, 'bad-body') : [];
    if (isFault(body)) return body;
    const search = this.#understood(type, request, caller, query, body);
    if (isFault(search)) return search;
    const { base } = request;
    if (search.countOnly) return ok(countBundle(base, search, await this.#count(caller, search)), search.shape);
    const page = pageOf(await this.#page(caller, search), search);
    const included = await this.#included(caller, search, page);
    const counted = search.total === 'counted' ? await this.#count(caller, search) : undefined;
    return ok(searchBundle({ base, ids: this.#parts.ids }, search, page, included, counted), search.shape);
  }

  /** What a page points at and asked for. What may be no hit of a search may not come along with one either (RTE-45). */
  async #included(caller: Caller, search: Search, page: Page): Promise<StoredRow[]> {
    const wanted = [...includedIds(page, search)];
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
    const strict = isStrict(headers['prefer']);
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
    if (search.type === 'Organization') return directoryPage(await this.#organisations(caller, search), search);
    return this.#parts.reader.page(placeOf(caller, search.type), search);
  }

  async #count(caller: Caller, search: Search): Promise<number> {
    if (search.type === 'Organization') return (await this.#organisations(caller, search)).length;
    return this.#parts.reader.count(placeOf(caller, search.type), search);
  }

  async #organisations(caller: Caller, search: Search): Promise<StoredRow[]> {
    const own = await this.#parts.reader.ofType(placeOf(caller, search.type), search.type);
    return directoryMatches([...this.#publicDirectory().values(), ...own], search);
  }

  /** By ids: the directory is everyone's, the rest is the caller's own. */
  async #rows(caller: Caller, type: ResourceType, ids: readonly string[]): Promise<StoredRow[]> {
    const listed = type === 'Organization' ? ids.flatMap((id) => this.#publicDirectory().get(id) ?? []) : [];
    if (listed.length === ids.length) return listed;
    return [...listed, ...(await this.#parts.reader.read(placeOf(caller, type), type, ids))];
  }

  #publicDirectory(): PublicDirectory {
    const date = localDate(this.#parts.clock.now());
    const { county } = this.#parts;
    const version = `${date} ${county.version}`;
    if (this.#directory?.version !== version) this.#directory = { version, rows: publicDirectory(county, date) };
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

const ok = (body: FhirResource, { pretty }: AnswerShape): FhirResponse => ({ status: 200, headers: {}, body, pretty });

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
