import { hash } from 'node:crypto';
import { mayBeRerouted, type Instant } from '#libs/domain';
import { writeStay } from '#libs/fhir';
import type { OutRecord } from '#libs/messaging';
import type { Tx } from '#libs/persistence';
import { childTrace } from '#libs/platform';
import type { RoutingRules } from '../routing-rules.ts';
import { describeStay, type StayNow } from './stay-record.ts';

/** What was last said of a stay. */
export interface SaidStay {
  readonly stayId: string;
  /** PV1-19, when some message brought it. */
  readonly visitId: string | undefined;
  /** 0 as long as nothing was said. */
  readonly version: number;
  readonly fingerprint: string | undefined;
  /** The partition of `events` on whose lane it left; undefined when no event made it be said. */
  readonly part: number | undefined;
  /** To be said again by itself: see {@link SaidStays}. */
  readonly unsaid: boolean;
  /** Up to when it has been decided by the directory (`rounds/reroute-stays.ts`); undefined: none changes it any more. */
  readonly routedAt: Instant | undefined;
}

/** How a stay looks: its record with {@link UNNUMBERED} for a version, and what tells that from how it looked before. */
interface Description {
  readonly stayId: string;
  readonly text: string;
  readonly fingerprint: string;
}

/** No record has this version. The version follows the id, which is a UUID, so that its first place in the text is its own. */
const UNNUMBERED = 0;
const numbered = (text: string, version: number): string =>
  text.replace(`"version":${UNNUMBERED},`, `"version":${version},`);

/**
 * What is said of the stays of one batch, on the topic `stays`. A stay is said when its record is another than the last.
 *
 * The topic is compacted: what is kept of a stay is its last record by offset, and that has to be its newest. Records of one
 * lane leave in the order in which they were made, but those of two lanes may overtake each other. So a stay that is said on
 * another lane than last time is marked `unsaid`, and is said once more when nothing older of it waits (unsaid-stays.ts).
 */
export class SaidStays {
  readonly #rules: RoutingRules;
  readonly #stays: Map<string, SaidStay>;
  readonly #changed = new Set<string>();

  /** @param known what was last said of the stays at hand, as read under their locks */
  constructor(known: readonly SaidStay[], rules: RoutingRules) {
    this.#rules = rules;
    this.#stays = new Map(known.map((one) => [one.stayId, one]));
  }

  /** Notes PV1-19, which is the same in all messages of a stay: the stay's id is made of it. */
  nameVisit(stayId: string, visitId: string | undefined): void {
    const known = this.#of(stayId);
    if (visitId !== undefined && known.visitId !== visitId) this.#put({ ...known, visitId });
  }

  /**
   * Notes by the directory of which instant a stay was decided: by that of the event, though later ones have been looked at
   * already, as it may have come late.
   */
  noteRouted({ stayId, history }: Pick<StayNow, 'stayId' | 'history'>, intakeAt: Instant): void {
    const known = this.#of(stayId);
    const isOpen = history !== undefined && mayBeRerouted(history);
    const routedAt = isOpen ? Math.min(known.routedAt ?? intakeAt, intakeAt) : undefined;
    if (routedAt !== known.routedAt) this.#put({ ...known, routedAt });
  }

  /** Notes that a stay has been looked at by the directory of an instant. */
  noteLookedAt({ stayId, history }: Pick<StayNow, 'stayId' | 'history'>, now: Instant): void {
    const isOpen = history !== undefined && mayBeRerouted(history);
    this.#put({ ...this.#of(stayId), routedAt: isOpen ? now : undefined });
  }

  /** The instant up to which a stay has been looked at. */
  routedAt(stayId: string): Instant | undefined {
    return this.#of(stayId).routedAt;
  }

  /**
   * The record that a stay makes necessary, if any.
   * @param now the stay after the event
   * @param part the partition of the event
   */
  say(now: Omit<StayNow, 'visitId'>, part: number, traceparent: string): OutRecord[] {
    const known = this.#of(now.stayId);
    const description = this.#describe(now, known);
    if (description === undefined || description.fingerprint === known.fingerprint) return [];
    const unsaid = known.unsaid || (known.version > 0 && known.part !== part);
    return [this.#record(description, { ...known, part, unsaid }, traceparent)];
  }

  /** The record of a stay that is marked `unsaid`, whatever was said before. The mark is taken off. */
  sayUnsaid(now: Omit<StayNow, 'visitId'>, traceparent: string): OutRecord[] {
    const said = { ...this.#of(now.stayId), unsaid: false };
    const description = this.#describe(now, said);
    this.#put(said);
    return description === undefined ? [] : [this.#record(description, said, traceparent)];
  }

  /** What has to be written back. */
  changed(): SaidStay[] {
    return [...this.#changed].map((stayId) => this.#of(stayId));
  }

  /** How a stay looks now; undefined for one that never had anything to it: nobody has heard of it. */
  #describe(now: Omit<StayNow, 'visitId'>, { version, visitId }: SaidStay): Description | undefined {
    if (!now.history && now.told.length === 0 && version === 0) return undefined;
    const stay = describeStay({ ...now, visitId }, this.#rules.ids);
    const text = JSON.stringify(writeStay({ ...stay, version: UNNUMBERED }));
    return { stayId: now.stayId, text, fingerprint: hash('sha256', text, 'base64url') };
  }

  #record({ stayId, text, fingerprint }: Description, known: SaidStay, traceparent: string): OutRecord {
    const { ids, topics, now } = this.#rules;
    // The hub's clock, so that a database put back from a copy says nothing with a version that readers have seen.
    const version = Math.max(known.version + 1, now());
    this.#put({ ...known, version, fingerprint });
    return {
      topic: topics.stays,
      key: stayId,
      id: ids.other('said-stay', stayId, `${version}`, fingerprint),
      kind: 'stay',
      schemaVersion: 1,
      traceparent: childTrace(traceparent),
      value: numbered(text, version),
    };
  }

  #of(stayId: string): SaidStay {
    return this.#stays.get(stayId) ?? { ...NOTHING_SAID, stayId };
  }

  #put(stay: SaidStay): void {
    this.#stays.set(stay.stayId, stay);
    this.#changed.add(stay.stayId);
  }
}

const NOTHING_SAID = {
  ...{ visitId: undefined, version: 0, fingerprint: undefined, part: undefined },
  ...{ unsaid: false, routedAt: undefined },
};

/** The locks of all stays are taken already, in their order. */
const PUT = `
update stay s set
  visit_id = n.visit_id, version = n.version, fingerprint = n.fingerprint, part = n.part, unsaid = n.unsaid,
  routed_at = n.routed_at
from unnest($1::uuid[], $2::text[], $3::bigint[], $4::text[], $5::int[], $6::boolean[], $7::bigint[])
  as n (stay_id, visit_id, version, fingerprint, part, unsaid, routed_at)
where s.stay_id = n.stay_id`;

/** The columns of `stay` that hold what was last said of it, as they are read with its lock. */
export const SAID_STAY_COLUMNS = ['visit_id', 'version', 'fingerprint', 'part', 'unsaid', 'routed_at'] as const;

export interface SaidStayRow {
  readonly visit_id: string | null;
  readonly version: string;
  readonly fingerprint: string | null;
  readonly part: number | null;
  readonly unsaid: boolean;
  readonly routed_at: string | null;
}

/** What was last said of a stay, as its row has it. */
export function saidStayOf(stayId: string, row: SaidStayRow): SaidStay {
  const { visit_id, version, fingerprint, part, unsaid, routed_at } = row;
  return {
    stayId,
    visitId: visit_id ?? undefined,
    version: Number(version),
    fingerprint: fingerprint ?? undefined,
    part: part ?? undefined,
    unsaid,
    routedAt: routed_at === null ? undefined : Number(routed_at),
  };
}

/** Writes what was said of locked stays. */
export async function putSaidStays(tx: Tx, stays: readonly SaidStay[]): Promise<void> {
  if (stays.length === 0) return;
  await tx.query({
    name: 'router-put-said-stays',
    text: PUT,
    values: [
      stays.map(({ stayId }) => stayId),
      stays.map(({ visitId }) => visitId),
      stays.map(({ version }) => version),
      stays.map(({ fingerprint }) => fingerprint),
      stays.map(({ part }) => part),
      stays.map(({ unsaid }) => unsaid),
      stays.map(({ routedAt }) => routedAt),
    ],
  });
}
