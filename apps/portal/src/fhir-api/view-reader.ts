import type { Pool } from 'pg';
import type { Instant, Protection } from '#libs/domain';
import type { StayRecord } from '#libs/fhir';
import { createPool } from '#libs/persistence';
import { rejectionsIn, type Rejection, type RejectionQuestion } from '../hub-view/rejections.ts';
import { HUB_SCHEMA } from '../hub-view/schema.ts';
import { PARTY_READER } from '../party-view/schema.ts';
import type { ResourceType, StoredRow } from '../view/row.ts';
import type { Place } from './access.ts';
import { allSql, countSql, pageSql, readSql, type Statement } from './search-sql.ts';
import type { Search } from './search.ts';

interface Row {
  readonly type: ResourceType;
  readonly id: string;
  readonly version: number;
  readonly updatedAt: string;
  readonly protection: Protection | null;
  readonly status: string | null;
  readonly code: string | null;
  readonly moment: string | null;
  readonly name: string | null;
  readonly body: string;
}

const rowFrom = (row: Row): StoredRow => ({
  type: row.type,
  id: row.id,
  version: row.version,
  updatedAt: Number(row.updatedAt),
  protection: row.protection ?? undefined,
  status: row.status ?? undefined,
  code: row.code ?? undefined,
  name: row.name ?? undefined,
  moment: row.moment === null ? undefined : Number(row.moment),
  body: row.body,
});

export type StayLines = Pick<StayRecord, 'told' | 'withheld' | 'calls' | 'decision' | 'earlier'>;

/** One look of an operator at the whole of an explanation. */
interface Look {
  readonly at: Instant;
  readonly caller: string;
  readonly stayId: string;
  readonly reason: string;
}

/**
 * Reads the views. What is asked for a party runs under a database role that has no grant on anything made from `events`
 * (architecture 5): a mistake in a statement cannot show a party what it was not sent.
 */
export class ViewReader {
  readonly #pools: Readonly<Record<Place['view'], Pool>>;

  constructor(url: string) {
    this.#pools = {
      party: createPool({ url, applicationName: 'portal-party-reader', role: PARTY_READER, max: 4 }),
      hub: createPool({ url, applicationName: 'portal-hub-reader', max: 4 }),
    };
  }

  /** The rows of a page and one more, when there is one. Errors: the database's. */
  page(place: Place, search: Search): Promise<StoredRow[]> {
    return this.#run(place, pageSql(place, search));
  }

  /** How many rows a search has. Errors: the database's. */
  async count(place: Place, search: Search): Promise<number> {
    const { text, values } = countSql(place, search);
    const { rows } = await this.#pools[place.view].query<{ count: string }>(text, [...values]);
    return Number(rows[0]?.count ?? 0);
  }

  /** The rows of these ids that are the place's. Errors: the database's. */
  read(place: Place, type: ResourceType, ids: readonly string[]): Promise<StoredRow[]> {
    return this.#run(place, readSql(place, type, ids));
  }

  /** All rows of a type; for the few organisations that the public directory has not. Errors: the database's. */
  ofType(place: Place, type: ResourceType): Promise<StoredRow[]> {
    return this.#run(place, allSql(place, type));
  }

  /** Messages that were not taken; the hub view's alone. Errors: the database's. */
  rejections(question: RejectionQuestion): Promise<Rejection[]> {
    return rejectionsIn(this.#pools.hub, question);
  }

  /** The lines on who was told of a stay and why, each with who may see it; undefined for one that no record has said. */
  async linesOf(stayId: string): Promise<StayLines | undefined> {
    const { rows } = await this.#pools.hub.query<{ lines: string | null }>(
      `select lines from ${HUB_SCHEMA}.stay where stay_id = $1`,
      [stayId],
    );
    const lines = rows[0]?.lines;
    return lines ? (JSON.parse(lines) as StayLines) : undefined;
  }

  /** Keeps who looked at the whole of an explanation, and why, before it is shown (rules 12.5). Errors: the database's. */
  async noteLook({ at, caller, stayId, reason }: Look): Promise<void> {
    await this.#pools.hub.query(
      `insert into ${HUB_SCHEMA}.explanation_access (at, caller, stay_id, reason) values ($1, $2, $3, $4)`,
      [at, caller, stayId, reason],
    );
  }

  async close(): Promise<void> {
    await Promise.all(Object.values(this.#pools).map((pool) => pool.end()));
  }

  async #run({ view }: Place, { text, values }: Statement): Promise<StoredRow[]> {
    const { rows } = await this.#pools[view].query<Row>(text, [...values]);
    return rows.map(rowFrom);
  }
}
