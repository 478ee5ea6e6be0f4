import { Controller, HttpCode, Inject, Post } from '@nestjs/common';
import type { Communication } from 'fhir/r4.js';
import type { Pool } from 'pg';
import type { Caller } from '#libs/county';
import { localDate, type PartyEvent } from '#libs/domain';
import { writeAnswerBundle } from '#libs/fhir';
import { CurrentCaller, Described, JsonBody, listOf, objectOf, Operation, refuse, TEXT } from '#libs/http';
import { fault, isUuid } from '#libs/platform';
import type { RouterStage } from '../router-stage.ts';

/** What reads cases for their own party. */
export const OWN_CASES = Symbol('own cases');

/** What the hub knows of a party's case beside the notices that it was sent. */
interface OwnCase {
  readonly stay: string;
  /** Id of the party's own desk that takes it: as it has said itself, else as the rules chose (rules 4.4, 12.5). */
  readonly desk?: string;
  /** What the party itself has answered, by whichever way it did, in the order of sending. */
  readonly replies: readonly Communication[];
}

const MOST_STAYS = 1000;

/** As the latest notice in force was addressed. */
const DESKS = `
select distinct on (stay_id) stay_id, act -> 'decidedBy' ->> 'desk' as desk from notice
where stay_id = any($1::uuid[]) and recipient = $2 and status = 'told' order by stay_id, ordinal desc`;

const REPLIES = `
select stay_id, body::text as body from answer where stay_id = any($1::uuid[]) and party = $2`;

/**
 * A party's own cases, for its own people. Both statements ask for its own rows alone: of a stay that it was never told of it gets
 * what it gets of one that is not there, a case without desk and replies.
 */
export class OwnCases {
  readonly #stage: RouterStage;

  constructor(stage: RouterStage) {
    this.#stage = stage;
  }

  /** Errors: the database's. @returns undefined while the router has no database */
  async read({ party }: Caller, stays: readonly string[]): Promise<OwnCase[] | undefined> {
    if (!this.#stage.isOpen()) return undefined;
    const pool = this.#stage.pool();
    const [desks, said] = await Promise.all([desksOf(pool, party, stays), saidOf(pool, party, stays)]);
    return stays.map((stay) => {
      const events = said.get(stay) ?? [];
      const desk = ownDesk(party, events) ?? desks.get(stay);
      return { stay, ...(desk !== undefined && { desk }), replies: events.map((event) => this.#written(event)) };
    });
  }

  /** Said to its own party, a reply looks as it does to those whom it was told. */
  #written(event: PartyEvent): Communication {
    const { county, now } = this.#stage.rules;
    const name = county.nameOf(event.party, localDate(event.sentAt)) ?? event.party;
    const party = { id: event.party, name };
    const parts = { event, deliveryId: event.eventId, recipient: party, party, timestamp: now() };
    const said = (writeAnswerBundle(parts).entry ?? []).flatMap(({ resource }) =>
      resource?.resourceType === 'Communication' ? [resource] : [],
    );
    return said[0] as Communication;
  }
}

/** What a party has said, by stay, in the order of sending. */
async function saidOf(
  pool: Pool,
  party: string,
  stays: readonly string[],
): Promise<ReadonlyMap<string, readonly PartyEvent[]>> {
  const { rows } = await pool.query<{ stay_id: string; body: string }>(REPLIES, [stays, party]);
  return new Map(
    [...Map.groupBy(rows, ({ stay_id }) => stay_id)].map(([stay, own]) => {
      const events = own.map(({ body }) => JSON.parse(body) as PartyEvent);
      return [stay, events.sort((a, b) => a.sentAt - b.sentAt)];
    }),
  );
}

/** The desk at which a party itself has put the case, by the last of its words that it has not taken back. */
function ownDesk(party: string, events: readonly PartyEvent[]): string | undefined {
  const undone = new Set(events.flatMap(({ says }) => (says.kind === 'undone' ? [says.eventId] : [])));
  const put = events.findLast(({ eventId, says }) => says.kind === 'case-owned' && !undone.has(eventId))?.says;
  return put?.kind === 'case-owned' && put.owner === party ? put.desk : undefined;
}

async function desksOf(pool: Pool, party: string, stays: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const { rows } = await pool.query<{ stay_id: string; desk: string | null }>(DESKS, [stays, party]);
  return new Map(rows.flatMap(({ stay_id, desk }): [string, string][] => (desk === null ? [] : [[stay_id, desk]])));
}

/** `POST /cases {"stays": [...]}`: of a party's own cases the desk, and what it has answered. */
@Controller('cases')
export class OwnCasesController {
  readonly #cases: OwnCases;

  constructor(@Inject(OWN_CASES) cases: OwnCases) {
    this.#cases = cases;
  }

  @Post()
  @HttpCode(200)
  @Operation('cases')
  @Described({
    summary: 'Of some of the own cases: the own desk that takes each, and what the party itself has answered',
    body: { 'application/json': objectOf({ stays: listOf(TEXT) }) },
    answer: {
      'application/json': objectOf({
        cases: listOf(objectOf({ stay: TEXT, desk: TEXT, replies: listOf({ type: 'object' }) }, ['desk'])),
      }),
    },
  })
  async read(@CurrentCaller() caller: Caller, @JsonBody() body: Readonly<Record<string, unknown>>) {
    const { stays } = body;
    const isAsked = Array.isArray(stays) && stays.length <= MOST_STAYS;
    if (!isAsked || !stays.every((stay): stay is string => typeof stay === 'string' && isUuid(stay)))
      return refuse(fault('bad-parameter', 'stays'));
    return { cases: (await this.#cases.read(caller, stays)) ?? refuse(fault('not-ready')) };
  }
}
