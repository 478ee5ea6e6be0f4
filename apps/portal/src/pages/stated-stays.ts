import type { Communication, Encounter, Patient, Task } from 'fhir/r4.js';
import type { Pool } from 'pg';
import type { IdentityType, Instant } from '#libs/domain';
import {
  callMade,
  EXTENSION,
  identityTypeOf,
  SENDER_VIEW,
  type CallLine,
  type CallMade,
  type FindingLine,
  type ToldLine,
  type WithheldLine,
} from '#libs/fhir';
import { createPool } from '#libs/persistence';
import { personName } from './person-search.ts';
import { HUB_SCHEMA } from '../hub-view/schema.ts';

/** What was told of a stay to one recipient, as the ward may see it (rules 12.5). */
export interface StatedTelling {
  readonly id: string;
  readonly kind: string;
  readonly recipient: string;
  readonly sent: Instant;
  readonly why: readonly string[];
  /** When the recipient's system had it. */
  readonly received?: Instant;
  readonly withdrawn: boolean;
}

/** A call that the ward made and recorded, by whichever way it did (TEK-02). */
export interface StatedCall extends CallMade {
  readonly id: string;
}

/** A Task that waits for the ward. */
export interface WardTask {
  readonly id: string;
  readonly stayId: string;
  readonly name: string;
  readonly text: string;
  readonly due?: Instant;
}

/** A stay of the ward's organisation as the ward stated it, and what became of it. */
export interface StatedStay {
  readonly stayId: string;
  readonly status: string;
  readonly changedAt: Instant;
  readonly name: string;
  readonly number?: string;
  readonly visit?: string;
  /** HSA-id of the ward. */
  readonly ward?: string;
  readonly identity?: { readonly type: IdentityType; readonly value: string };
  readonly expected?: string;
  readonly dischargedAt?: string;
  /** How the patient left, where it was not for home: code of `discharge-disposition`. */
  readonly leaving?: string;
  readonly isDead: boolean;
  readonly told: readonly StatedTelling[];
  readonly withheld: readonly { readonly kind: string; readonly recipient: string; readonly text: string }[];
  readonly findings: readonly string[];
  readonly calls: readonly StatedCall[];
  readonly tasks: readonly WardTask[];
  readonly isProtected: boolean;
}

const LIST = `
select e.id, e.status, e.updated_at, e.body as encounter, p.body as patient, s.lines, e.protection
from ${HUB_SCHEMA}.resource e
left join ${HUB_SCHEMA}.resource p on p.type = 'Patient' and p.id = e.subject and p.audience = e.audience
left join ${HUB_SCHEMA}.stay s on s.stay_id = e.id
where e.audience = $1 and e.type = 'Encounter'`;

// RTE-45: a protected person is in no list.
const PAGE = `${LIST} and e.protection is null order by e.updated_at desc, e.id desc limit $2 offset $3`;

const OF_STAYS = `
select encounter, type, body from ${HUB_SCHEMA}.resource
where audience = $1 and encounter = any($2) and (type = 'Communication' or (type = 'Task' and status = 'requested'))
order by moment`;

interface Row {
  readonly id: string;
  readonly status: string | null;
  readonly updated_at: string;
  readonly encounter: string;
  readonly patient: string | null;
  readonly lines: string | null;
  readonly protection: string | null;
}

interface Beside {
  readonly encounter: string;
  readonly type: 'Communication' | 'Task';
  readonly body: string;
}

/** Reads the stays of a sender's organisation from the hub view: what its own wards stated, and what was told of it. */
export class StatedStays {
  readonly #pool: Pool;

  constructor(url: string) {
    this.#pool = createPool({ url, applicationName: 'portal-ward-pages', max: 4 });
  }

  /** A page of stays, those of the latest news first. Errors: the database's. */
  async page(
    organisation: string,
    { from, most }: { readonly from: number; readonly most: number },
  ): Promise<{ readonly stays: readonly StatedStay[]; readonly more: boolean }> {
    const { rows } = await this.#pool.query<Row>(PAGE, [organisation, most + 1, from]);
    return { stays: await this.#whole(organisation, rows.slice(0, most)), more: rows.length > most };
  }

  /** One stay; undefined when it is not there, or another organisation's. Errors: the database's. */
  async read(organisation: string, stayId: string): Promise<StatedStay | undefined> {
    const { rows } = await this.#pool.query<Row>(`${LIST} and e.id = $2`, [organisation, stayId]);
    const [found] = await this.#whole(organisation, rows);
    return found;
  }

  /** The stays of a person at an organisation, protected or not: for the log, which names nobody. Errors: the database's. */
  async staysOf(organisation: string, patients: readonly string[]): Promise<string[]> {
    const { rows } = await this.#pool.query<{ id: string }>(
      `select id from ${HUB_SCHEMA}.resource where audience = $1 and type = 'Encounter' and subject = any($2::text[])`,
      [organisation, patients],
    );
    return rows.map(({ id }) => id);
  }

  close(): Promise<void> {
    return this.#pool.end();
  }

  async #whole(organisation: string, rows: readonly Row[]): Promise<StatedStay[]> {
    if (rows.length === 0) return [];
    const found = await this.#pool.query<Beside>(OF_STAYS, [organisation, rows.map(({ id }) => id)]);
    const byStay = Map.groupBy(found.rows, ({ encounter }) => encounter);
    return rows.map((row) => stayOf(row, byStay.get(row.id) ?? []));
  }
}

interface Lines {
  readonly told: readonly (Omit<ToldLine, 'sent'> & { readonly sent: number })[];
  readonly withheld: readonly WithheldLine[];
  readonly findings: readonly FindingLine[];
  readonly calls?: readonly CallLine[];
}

const NO_LINES: Lines = { told: [], withheld: [], findings: [] };

function stayOf(row: Row, beside: readonly Beside[]): StatedStay {
  const encounter = JSON.parse(row.encounter) as Encounter;
  const patient = row.patient === null ? undefined : (JSON.parse(row.patient) as Patient);
  const lines = row.lines === null ? NO_LINES : (JSON.parse(row.lines) as Lines);
  const received = receivedIn(beside);
  const expected = encounter.extension?.find(({ url }) => url === EXTENSION.plannedEndDate)?.valueDateTime;
  const identified = patient?.identifier?.[0];
  const number = identified?.value;
  const ward = encounter.serviceProvider?.reference?.split('/')[1];
  const visit = encounter.identifier?.[0]?.value;
  const leaving = encounter.hospitalization?.dischargeDisposition?.coding?.[0]?.code;
  const own = <T extends { readonly seenBy: readonly string[] }>(all: readonly T[]): T[] =>
    all.filter(({ seenBy }) => seenBy.includes(SENDER_VIEW));
  return {
    stayId: row.id,
    status: row.status ?? 'unknown',
    changedAt: Number(row.updated_at),
    name: personName(patient),
    ...(number !== undefined && { number }),
    ...(visit !== undefined && { visit }),
    ...(ward !== undefined && { ward }),
    ...(identified?.system !== undefined &&
      identified.value !== undefined && {
        identity: { type: identityTypeOf(identified.system), value: identified.value },
      }),
    ...(expected !== undefined && { expected }),
    ...(encounter.period?.end !== undefined && { dischargedAt: encounter.period.end }),
    ...(leaving !== undefined && { leaving }),
    isDead: patient?.deceasedBoolean === true || leaving === 'exp',
    told: own(lines.told).map((line) => tellingOf(line, received.get(line.delivery))),
    withheld: own(lines.withheld).map(({ kind, recipient, text }) => ({ kind, recipient, text })),
    findings: own(lines.findings).map(({ text }) => text),
    calls: own(lines.calls ?? []).map((call) => ({ id: call.statedBy, ...callMade(call) })),
    tasks: beside.flatMap((one) => (one.type === 'Task' ? [taskOf(row.id, JSON.parse(one.body) as Task)] : [])),
    isProtected: row.protection !== null,
  };
}

function tellingOf(line: Lines['told'][number], received: Instant | undefined): StatedTelling {
  return {
    id: line.delivery,
    kind: line.kind,
    recipient: line.recipient,
    sent: line.sent,
    why: line.trace.filter(({ seenBy }) => seenBy.includes(SENDER_VIEW)).map(({ text }) => text),
    ...(received !== undefined && { received }),
    withdrawn: line.withdrawn !== undefined,
  };
}

function receivedIn(beside: readonly Beside[]): Map<string, Instant> {
  return new Map(
    beside.flatMap(({ type, body }): [string, Instant][] => {
      if (type !== 'Communication') return [];
      const { id, received } = JSON.parse(body) as Communication;
      return id === undefined || received === undefined ? [] : [[id, Date.parse(received)]];
    }),
  );
}

function taskOf(stayId: string, task: Task): WardTask {
  const due = task.restriction?.period?.end;
  return {
    id: task.id ?? '',
    stayId,
    name: task.code?.coding?.[0]?.display ?? '',
    text: task.description ?? '',
    ...(due !== undefined && { due: Date.parse(due) }),
  };
}
