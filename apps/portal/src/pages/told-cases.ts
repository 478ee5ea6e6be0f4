import type { Communication, Encounter, Extension, Patient } from 'fhir/r4.js';
import type { Pool } from 'pg';
import { GROUND_NAMES, type Instant } from '#libs/domain';
import { EXTENSION, IDENTIFIER_SYSTEM, isAnswer } from '#libs/fhir';
import { createPool } from '#libs/persistence';
import { heardAnswers, type HeardAnswer } from './answers/given-answers.ts';
import { personName } from './person-search.ts';
import { PARTY_READER, PARTY_SCHEMA } from '../party-view/schema.ts';

/** A notice as its recipient reads it. */
export interface ToldNotice {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  readonly sent: Instant;
  readonly texts: readonly string[];
  /** Swedish name of the ground on which it was told. */
  readonly ground?: string;
  /** It takes earlier notices back. */
  readonly takesBack: readonly string[];
  /** It was itself taken back. */
  readonly withdrawn: boolean;
}

/** A case of a party: one stay, by what the party was told and by nothing else. */
export interface ToldCase {
  readonly stayId: string;
  readonly state: 'in hospital' | 'discharged' | 'ended';
  readonly changedAt: Instant;
  readonly person: CasePerson;
  /** The expected discharge as stated, a day or a time. */
  readonly expected?: string;
  /** What was expected before the latest notice moved it. */
  readonly previousExpected?: string;
  readonly dischargedAt?: string;
  /** In the order of sending. */
  readonly notices: readonly ToldNotice[];
  /** What other parties said to this one: a call to a plan, an answer to its question. */
  readonly answers: readonly HeardAnswer[];
}

export interface CasePerson {
  readonly name: string;
  readonly number?: string;
  readonly address?: string;
  readonly isProtected: boolean;
}

export interface CasePage {
  readonly cases: readonly ToldCase[];
  /** There are more after these. */
  readonly more: boolean;
}

/** Which cases a list has. */
export type CaseFilter = 'open' | 'closed';

const LIST = `
select e.id, e.status, e.updated_at, e.body as encounter, p.body as patient, coalesce(e.protection, p.protection) as protection
from ${PARTY_SCHEMA}.resource e
left join ${PARTY_SCHEMA}.resource p on p.audience = e.audience and p.type = 'Patient' and p.id = e.subject
where e.audience = $1 and e.type = 'Encounter'`;

// RTE-45: a protected person is in no list.
const UNPROTECTED = 'e.protection is null and p.protection is null';

const PAGE = `${LIST} and ${UNPROTECTED}
  and ($5::text[] is null and (e.status = 'in-progress') = $2 or e.id = any($5::text[]))
order by e.updated_at desc, e.id desc limit $3 offset $4`;

const OPEN = `
select id from ${PARTY_SCHEMA}.resource
where audience = $1 and type = 'Encounter' and status = 'in-progress' and protection is null
order by updated_at desc, id desc`;

const SEARCH = `${LIST} and ${UNPROTECTED}
  and (e.subject = any($2::text[]) or ($3 <> '' and strpos(p.name, $3) > 0))
order by e.updated_at desc, e.id desc limit $4`;

const OF_PERSON = `
select id from ${PARTY_SCHEMA}.resource where audience = $1 and type = 'Encounter' and subject = any($2::text[])`;

const NOTICES = `
select encounter, body, status, updated_at from ${PARTY_SCHEMA}.resource
where audience = $1 and type = 'Communication' and encounter = any($2) order by moment, id`;

// Of each type the last entry of the index by update, whatever else there is.
const LAST_CHANGE = `
select greatest(
  (select max(updated_at) from ${PARTY_SCHEMA}.resource where audience = $1 and type = 'Encounter'),
  (select max(updated_at) from ${PARTY_SCHEMA}.resource where audience = $1 and type = 'Communication')) as last`;

const LAST_CHANGE_OF_STAY = `
select greatest(
  (select max(updated_at) from ${PARTY_SCHEMA}.resource where audience = $1 and encounter = $2 and type = 'Communication'),
  (select updated_at from ${PARTY_SCHEMA}.resource where audience = $1 and type = 'Encounter' and id = $2)) as last`;

interface CaseRow {
  readonly id: string;
  readonly status: string | null;
  readonly updated_at: string;
  readonly encounter: string;
  readonly patient: string | null;
  readonly protection: string | null;
}

interface CommunicationRow {
  readonly encounter: string;
  readonly body: string;
  readonly status: string;
  readonly updated_at: string;
}

/** Reads a party's cases from its own view, under the role that can read nothing else (architecture 5). */
export class ToldCases {
  readonly #pool: Pool;

  constructor(url: string) {
    this.#pool = createPool({ url, applicationName: 'portal-party-pages', role: PARTY_READER, max: 4 });
  }

  /**
   * A page of cases, those of the latest news first. Errors: the database's.
   * @param among these alone, whatever their state
   */
  async page(
    party: string,
    filter: CaseFilter,
    { from, most }: { readonly from: number; readonly most: number },
    among?: readonly string[],
  ): Promise<CasePage> {
    const { rows } = await this.#pool.query<CaseRow>(PAGE, [party, filter === 'open', most + 1, from, among ?? null]);
    return { cases: await this.#withNotices(party, rows.slice(0, most)), more: rows.length > most };
  }

  /** The stays of a party's open cases, those of the latest news first. Errors: the database's. */
  async openStays(party: string): Promise<string[]> {
    const { rows } = await this.#pool.query<{ id: string }>(OPEN, [party]);
    return rows.map(({ id }) => id);
  }

  /**
   * Cases of a party by the person's name or number, and by nothing else: who has had what measure is no search term (SEC-04).
   * Errors: the database's.
   * @param patients ids that the person would have in this party's view
   * @param words of the name, as `wordsOf` writes them; empty: none
   */
  async search(
    party: string,
    { patients, words }: { readonly patients: readonly string[]; readonly words: string },
    most: number,
  ): Promise<CasePage> {
    const { rows } = await this.#pool.query<CaseRow>(SEARCH, [party, patients, words, most + 1]);
    return { cases: await this.#withNotices(party, rows.slice(0, most)), more: rows.length > most };
  }

  /** The stays of a person in a party's view, protected or not: for the log, which names nobody. Errors: the database's. */
  async staysOf(party: string, patients: readonly string[]): Promise<string[]> {
    const { rows } = await this.#pool.query<{ id: string }>(OF_PERSON, [party, patients]);
    return rows.map(({ id }) => id);
  }

  /** One case; undefined when it is not there, or not this party's. Errors: the database's. */
  async read(party: string, stayId: string): Promise<ToldCase | undefined> {
    const { rows } = await this.#pool.query<CaseRow>(`${LIST} and e.id = $2`, [party, stayId]);
    const [found] = await this.#withNotices(party, rows);
    return found;
  }

  /** What was said to an organisation of wards in some of its stays, by stay. Errors: the database's. */
  async answersTo(organisation: string, stayIds: readonly string[]): Promise<Map<string, HeardAnswer[]>> {
    const rows = await this.#communications(organisation, stayIds);
    const said = rows.map(({ body }) => JSON.parse(body) as Communication).filter(isAnswer);
    const byStay = Map.groupBy(said, ({ encounter }) => encounter?.reference?.split('/')[1] ?? '');
    return new Map([...byStay].map(([stay, own]) => [stay, heardAnswers(own)]));
  }

  /** The day in numbers: open cases, and those with news since a time. Errors: the database's. */
  async numbers(party: string, since: Instant): Promise<{ readonly open: number; readonly fresh: number }> {
    const { rows } = await this.#pool.query<{ open: string; fresh: string }>(
      `select count(*) filter (where status = 'in-progress') as open, count(*) filter (where updated_at >= $2) as fresh
       from ${PARTY_SCHEMA}.resource where audience = $1 and type = 'Encounter' and protection is null`,
      [party, since],
    );
    return { open: Number(rows[0]?.open ?? 0), fresh: Number(rows[0]?.fresh ?? 0) };
  }

  /** When something last changed for a party, or in one stay of it; 0 when nothing ever came. Errors: the database's. */
  async lastChange(party: string, stay?: string): Promise<Instant> {
    const { rows } = await this.#pool.query<{ last: string | null }>(
      stay === undefined ? LAST_CHANGE : LAST_CHANGE_OF_STAY,
      stay === undefined ? [party] : [party, stay],
    );
    return Number(rows[0]?.last ?? 0);
  }

  close(): Promise<void> {
    return this.#pool.end();
  }

  async #withNotices(party: string, rows: readonly CaseRow[]): Promise<ToldCase[]> {
    if (rows.length === 0) return [];
    const found = await this.#communications(
      party,
      rows.map(({ id }) => id),
    );
    const byStay = Map.groupBy(found, ({ encounter }) => encounter);
    return rows.map((row) => caseOf(row, byStay.get(row.id) ?? []));
  }

  async #communications(party: string, stayIds: readonly string[]): Promise<CommunicationRow[]> {
    const { rows } = await this.#pool.query<CommunicationRow>(NOTICES, [party, stayIds]);
    return rows;
  }
}

function caseOf(row: CaseRow, told: readonly CommunicationRow[]): ToldCase {
  const communications = told.map(({ body, status }) => ({ status, communication: JSON.parse(body) as Communication }));
  const encounter = JSON.parse(row.encounter) as Encounter;
  const patient = row.patient === null ? undefined : (JSON.parse(row.patient) as Patient);
  const expected = valueOf(encounter.extension, EXTENSION.plannedEndDate);
  const previousExpected = valueOf(encounter.extension, EXTENSION.previousPlannedEndDate);
  const dischargedAt = encounter.period?.end;
  return {
    stayId: row.id,
    state: row.status === 'in-progress' ? 'in hospital' : row.status === 'finished' ? 'discharged' : 'ended',
    changedAt: Math.max(Number(row.updated_at), ...told.map(({ updated_at }) => Number(updated_at))),
    person: personOf(patient, row.protection !== null),
    ...(expected !== undefined && { expected }),
    ...(previousExpected !== undefined && { previousExpected }),
    ...(dischargedAt !== undefined && { dischargedAt }),
    notices: communications.flatMap(({ communication, status }) =>
      isAnswer(communication) ? [] : [noticeOf(communication, status)],
    ),
    answers: heardAnswers(
      communications.flatMap(({ communication }) => (isAnswer(communication) ? [communication] : [])),
    ),
  };
}

function personOf(patient: Patient | undefined, isProtected: boolean): CasePerson {
  const number =
    patient?.identifier?.find(({ system }) => system === IDENTIFIER_SYSTEM.personnummer) ?? patient?.identifier?.[0];
  const address = patient?.address?.[0];
  const lines = [...(address?.line ?? []), [address?.postalCode, address?.city].filter(Boolean).join(' ')];
  const place = lines.filter((line) => line !== '').join(', ');
  return {
    name: personName(patient),
    ...(number?.value !== undefined && { number: number.value }),
    ...(place !== '' && { address: place }),
    isProtected,
  };
}

function noticeOf(communication: Communication, status: string): ToldNotice {
  const coding = communication.category?.[0]?.coding?.[0];
  const ground = communication.extension?.find(({ url }) => url === EXTENSION.disclosureBasis)?.valueCoding?.code;
  return {
    id: communication.id ?? '',
    kind: coding?.code ?? '',
    name: coding?.display ?? coding?.code ?? '',
    sent: Date.parse(communication.sent ?? ''),
    texts: (communication.payload ?? []).flatMap(({ contentString }) => contentString ?? []),
    ...(ground !== undefined && { ground: GROUND_NAMES[ground as keyof typeof GROUND_NAMES] }),
    takesBack: (communication.inResponseTo ?? []).flatMap(({ reference }) => reference?.split('/')[1] ?? []),
    withdrawn: status === 'entered-in-error',
  };
}

function valueOf(extensions: readonly Extension[] | undefined, url: string): string | undefined {
  return extensions?.find((one) => one.url === url)?.valueDateTime;
}
