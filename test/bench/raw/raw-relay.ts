import type { Pool } from 'pg';
import { inRawTransaction, type OutboxRecord } from './raw-database.ts';
import { headersOf, type RawGroupCommit } from './raw-kafka.ts';

const ROWS = 500;
const LANES_AT_ONCE = 4;

interface Row extends OutboxRecord {
  readonly seq: string;
}

/** The outbox relay: kicked after a commit; per lane one transaction that takes the lane, sends in order, deletes. */
export class RawRelay {
  readonly #pool: Pool;
  readonly #producer: RawGroupCommit;
  readonly #schema: string;
  readonly #dirty = new Set<number>();
  readonly #running = new Set<number>();

  constructor(pool: Pool, schema: string, producer: RawGroupCommit) {
    this.#pool = pool;
    this.#schema = schema;
    this.#producer = producer;
  }

  kick(lane: number): void {
    this.#dirty.add(lane);
    this.#start();
  }

  #start(): void {
    for (const lane of this.#dirty) {
      if (this.#running.size >= LANES_AT_ONCE) return;
      if (this.#running.has(lane)) continue;
      this.#dirty.delete(lane);
      this.#running.add(lane);
      void this.#pass(lane).then((full) => {
        this.#running.delete(lane);
        if (full) this.#dirty.add(lane);
        this.#start();
      });
    }
  }

  #pass(lane: number): Promise<boolean> {
    return inRawTransaction(this.#pool, async (tx) => {
      await tx.query('select pg_advisory_xact_lock(hashtext($1), $2)', [this.#schema, lane]);
      const { rows } = await tx.query<Row>({
        name: 'relay',
        text: 'select seq, id, topic, key, kind, value from outbox where lane = $1 order by seq limit $2',
        values: [lane, ROWS],
      });
      if (rows.length === 0) return false;
      await this.#producer.send(
        rows.map(({ seq, id, topic, key, kind, value }) => ({
          ...{ topic, key, value },
          headers: { ...headersOf(id, kind), lane: `${this.#schema}:${lane}`, seq },
        })),
      );
      const seqs = rows.map(({ seq }) => seq);
      await tx.query('delete from outbox where lane = $1 and seq = any($2::bigint[])', [lane, seqs]);
      return rows.length === ROWS;
    });
  }
}
