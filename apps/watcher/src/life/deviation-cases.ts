import type { Caller, County } from '#libs/county';
import { localDate, MUNICIPAL_KINDS, transition, type CaseSide, type Instant } from '#libs/domain';
import type { CaseActForm, CheckedAct } from '#libs/forms';
import type { GroupCommitProducer, OutRecord, TopicNames } from '#libs/messaging';
import { retryingTransaction, type Tx } from '#libs/persistence';
import { fault, rootTrace, type Clock, type Fault, type IdMaker } from '#libs/platform';
import type { Pool } from 'pg';
import type { CaseBody, FeedRow } from './case-body.ts';
import { type CaseQuestion, caseView, type StoredCase, viewerOf } from './case-view.ts';
import { statement } from '../query.ts';

/** What cases are read and acted on with. */
export interface DeviationCasesParts {
  readonly pool: Pool;
  readonly county: Pick<County, 'directory'>;
  readonly ids: Pick<IdMaker, 'event' | 'inbound'>;
  readonly topics: Pick<TopicNames, 'inbound'>;
  readonly clock: Clock;
  /** Of its own: it is stopped with the module. */
  readonly producer: GroupCommitProducer;
}

interface Row {
  readonly id: string;
  readonly version: number;
  readonly changed_at: number;
  readonly body: string;
  readonly feed_row: string | null;
}

const COLUMNS = 'id, version, changed_at::float8 as changed_at, body, feed_row';

/** $1 id of a case. */
const CASE = statement('case', `select ${COLUMNS} from deviation_case where id = $1 and body is not null`);
/** $1 id of its row in the feed: the one name that it has for whom the feed is. */
const CASE_OF_ROW = statement(
  'case-of-row',
  `select ${COLUMNS} from deviation_case where feed_id = $1 and feed_row is not null`,
);
const LOCKED = statement('case-locked', `select ${COLUMNS} from deviation_case where id = $1 for update`);
/**
 * $1 party, $2 whether all, $3 whether the feed's, $4 state, $5 codes, $6 month, $7 open, $8 and $9 the place before; $10 care type, $11 and $12
 * kinds of hospital and municipality as the feed has them; $13 unit and $14 municipality. What a stay's profile says is asked of
 * cases that are put to the caller alone: a party that reports is not told it.
 */
const CASES = statement(
  'cases',
  `select c.id, c.version, c.changed_at::float8 as changed_at, c.body, c.feed_row
   from deviation_case c left join followed_stay f on f.stay_id = c.stay_id,
     lateral (select case when $3 then c.feed_row::jsonb when $2 or c.party = $1 then f.profile::jsonb end as known) k
   where c.body is not null
     and ($2 or ($3 and c.feed_row is not null) or (not $3 and (c.party = $1 or c.reporters @> array[$1::text])))
     and ($4::text is null or c.state = $4) and ($5::text[] is null or c.code = any($5))
     and ($6::text is null or c.month = $6) and ($7::bool is null or c.is_open = $7)
     and ($8::bigint is null or (c.changed_at, c.id) < ($8, $9))
     and ($10::text is null or k.known->>'careType' = $10)
     and ($11::text is null or k.known->>'hospitalKind' = $11)
     and ($12::text is null or k.known->>'municipalityKind' = $12)
     and ($13::text is null or c.party = $13 or k.known->>'unit' = $13)
     and ($14::text is null or k.known->>'municipality' = $14)
   order by c.changed_at desc, c.id desc limit 51`,
);
const CLAIMED = statement('case-claimed', `select event_id from case_claim where claim = $1`);
const CLAIM = statement(
  'claim-case',
  `insert into case_claim (claim, event_id, at, caller) values ($1, $2, $3, $4) on conflict do nothing`,
);

const PAGE = 50;

/**
 * Cases as callers see them and act on them (rules 6.3, 12.5).
 *
 *   asked     by a caller to whom the case is there, on the version that it saw
 *   checked   the act is one of the caller's role in the state that the case is in
 *   claimed   of two acts on one version the first is taken; the same act again is answered as the first time
 *   said      on `inbound`, before the claim is committed: the bytes are what every replay reads
 *   folded    by the watcher, as a case event
 */
export class DeviationCases {
  readonly #parts: DeviationCasesParts;

  constructor(parts: DeviationCasesParts) {
    this.#parts = parts;
  }

  onModuleDestroy(): Promise<void> {
    return this.#parts.producer.stop();
  }

  /** A page of the cases that a caller may see, last changed first, and the place after it. */
  async list(caller: Caller, question: CaseQuestion): Promise<object> {
    const { pool } = this.#parts;
    const { state, codes, month, open, after, careType, hospitalKind, municipalityKind, unit, municipality } = question;
    const { rows } = await pool.query<Row>(
      CASES([
        ...[caller.party, caller.roles.includes('operator'), caller.roles.includes('observer')],
        ...[state ?? null, codes ?? null, month ?? null, open ?? null, after?.changedAt ?? null, after?.id ?? null],
        ...[careType ?? null, hospitalKind ?? null, municipalityKind ?? null, unit ?? null, municipality ?? null],
      ]),
    );
    const page = rows.slice(0, PAGE);
    const last = rows.length > PAGE ? page.at(-1) : undefined;
    return {
      cases: page.flatMap((row) => this.#view(row, caller) ?? []),
      ...(last && { next: `${last.changed_at}_${last.id}` }),
    };
  }

  /** A case as a caller may see it. */
  async one(caller: Caller, id: string): Promise<object | Fault> {
    const { pool } = this.#parts;
    const { rows } = await pool.query<Row>(caller.roles.includes('observer') ? CASE_OF_ROW([id]) : CASE([id]));
    return (rows[0] && this.#view(rows[0], caller)) ?? fault('not-found');
  }

  /** @returns the id of the act, or why it is not taken */
  async act(caller: Caller, id: string, form: CaseActForm): Promise<string | Fault> {
    const { pool } = this.#parts;
    const now = this.#parts.clock.now();
    return retryingTransaction(pool, async (tx): Promise<string | Fault> => {
      const stored = await lockedCase(tx, id, caller.roles.includes('observer'));
      const viewer = stored && viewerOf(caller, stored);
      if (!stored || viewer === undefined || viewer === 'operator') return fault('not-found');
      const { code: act, version, ...said } = form;
      const claim = `${stored.body.id}:${version}`;
      const { state, standing, reporters, closedByHub } = stored.body.what;
      const side = this.#sideOf(caller);
      const checked: CheckedAct = {
        caseId: stored.body.id,
        act: { act, ...said },
        role: viewer,
        side,
        from: state,
        standing,
      };
      const record = this.#recordOf(checked, caller, claim, now);
      const eventId = this.#parts.ids.event(record.id, 0);
      const { rows } = await tx.query<{ event_id: string }>(CLAIMED([claim]));
      if (rows[0]) return rows[0].event_id === eventId ? eventId : fault('case-changed');
      const isMine =
        act !== 'withdraw' ||
        stored.body.reports.some(({ id: report, by }) => report === form.report && by === caller.party);
      const leads = transition(state, act, { role: viewer, side, isReported: reporters.length > 0 });
      if (stored.version !== version || leads === undefined || !isMine || (closedByHub && act !== 'withdraw'))
        return fault('case-changed');
      if (viewer === 'reviewer' && !canReview(stored)) return fault('case-changed');
      if ((await tx.query(CLAIM([claim, eventId, now, caller.name]))).rowCount === 0) return fault('case-changed');
      // Killed between here and the commit, it is said and not claimed: the same act again has the same id.
      await this.#parts.producer.send(record);
      return eventId;
    });
  }

  #view(row: Row, caller: Caller): object | undefined {
    const stored = storedCase(row);
    const viewer = viewerOf(caller, stored);
    return viewer && caseView(stored, viewer, caller, this.#sideOf(caller));
  }

  /** Whose escalation goes to Storsthlm, and whose to HSF (AVV-04). */
  #sideOf({ party }: Caller): CaseSide {
    const { county, clock } = this.#parts;
    const kind = county.directory.party(party, localDate(clock.now()))?.kind;
    return kind !== undefined && MUNICIPAL_KINDS.has(kind) ? 'municipal' : 'region';
  }

  #recordOf(act: CheckedAct, { party }: Caller, claim: string, at: Instant): OutRecord {
    const { ids, topics, clock } = this.#parts;
    // What the hub saw is no part of what was said: the same act again is the same record.
    const id = ids.inbound(party, Buffer.from(JSON.stringify(act.act)), claim);
    return {
      ...{ topic: topics.inbound, key: act.caseId, id, kind: 'case-act', schemaVersion: 1, traceparent: rootTrace(id) },
      value: Buffer.from(JSON.stringify(act)),
      extra: {
        ...{ sender: party, 'content-type': 'application/json', 'intake-stamp': String(Date.now() * 1000) },
        ...(clock.driven && { intake: new Date(at).toISOString() }),
      },
    };
  }
}

const canReview = ({ body: { what } }: StoredCase): boolean =>
  what.state === 'storsthlm' ||
  what.state === 'region' ||
  what.state === 'working-group' ||
  what.history.some(({ what: done }) => done === 'escalate');

function storedCase({ version, changed_at: changedAt, body, feed_row: feedRow }: Row): StoredCase {
  return {
    ...{ version, changedAt, body: JSON.parse(body) as CaseBody },
    feedRow: feedRow === null ? undefined : (JSON.parse(feedRow) as FeedRow),
  };
}

async function lockedCase(tx: Tx, id: string, byFeed: boolean): Promise<StoredCase | undefined> {
  const found = await tx.query<Row>(byFeed ? CASE_OF_ROW([id]) : CASE([id]));
  const name = found.rows[0]?.id;
  if (name === undefined) return undefined;
  const { rows } = await tx.query<Row>(LOCKED([name]));
  return rows[0] && storedCase(rows[0]);
}
