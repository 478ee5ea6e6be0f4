import type { Instant } from '#libs/domain';
import type { PagesDatabase } from '../pages-schema.ts';
import type { PageUser } from '../page-request.ts';

export const OPERATOR_ACTS = {
  replayed: 'Läst om',
  'sent-mended': 'Rättat och sänt',
  dismissed: 'Avfärdat',
  'call-recorded': 'Samtal inskrivet',
  'protection-lifted': 'Skydd hävt',
  'persons-joined': 'Personer sammanförda',
  'stays-joined': 'Vårdtillfällen sammanförda',
  undone: 'Beslut återtaget',
  'directory-imported': 'Ny katalog',
} as const;

export type OperatorActName = keyof typeof OPERATOR_ACTS;

/** What an operator did by hand on a page, and why. */
export interface OperatorAct {
  readonly at: Instant;
  readonly name: string;
  readonly what: OperatorActName;
  readonly reason: string;
  /** The hub's id of it, by which it can be taken back. */
  readonly decision?: string;
}

interface Row {
  readonly at: Date;
  readonly name: string;
  readonly what: OperatorActName;
  readonly reason: string;
  readonly decision: string | null;
}

/** Who did what by hand, with the person's name: the hub itself knows the unit alone. Only ever added to. */
export class OperatorActs {
  readonly #database: PagesDatabase;
  readonly #now: () => Instant;

  constructor(database: PagesDatabase, now: () => Instant) {
    this.#database = database;
    this.#now = now;
  }

  /** @param about id of the stay or of the rejection that it was about. Errors: the database's */
  async note(
    user: PageUser,
    about: string,
    { what, reason, decision }: Pick<OperatorAct, 'what' | 'reason' | 'decision'>,
  ): Promise<void> {
    await this.#database.rows(
      `insert into operator_act (at, subject, name, about, what, reason, decision)
       values (to_timestamp($1 / 1000.0), $2, $3, $4, $5, $6, $7)`,
      [this.#now(), user.subject, user.name, about, what, reason, decision ?? null],
    );
  }

  /** What was done about one thing, the latest first. Errors: the database's. */
  async about(about: string): Promise<OperatorAct[]> {
    const rows = await this.#database.rows<Row>(
      'select at, name, what, reason, decision from operator_act where about = $1 order by at desc, id desc limit 100',
      [about],
    );
    return rows.map(({ at, decision, ...act }) => ({
      ...act,
      at: at.getTime(),
      ...(decision !== null && { decision }),
    }));
  }

  /** When somebody last did something about some things, where anybody has. Errors: the database's. */
  async among(about: readonly string[]): Promise<ReadonlyMap<string, Instant>> {
    const rows = await this.#database.rows<{ about: string; at: Date }>(
      'select about, max(at) as at from operator_act where about = any($1::text[]) group by about',
      [about],
    );
    return new Map(rows.map((row) => [row.about, row.at.getTime()]));
  }
}
