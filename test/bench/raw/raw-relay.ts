import type { Pool } from 'pg';
import { inRawTransaction, type OutboxRecord } from './raw-database.ts';
import { headersOf, type RawGroupCommit } from './raw-kafka.ts';

const ROWS = 500;
const PASSES_AT_ONCE = 2;

interface Row extends OutboxRecord {
  readonly lane: number;
  readonly seq: string;
}

/** The outbox relay: kicked after a commit; one transaction takes all lanes that wait, sends in order, deletes. */
export class RawRelay {
  readonly #pool: Pool;
  readonly #producer: RawGroupCommit;
  readonly #schema: string;
  readonly #dirty = new Set<number>();
  readonly #running = new Set<number>();
  #passes = 0;

  constructor(pool: Pool, schema: string, producer: RawGroupCommit) {
    this.#pool = pool;
    this.#schema = schema;
    this.#producer = producer;
  }

  kick(lanes: readonly number[]): void {
    for (const lane of lanes) this.#dirty.add(lane);
    this.#start();
  }

  #start(): void {
    const lanes = [...this.#dirty].filter((lane) => !this.#running.has(lane));
    if (lanes.length === 0 || this.#passes >= PASSES_AT_ONCE) return;
    this.#passes += 1;
    for (const lane of lanes) {
      this.#dirty.delete(lane);
      this.#running.add(lane);
    }
    void this.#pass(lanes).then((full) => {
      this.#passes -= 1;
      for (const lane of lanes) {
        this.#running.delete(lane);
        if (full) this.#dirty.add(lane);
      }
      this.#start();
    });
  }

  #pass(lanes: readonly number[]): Promise<boolean> {
    return inRawTransaction(this.#pool, async (tx) => {
      const limit = Math.max(20, Math.ceil(ROWS / lanes.length));
      const taken = tx.query({
        name: 'relay-take',
        text: 'select pg_advisory_xact_lock(hashtext($1), lane) from unnest($2::int[]) as lane',
        values: [this.#schema, lanes],
      });
      const { rows } = await tx.query<Row>({
        name: 'relay',
        text: `select o.* from unnest($1::int[]) as t (lane) cross join lateral (
          select lane, seq, id, topic, key, kind, value from outbox where lane = t.lane order by seq limit $2) o
          order by o.lane, o.seq`,
        values: [lanes, limit],
      });
      await taken;
      if (rows.length === 0) return false;
      await this.#producer.send(
        rows.map(({ lane, seq, id, topic, key, kind, value }) => ({
          ...{ topic, key, value },
          headers: { ...headersOf(id, kind), lane: `${this.#schema}:${lane}`, seq },
        })),
      );
      await tx.query({
        name: 'relay-delete',
        text: 'delete from outbox o using unnest($1::int[], $2::bigint[]) as s (lane, seq) where o.lane = s.lane and o.seq = s.seq',
        values: [rows.map(({ lane }) => lane), rows.map(({ seq }) => seq)],
      });
      return rows.length >= limit;
    });
  }
}
