import { upgradeStoredEvent, type AnswerPassage, type PartyEvent, type Terms } from '#libs/domain';
import { jsonArray, type Tx } from '#libs/persistence';

/** Under the row's lock the highest revision wins, and a duplicate gives no row back. */
const PUT_ANSWERS = `
insert into answer as a (event_id, stay_id, party, revision, passage, body)
select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::bigint[], $5::text[], $6::json[])
on conflict (event_id) do update set
  stay_id = excluded.stay_id, party = excluded.party, revision = excluded.revision, passage = excluded.passage,
  body = excluded.body
where a.revision < excluded.revision
returning event_id`;

const ANSWERS_BY_ID = `
select event_id, body::text as body from answer where event_id = any($1::uuid[])`;

/**
 * Of each stay the latest message of a ward by intake: what was agreed with the ward that has the patient now. The messages of a
 * stay that was joined to another are that one's.
 */
const WARDS_OF = `
select distinct on (s.stay_id) s.stay_id, s.visit_id, e.body::text as body
from stay s join event e on e.stay_id = coalesce(s.joined_into, s.stay_id)
where s.stay_id = any($1::uuid[]) and e.body -> 'beside' -> 'routing' is null
order by s.stay_id, e.intake_at desc, e.event_id`;

/** The ward of a stay, as far as an answer needs it. */
export interface WardOfStay {
  readonly terms: Terms;
  readonly visitId?: string;
}

/** An answer that was taken, and how it goes on. */
export interface TakenAnswer {
  readonly event: PartyEvent;
  readonly passage: AnswerPassage;
}

/** Stores answers. @returns the ids of those that were not there, or there in a lower revision */
export async function putAnswers(tx: Tx, taken: readonly TakenAnswer[]): Promise<ReadonlySet<string>> {
  if (taken.length === 0) return new Set();
  const events = taken.map(({ event }) => event);
  const { rows } = await tx.query<{ event_id: string }>({
    name: 'router-put-answers',
    text: PUT_ANSWERS,
    values: [
      events.map(({ eventId }) => eventId),
      events.map(({ stayId }) => stayId),
      events.map(({ party }) => party),
      events.map(({ revision }) => revision),
      taken.map(({ passage }) => passage.passes),
      jsonArray(events.map((event) => JSON.stringify(event))),
    ],
  });
  return new Set(rows.map((row) => row.event_id));
}

/** These answers, by the ids of their events; what is not there was never taken. */
export async function answersById(tx: Tx, eventIds: readonly string[]): Promise<ReadonlyMap<string, PartyEvent>> {
  if (eventIds.length === 0) return new Map();
  const { rows } = await tx.query<{ event_id: string; body: string }>({
    name: 'router-answers-by-id',
    text: ANSWERS_BY_ID,
    values: [eventIds],
  });
  return new Map(rows.map((row) => [row.event_id, JSON.parse(row.body) as PartyEvent]));
}

/** The wards of these stays. */
export async function wardsOf(tx: Tx, stayIds: readonly string[]): Promise<ReadonlyMap<string, WardOfStay>> {
  const { rows } = await tx.query<{ stay_id: string; visit_id: string | null; body: string }>({
    name: 'router-wards-of',
    text: WARDS_OF,
    values: [stayIds],
  });
  return new Map(
    rows.map((row) => {
      const { terms } = upgradeStoredEvent(JSON.parse(row.body));
      return [row.stay_id, { terms, ...(row.visit_id !== null && { visitId: row.visit_id }) }];
    }),
  );
}
