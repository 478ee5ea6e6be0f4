import type { Communication } from 'fhir/r4.js';
import { type AnswerCode, answerCodeOf, type Instant, type PartyStatement } from '#libs/domain';
import { isUnreadable, toldAnswer, type ToldAnswer } from '#libs/fhir';
import { isFaulty, readTime, type ReplyForm, statementOf } from '#libs/forms';
import type { FormFault, HubAnswer } from '../hub-resources.ts';
import type { PageUser } from '../page-request.ts';
import type { PagesDatabase } from '../pages-schema.ts';

/** One answer that a unit gave, by its pages or by a system of its own. */
export interface GivenAnswer {
  /** Its number among those that were given by the pages in the case, from 1; 0 for one that was given otherwise. */
  readonly ordinal: number;
  /** Id by which it can be taken back. */
  readonly replyId: string;
  readonly code: AnswerCode;
  /** The notice that it is about; absent when it is about the stay as a whole. */
  readonly about?: string;
  /** Of one that takes another back `undone`. */
  readonly says: PartyStatement;
  /** Name of the person who gave it by a page; absent: the unit's own system did. */
  readonly by?: string;
  readonly at: Instant;
  /** It was taken back later. */
  readonly undone: boolean;
}

/** An answer as a person gives it: one form, which may be several replies (all notices acknowledged at once). */
export interface Giving {
  readonly user: PageUser;
  readonly stayId: string;
  /** How many answers of the unit the page showed: with more than that somebody else has answered meanwhile. */
  readonly seen: number;
  /** Of the form: sent twice it is one answer. */
  readonly key: string;
  readonly replies: readonly ReplyForm[];
  readonly at: Instant;
}

/**
 * What became of it.
 *
 *   given       durable at the hub, and kept here
 *   repeated    the same form had been sent before: nothing more was said
 *   meanwhile   somebody at the unit answered after the page was made; nothing was said
 *   refused     the hub took it not, and says why
 */
export type Given =
  | { readonly became: 'given' | 'repeated' }
  | { readonly became: 'meanwhile'; readonly answers: readonly GivenAnswer[] }
  | { readonly became: 'refused'; readonly faults: readonly FormFault[] };

interface Row {
  readonly stay_id: string;
  readonly ordinal: number;
  readonly form_key: string;
  readonly reply_id: string;
  readonly reply: ReplyForm;
  readonly name: string;
  readonly at: string;
}

const OF_STAYS = `
select stay_id, ordinal, form_key, reply_id, reply, name, at from given_answer
where unit = $1 and stay_id = any($2) order by stay_id, ordinal`;

const KEEP = `
insert into given_answer (unit, stay_id, ordinal, form_key, reply_id, reply, subject, name, at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`;

/**
 * What a unit has answered by its pages, so that everybody there sees it and no two people answer the same unknowingly. The
 * answers themselves are the hub's: here stands only what was given to it, and when.
 */
export class GivenAnswers {
  readonly #database: PagesDatabase;

  constructor(database: PagesDatabase) {
    this.#database = database;
  }

  /** The answers of a unit in some stays, in order. Errors: the database's. */
  async of(unit: string, stayIds: readonly string[]): Promise<Map<string, GivenAnswer[]>> {
    const rows = await this.#database.rows<Row>(OF_STAYS, [unit, stayIds]);
    const byStay = Map.groupBy(rows, ({ stay_id }) => stay_id);
    return new Map([...byStay].map(([stay, own]) => [stay, answersIn(own)]));
  }

  /** The stays in which a person has answered for a unit, the latest first. Errors: the database's. */
  async staysOf({ caller, subject }: PageUser): Promise<string[]> {
    const rows = await this.#database.rows<{ stay_id: string }>(
      'select stay_id from given_answer where unit = $1 and subject = $2 group by stay_id order by max(at) desc limit 500',
      [caller.name, subject],
    );
    return rows.map(({ stay_id }) => stay_id);
  }

  /**
   * Gives an answer, unless somebody else has since the page was made. The lock is held until the hub has answered: a process
   * that dies between the two has said it and not kept it, and the same form sent again then keeps it, for the hub knows its key.
   * @param send gives one reply to the hub
   */
  async give(
    { user, stayId, seen, key, replies, at }: Giving,
    send: (reply: ReplyForm, key: string) => Promise<HubAnswer>,
  ): Promise<Given> {
    const unit = user.caller.name;
    return this.#database.transaction(async (tx) => {
      await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`${unit} ${stayId}`]);
      const { rows } = await tx.query<Row>(OF_STAYS, [unit, [stayId]]);
      const kept = rows.filter(({ form_key }) => form_key.startsWith(`${key}.`));
      const after = kept.length > 0 ? [] : answersIn(rows).filter(({ ordinal }) => ordinal > seen);
      if (after.length > 0) return { became: 'meanwhile', answers: after };
      for (const [index, reply] of replies.entries()) {
        // What a form that was refused half-way has said already is not said again.
        if (index < kept.length) continue;
        const own = `${key}.${index}`;
        const { faults, body } = await send(reply, own);
        if (faults.length > 0) return { became: 'refused', faults };
        const ordinal = rows.length - kept.length + index + 1;
        const { id } = body as { readonly id: string };
        await tx.query(KEEP, [
          ...[unit, stayId, ordinal, own, id, JSON.stringify(reply)],
          ...[user.subject, user.name, at],
        ]);
      }
      return { became: kept.length === replies.length ? 'repeated' : 'given' };
    });
  }
}

function answersIn(rows: readonly Row[]): GivenAnswer[] {
  const undone = new Set(rows.map(({ reply }) => reply.withdraws));
  return rows.map(({ ordinal, reply_id, reply, name, at }) => ({
    ...{ ordinal, replyId: reply_id, code: reply.code, about: reply.about, by: name, at: Number(at) },
    says: saidBy(reply, reply_id),
    undone: undone.has(reply_id),
  }));
}

/** A form that the hub has taken has no faulty time in it; were there one, what it says would be as good as taken back. */
function saidBy(reply: ReplyForm, replyId: string): PartyStatement {
  const time = 'at' in reply && reply.at !== undefined ? readTime(reply.at, '') : undefined;
  if (time && isFaulty(time)) return { kind: 'undone', eventId: replyId, code: reply.code };
  return statementOf(reply, replyId);
}

/**
 * All that a unit has answered in a case, in the order of time: what its pages kept, and what the hub has of it besides, which its
 * own system gave.
 * @param heard the unit's own answers as the hub has them, those of the pages among them
 */
export function withOwnSystems(kept: readonly GivenAnswer[], heard: readonly HeardAnswer[]): GivenAnswer[] {
  const known = new Set(kept.map(({ replyId }) => replyId));
  const others = heard
    .filter(({ eventId }) => !known.has(eventId))
    .map(({ eventId, about, says, sent, undone }): GivenAnswer => ({
      ...{ ordinal: 0, replyId: eventId, code: answerCodeOf(says), says, at: sent, undone },
      ...(about !== undefined && { about }),
    }));
  const takenBack = new Set(heard.flatMap(({ eventId, undone }) => (undone ? [eventId] : [])));
  const own = kept.map((one) => (takenBack.has(one.replyId) ? { ...one, undone: true } : one));
  return [...own, ...others].sort((a, b) => a.at - b.at);
}

/** An answer as its recipient has it. */
export interface HeardAnswer extends ToldAnswer {
  /** Its party took it back later. */
  readonly undone: boolean;
}

/** The answers among what one recipient was told of a stay, in the order of sending; what takes one back only marks it. */
export function heardAnswers(communications: readonly Communication[]): HeardAnswer[] {
  const told = communications.map(toldAnswer).filter((one): one is ToldAnswer => !isUnreadable(one));
  const undone = new Set(
    told.flatMap(({ party, says }) => (says.kind === 'undone' ? [`${party} ${says.eventId}`] : [])),
  );
  return told
    .filter(({ says }) => says.kind !== 'undone')
    .map((one) => ({ ...one, undone: undone.has(`${one.party} ${one.eventId}`) }))
    .sort((a, b) => a.sent - b.sent);
}
