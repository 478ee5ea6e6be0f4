import type { Pool } from 'pg';
import type { Instant } from '#libs/domain';
import { createPool } from '#libs/persistence';
import { type OpenCounts, readOpenCounts } from '../../hub-view/open-counts.ts';
import { type InboundPlace, type Rejection, rejectionOf, type RejectionQuestion } from '../../hub-view/rejections.ts';
import { HUB_SCHEMA } from '../../hub-view/schema.ts';

/** A Task that waits, as the operator sees it without a reason to see more: no patient, and no text of the ward. */
export interface OpenTask {
  readonly id: string;
  readonly stayId: string;
  readonly code: string;
  readonly owner: string;
  readonly due: Instant | undefined;
}

export interface HubNumbers extends OpenCounts {
  readonly staysInHospital: number;
}

interface TaskRow {
  readonly id: string;
  readonly encounter: string | null;
  readonly code: string;
  readonly actor: string;
  readonly moment: string | null;
}

const TASKS = `
select id, encounter, code, actor, moment from ${HUB_SCHEMA}.resource where type = 'Task' and status = 'requested'`;

function taskOf({ id, encounter, code, actor, moment }: TaskRow): OpenTask {
  return { id, stayId: encounter ?? '', code, owner: actor, due: moment === null ? undefined : Number(moment) };
}

/** What the operator sees of the hub without a reason: codes, counts and places, nobody's content. */
export class HubState {
  readonly #pool: Pool;
  readonly #rejections: (question: RejectionQuestion) => Promise<Rejection[]>;

  constructor(url: string, rejections: (question: RejectionQuestion) => Promise<Rejection[]>) {
    this.#rejections = rejections;
    this.#pool = createPool({ url, applicationName: 'portal-operator-pages', max: 2 });
  }

  /** Errors: the database's. */
  async numbers(): Promise<HubNumbers> {
    const [tasks, deviations, inHospital] = await Promise.all([
      readOpenCounts(this.#pool, 'tasks'),
      readOpenCounts(this.#pool, 'deviations'),
      this.#pool.query<{ count: string }>(
        // Who is on leave has a bed; a visit to open care or an emergency ward, which is in progress too, has none.
        `select count(*) as count from ${HUB_SCHEMA}.resource where type = 'Encounter' and (status = 'onleave'
           or status = 'in-progress' and coalesce(body::jsonb -> 'class' ->> 'code', '') not in ('EMER', 'AMB'))`,
      ),
    ]);
    return { tasks, deviations, staysInHospital: Number(inHospital.rows[0]?.count ?? 0) };
  }

  /** Open Tasks, the most urgent first. Errors: the database's. */
  async tasks(most: number): Promise<OpenTask[]> {
    const { rows } = await this.#pool.query<TaskRow>(`${TASKS} order by moment nulls last, id limit $1`, [most]);
    return rows.map(taskOf);
  }

  /** A Task that waits; undefined when it is not there, or waits no more. Errors: the database's. */
  async task(id: string): Promise<OpenTask | undefined> {
    const { rows } = await this.#pool.query<TaskRow>(`${TASKS} and id = $1`, [id]);
    return rows[0] && taskOf(rows[0]);
  }

  /** The latest messages that were not taken, the last one first. Errors: the database's. */
  rejected(since: Instant, most: number): Promise<Rejection[]> {
    return this.#rejections({ since, most, lastFirst: true });
  }

  /** One message that was not taken; undefined when it is not there, or has been read since. Errors: the database's. */
  rejection(id: string): Promise<{ readonly rejection: Rejection; readonly place?: InboundPlace } | undefined> {
    return rejectionOf(this.#pool, id);
  }

  /** Whether a stay is known. Errors: the database's. */
  async hasStay(id: string): Promise<boolean> {
    const { rows } = await this.#pool.query(`select 1 from ${HUB_SCHEMA}.stay where stay_id = $1`, [id]);
    return rows.length > 0;
  }

  close(): Promise<void> {
    return this.#pool.end();
  }
}

/** A step of a message's way through the hub, and what waits before it. */
interface FlowStep {
  readonly stage: string;
  /** Records that it has not applied; absent while that cannot be asked for. */
  readonly waiting?: number;
  /** Records that it has set aside, because they could not be read. */
  readonly setAside: number;
  /** Rows of its outbox that can never be sent. */
  readonly stuck: number;
}

/** The flow of messages as the hub's metrics tell it. */
export interface Flow {
  readonly steps: readonly FlowStep[];
  /** Up to when every absence has been judged, in seconds since 1970; absent before the watcher has said so. */
  readonly judgedUntil?: number;
}

/** In the order in which a message passes them. */
const WAY = ['translator', 'router', 'dispatcher', 'watcher', 'portal-party', 'portal-hub'];

const LINE = /^bryggan_(\w+?)(?:\{([^}]*)\})? (-?[\d.e+]+)$/;
const LABEL = /(\w+)="([^"]*)"/g;

interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Reads the text of `/metrics` (Prometheus' format), as far as it is of the flow. A step that nobody speaks of is not there. */
export function flowIn(metrics: string): Flow {
  const samples = metrics.split('\n').flatMap((line): Sample[] => {
    const [, name, labels = '', value] = LINE.exec(line) ?? [];
    if (name === undefined) return [];
    return [{ name, labels: labelsIn(labels), value: Number(value) }];
  });
  const of = (name: string): Sample[] => samples.filter((sample) => sample.name === name);
  const sum = (name: string, stage: string): number =>
    of(name).reduce((all, { labels, value }) => (labels['stage'] === stage ? all + value : all), 0);
  const backlog = new Map(of('stage_backlog').map(({ labels, value }) => [labels['stage'] ?? '', value]));
  const spoken = new Set([...backlog.keys(), ...of('stage_batches_total').map(({ labels }) => labels['stage'] ?? '')]);
  const others = [...spoken].filter((stage) => !WAY.includes(stage) && backlog.has(stage));
  const [watermark] = of('watcher_watermark_seconds');
  return {
    steps: [...WAY.filter((stage) => spoken.has(stage)), ...others.sort()].map((stage) => {
      const waiting = backlog.get(stage);
      const counts = { setAside: sum('set_aside_total', stage), stuck: sum('outbox_stuck_total', stage) };
      return { stage, ...counts, ...(waiting !== undefined && { waiting }) };
    }),
    ...(watermark && watermark.value > 0 && { judgedUntil: watermark.value }),
  };
}

function labelsIn(text: string): Record<string, string> {
  return Object.fromEntries([...text.matchAll(LABEL)].map(([, name = '', value = '']) => [name, value]));
}
