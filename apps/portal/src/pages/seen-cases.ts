import type { Instant } from '#libs/domain';
import type { PagesDatabase } from './pages-schema.ts';

/** Until when a unit has looked at its cases: what changed later is new to it. One mark for the unit, not for each person. */
export class SeenCases {
  readonly #database: PagesDatabase;

  constructor(database: PagesDatabase) {
    this.#database = database;
  }

  /** When each of some stays was last opened by the unit; one never opened is not among them. */
  async of(unit: string, stayIds: readonly string[]): Promise<Map<string, Instant>> {
    const rows = await this.#database.rows<{ stay_id: string; at: string }>(
      'select stay_id, at from seen where unit = $1 and stay_id = any($2)',
      [unit, stayIds],
    );
    return new Map(rows.map(({ stay_id, at }) => [stay_id, Number(at)]));
  }

  /** @param changedAt the latest change that the page showed: what came while it was read stays new */
  async mark(unit: string, stayId: string, changedAt: Instant): Promise<void> {
    await this.#database.rows(
      `insert into seen (unit, stay_id, at) values ($1, $2, $3)
       on conflict (unit, stay_id) do update set at = greatest(seen.at, excluded.at)`,
      [unit, stayId, changedAt],
    );
  }
}
