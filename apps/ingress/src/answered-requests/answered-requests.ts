import { setImmediate as immediately } from 'node:timers/promises';
import type { Pool } from 'pg';
import { MessagingError, type GroupCommitProducer, type OutRecord } from '#libs/messaging';
import { inTransaction, textArray, type Tx } from '#libs/persistence';
import {
  ANSWER_COLUMNS,
  answerIn,
  templateOf,
  WITH_TEMPLATE,
  type Answer,
  type AnswerRow,
  type KeptTemplate,
} from './answer.ts';
import { defer, type Deferred } from './deferred-responses.ts';

/** A request that is to be answered once and for all. */
export interface Request {
  /** Id of its record on `inbound`: made of the sender, of what is said and of the key, so that another content has another. */
  readonly id: string;
  /** Hashes (UUIDs) of what the sender called it. Each stands for one content only, for ever. */
  readonly names: readonly string[];
  /** What goes on `inbound`. Without it the request was refused for good, and is refused alike whenever it comes. */
  readonly record?: OutRecord;
  /** What it is answered when it comes for the first time. */
  readonly answer: Answer;
  /** Where its answer is to go as well; asked for again, it goes there again. */
  readonly deferred?: Deferred;
}

/**
 *   answered       the answer, which is that of the first time
 *   other-content  one of its names stands for another request: nothing of this one is kept
 *   not-stored     Kafka did not confirm the record; nothing is registered, so that it may be sent again
 */
export type Outcome =
  | { readonly kind: 'answered'; readonly answer: Answer; readonly isRepeat: boolean }
  | { readonly kind: 'other-content' }
  | { readonly kind: 'not-stored'; readonly error: unknown };

interface Waiting {
  readonly request: Request;
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (error: unknown) => void;
}

/** A transaction on its way; none of its promises rejects. */
interface Settling {
  /** It has its claims, and its records are with the producer, in their order. */
  readonly handedOver: Promise<unknown>;
  /** Its records stand on the topic, or never will by it; all that is left is to commit or to roll back. */
  readonly produced: Promise<unknown>;
  readonly ended: Promise<unknown>;
}

const MOST_TOGETHER = 200;

// Nearly always all are new: only where some are not is it told which ones are.
const INSERT_REQUESTS = `
with added as (
  insert into answered_request (id, status, media_type, template, body, own)
  select id, status, media_type, template, case when template is null then said end, case when template is not null then said end
  from unnest($1::uuid[], $2::smallint[], $3::text[], $4::uuid[], $5::text[]) as a (id, status, media_type, template, said)
  on conflict (id) do nothing
  returning id
)
select case when count(*) < cardinality($1) then coalesce(array_agg(id::text), '{}') end as only from added`;

const INSERT_TEMPLATES = `
insert into answer_template (id, pieces)
select * from unnest($1::uuid[], $2::text[])
on conflict (id) do nothing`;

const INSERT_NAMES = `
with added as (
  insert into request_name (name, request)
  select * from unnest($1::uuid[], $2::uuid[])
  on conflict (name) do nothing
  returning name
)
select case when count(*) < cardinality($1) then coalesce(array_agg(name::text), '{}') end as only from added`;

const SELECT_NAMES = 'select name, request from request_name where name = any ($1::uuid[])';
const SELECT_ANSWERS = `select a.id, ${ANSWER_COLUMNS} from answered_request a ${WITH_TEMPLATE} where a.id = any ($1::uuid[])`;
const DELETE_REQUESTS = 'delete from answered_request where id = any ($1::uuid[])';
const DELETE_NAMES = 'delete from request_name where name = any ($1::uuid[])';

/**
 * The register of requests that were taken in (architecture 2.1): each is produced, then registered, then answered, and the
 * same request gets the same answer for ever. Requests that wait share a transaction:
 *
 *   claim    insert ids and names. Nobody else sees them yet; another replica that claims one of them waits for our commit
 *   sort     a request whose names stand for another one is refused, one that was there before has its answer
 *   produce  the new ones, in the order in which they came; those that Kafka does not confirm lose their claim
 *   commit   from here on they are registered
 *   answer
 *
 * Killed before the commit, nothing is registered, and the record may or may not be on `inbound`: the next try has the same
 * id there, of which readers take one, and gets the same answer. Killed after it, the next try finds the answer.
 * The producer gets the records of one transaction before the next one's, so that those of a stay stand in the order in which they
 * came. The next one claims while Kafka has the records of this one, as soon as as many wait as are in this one, or else while this
 * one is committed: begun earlier, it would be a small one, and its statements and requests cost as much as a large one's. Two are
 * open at most, and of these the first waits for nobody.
 */
export class AnsweredRequests {
  readonly #pool: Pool;
  readonly #producer: Pick<GroupCommitProducer, 'send'>;
  #waiting: Waiting[] = [];
  #isRunning = false;
  /** Of the transaction that began last. */
  #ended: Promise<unknown> = Promise.resolve();
  /** So many waiting requests are enough for a transaction of their own. */
  #enough = { requests: 0, wait: Promise.withResolvers<undefined>() };

  /**
   * @param pool with the ingress's schema first on its path
   * @param producer gives up well before PostgreSQL ends a transaction that does nothing
   */
  constructor(pool: Pool, producer: Pick<GroupCommitProducer, 'send'>) {
    this.#pool = pool;
    this.#producer = producer;
  }

  /** Requests that have no outcome yet. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /**
   * The outcome of a request, once it is durable.
   * Errors: the database's; whether the request was stored and registered is then unknown, and the same one may come again.
   */
  settle(request: Request): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ request, resolve, reject });
      if (this.#waiting.length >= this.#enough.requests) this.#enough.wait.resolve(undefined);
      if (!this.#isRunning) void this.#run();
    });
  }

  /** Whether some request has this name. Errors: the database's. */
  async has(name: string): Promise<boolean> {
    const { rows } = await this.#pool.query(SELECT_NAMES, [[name]]);
    return rows.length > 0;
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    // What comes in this turn of the event loop goes along.
    await immediately();
    while (this.#waiting.length > 0) {
      const before = this.#ended;
      const together = this.#takeApart();
      const settling = this.#settleTogether(together);
      this.#ended = settling.ended;
      await Promise.all([settling.handedOver, before]);
      await Promise.race([settling.produced, this.#waitingAre(together.length)]);
    }
    this.#isRunning = false;
  }

  /** Resolves when so many requests wait. */
  #waitingAre(requests: number): Promise<undefined> {
    const wait = Promise.withResolvers<undefined>();
    this.#enough = { requests, wait };
    if (this.#waiting.length >= requests) wait.resolve(undefined);
    return wait.promise;
  }

  /** The next ones that share neither id nor name: of two that do, the second has to see what became of the first. */
  #takeApart(): Waiting[] {
    const claimed = new Set<string>();
    const taken: Waiting[] = [];
    const left: Waiting[] = [];
    for (const one of this.#waiting) {
      const claims = claimsOf(one.request);
      const isApart = taken.length < MOST_TOGETHER && !claims.some((claim) => claimed.has(claim));
      // One that is left is waited for by those behind it that share a name with it.
      for (const claim of claims) claimed.add(claim);
      (isApart ? taken : left).push(one);
    }
    this.#waiting = left;
    return taken;
  }

  #settleTogether(together: readonly Waiting[]): Settling {
    const [handedOver, produced] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
    const requests = together.map(({ request }) => request);
    const work = async (tx: Tx): Promise<ReadonlyMap<Request, Outcome>> => {
      const outcomes = await this.#outcomes(tx, requests, () => handedOver.resolve(undefined));
      produced.resolve(undefined);
      return outcomes;
    };
    const ended = inTransaction(this.#pool, work)
      .then(
        (outcomes) => together.forEach(({ request, resolve }) => resolve(outcomes.get(request) ?? UNSETTLED)),
        (error: unknown) => together.forEach(({ reject }) => reject(error)),
      )
      .finally(() => {
        handedOver.resolve(undefined);
        produced.resolve(undefined);
      });
    return { handedOver: handedOver.promise, produced: produced.promise, ended };
  }

  /** @param handedOver called when all that is to be produced is with the producer */
  async #outcomes(
    tx: Tx,
    requests: readonly Request[],
    handedOver: () => void,
  ): Promise<ReadonlyMap<Request, Outcome>> {
    const claims = await claim(tx, requests);
    const outcomes = new Map<Request, Outcome>();
    const dropped: Request[] = [];
    const produced = requests.map(async (request) => {
      const outcome = await this.#outcome(request, claims);
      outcomes.set(request, outcome);
      if (outcome.kind !== 'answered') dropped.push(request);
    });
    handedOver();
    await Promise.all(produced);
    const answered = requests.filter((request) => outcomes.get(request)?.kind === 'answered');
    await defer(
      tx,
      answered.flatMap(({ id, deferred }) => (deferred ? [{ request: id, ...deferred }] : [])),
    );
    if (dropped.length > 0) await unclaim(tx, dropped, claims);
    return outcomes;
  }

  async #outcome(request: Request, { added, stored, owners }: Claims): Promise<Outcome> {
    if (request.names.some((name) => owners.get(name) !== request.id)) return { kind: 'other-content' };
    if (!added.has(request.id)) {
      const answer = stored.get(request.id);
      return answer === undefined ? UNSETTLED : { kind: 'answered', answer, isRepeat: true };
    }
    try {
      if (request.record !== undefined) await this.#producer.send(request.record);
      return { kind: 'answered', answer: request.answer, isRepeat: false };
    } catch (error) {
      return { kind: 'not-stored', error };
    }
  }
}

const UNSETTLED: Outcome = { kind: 'not-stored', error: new MessagingError('unavailable', 'the register changed') };

const claimsOf = ({ id, names }: Request): readonly string[] => [id, ...names];

interface Claims {
  /** Ids and names that nobody had registered before. */
  readonly added: ReadonlySet<string>;
  /** Answers of the requests that somebody had. */
  readonly stored: ReadonlyMap<string, Answer>;
  /** Name -> the request that it stands for. */
  readonly owners: ReadonlyMap<string, string>;
}

/** Which of what was to be inserted was new; null: all of it. */
interface Added {
  readonly only: readonly string[] | null;
}

const addedOf = ([row]: readonly Added[], all: readonly string[]): readonly string[] => row?.only ?? all;

/** Inserts ids, then names, then templates, each in their order, so that two replicas never wait for each other. */
async function claim(tx: Tx, requests: readonly Request[]): Promise<Claims> {
  const sorted = [...requests].sort((a, b) => compare(a.id, b.id));
  const ids = sorted.map(({ id }) => id);
  const answers = sorted.map(({ answer }) => answer);
  const named = requests.flatMap(({ id, names }) => names.map((name) => ({ name, id })));
  named.sort((a, b) => compare(a.name, b.name));
  const names = named.map(({ name }) => name);
  const templates = answers.map(templateOf);
  const [newIds, newNames] = await Promise.all([
    tx.query<Added>({
      name: 'ingress-claim-requests',
      text: INSERT_REQUESTS,
      values: [
        ids,
        answers.map(({ status }) => status),
        textArray(answers.map(({ mediaType }) => mediaType)),
        templates.map((template) => template?.id),
        textArray(answers.map(({ body, templated }) => (templated ? JSON.stringify(templated.own) : body))),
      ],
    }),
    tx.query<Added>({
      name: 'ingress-claim-names',
      text: INSERT_NAMES,
      values: [names, named.map(({ id }) => id)],
    }),
    keepTemplates(tx, templates),
  ]);
  const [addedIds, addedNames] = [addedOf(newIds.rows, ids), addedOf(newNames.rows, names)];
  const added = new Set([...addedIds, ...addedNames]);
  // As nearly always: nobody had any of them, and nothing is to be looked up.
  if (addedIds === ids && addedNames === names) {
    return { added, stored: new Map(), owners: new Map(named.map(({ name, id }) => [name, id])) };
  }
  // Only after the inserts: of a claim that waited for another replica the answer is there now.
  const [owned, answered] = await Promise.all([
    tx.query<{ name: string; request: string }>(SELECT_NAMES, [names]),
    tx.query<AnswerRow & { readonly id: string }>(SELECT_ANSWERS, [ids]),
  ]);
  return {
    added,
    stored: new Map(answered.rows.map((row) => [row.id, answerIn(row)])),
    owners: new Map(owned.rows.map(({ name, request }) => [name, request])),
  };
}

/** That one is kept already is nearly always so; asked for with the others it costs less than to know it. */
async function keepTemplates(tx: Tx, templates: readonly (KeptTemplate | undefined)[]): Promise<void> {
  const kept = new Map(templates.flatMap((template) => (template ? [[template.id, template.pieces]] : [])));
  if (kept.size === 0) return;
  const ids = [...kept.keys()].sort();
  await tx.query({
    name: 'ingress-keep-templates',
    text: INSERT_TEMPLATES,
    values: [ids, textArray(ids.map((id) => kept.get(id) ?? ''))],
  });
}

/** Takes back what these requests claimed; a request that was there before keeps the names that it had. */
async function unclaim(tx: Tx, requests: readonly Request[], { added }: Claims): Promise<void> {
  const names = requests.flatMap((request) => request.names);
  await Promise.all([
    tx.query(DELETE_NAMES, [names.filter((name) => added.has(name))]),
    tx.query(DELETE_REQUESTS, [requests.map(({ id }) => id).filter((id) => added.has(id))]),
  ]);
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
