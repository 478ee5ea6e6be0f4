import {
  type DirectoryVersions,
  GrowingHistory,
  HOUR,
  isSameValue,
  judgedTime,
  localDate,
  patientsIn,
  protectionIn,
  type History,
  type Instant,
  type LaterStay,
  type Outage,
  type Parameters,
  type PersonProtection,
  type StayEvent,
  type StayProfile,
} from '#libs/domain';
import type { DeviationRecord, TaskRecord } from '#libs/fhir';
import type { Tx } from '#libs/persistence';
import { UnreadableRecord, type IdMaker } from '#libs/platform';
import {
  loadLocked,
  lockInMemory,
  lockStays,
  relatedStays,
  StayEvents,
  type KeptStays,
  type LockedStays,
  type Pieces,
  type RelatedStay,
  type StayInMemory,
} from '#libs/stays';
import { laterStays, type StaySpan } from '../life/readmissions.ts';
import { STAYS } from '../migrations/index.ts';
import type { Statement } from '../query.ts';
import { hourOf, type SilentSenders } from '../senders/silence.ts';
import { storedDeviation } from '../deviations/changed-deviations.ts';
import { DEVIATIONS_OF_STAYS } from '../deviations/deviation.queries.ts';
import { DEADLINES_OF_STAYS, RECEIPTS_OF_STAYS, REMINDERS_OF_STAYS, SUSPECTED_STAYS } from './judging.queries.ts';

/** What the judgement of every stay goes by. */
export interface JudgingRules {
  readonly directory: DirectoryVersions;
  readonly parameters: (date: string) => Parameters;
  readonly ids: Pick<IdMaker, 'delivery' | 'deviation' | 'task'>;
}

/** What a judgement changes of a stay. */
export interface StayChanges {
  readonly deviations: readonly DeviationRecord[];
  readonly reminders: readonly TaskRecord[];
  /** All deadlines from now on. */
  readonly deadlines: ReadonlyMap<string, Instant>;
  /** What statistics count of it; absent when nothing is, or it could not be judged yet. */
  readonly profile?: StayProfile | undefined;
  /** From when to when it was; absent when it was not, or could not be judged yet. */
  readonly span?: StaySpan | undefined;
}

/** Of a stay without anything, of a deviation or reminder, and of a receipt. */
const [STAY_BYTES, SAID_BYTES, RECEIPT_BYTES] = [2_000, 1_500, 200];

/**
 * All that the watcher keeps of one stay: what its judgement is made from, and what was said of it. It may be kept in memory
 * from one transaction to the next (`StayCache`); a message of a stay then reads itself and what it makes different.
 */
export class WatchedStay implements StayInMemory {
  readonly stayId: string;
  /** That its row has since the lock of the latest transaction. */
  version: number;
  readonly events: StayEvents;
  /** By id, as last said. */
  readonly #deviations: Map<string, DeviationRecord>;
  /** By id, as last said. */
  readonly #reminders: Map<string, TaskRecord>;
  #deadlines: ReadonlyMap<string, Instant>;
  /** As it was last counted; undefined until it is, after it was loaded. */
  #counted: Pick<StayChanges, 'profile' | 'span'> | undefined;
  readonly #receipts: Map<string, Instant>;
  /** Key of an act or a withdrawal -> its id. */
  readonly #actIds = new Map<string, string>();
  #history: { readonly growing: GrowingHistory; readonly outages: number } | undefined;

  constructor(stayId: string, version: number, of: KeptOfStay, events: Iterable<StayEvent>) {
    this.stayId = stayId;
    this.version = version;
    this.events = new StayEvents(stayId);
    this.#deviations = new Map(of.deviations.map((one) => [one.id, one]));
    this.#reminders = new Map(of.reminders.map((one) => [one.id, one]));
    this.#deadlines = of.deadlines;
    this.#receipts = new Map(of.receipts);
    for (const event of events) this.events.put(event);
  }

  /** Deviations as last said. */
  get deviations(): readonly DeviationRecord[] {
    return [...this.#deviations.values()];
  }

  /** Reminders as last said. */
  get reminders(): readonly TaskRecord[] {
    return [...this.#reminders.values()];
  }

  /** When the stay is to be judged again: name of the deadline -> instant. */
  get deadlines(): ReadonlyMap<string, Instant> {
    return this.#deadlines;
  }

  /** When each notice was first there: id of the act -> instant. */
  get receipts(): ReadonlyMap<string, Instant> {
    return this.#receipts;
  }

  /** How much of it is in memory: its events as text, about as much for what was said of it, and what comes with any stay. */
  get size(): number {
    const said = this.#deviations.size + this.#reminders.size;
    return STAY_BYTES + this.events.bytes + said * SAID_BYTES + this.#receipts.size * RECEIPT_BYTES;
  }

  patients(): readonly string[] {
    return this.events.patients();
  }

  /**
   * The history of its events, which goes on from the one before. All calls by the same county, or the stay is not kept.
   * @param outages those that are known: an event may have been late because of one that is new, so each has all read anew
   */
  history(
    rules: Pick<JudgingRules, 'directory' | 'parameters'>,
    outages: readonly Outage[],
    protection: PersonProtection | undefined,
  ): History {
    return this.#growing(rules, outages).of(this.events.sequence, protection);
  }

  /** Reads what its history lacks, an event at a time: a long stay may have to be read anew. */
  *reading(
    rules: Pick<JudgingRules, 'directory' | 'parameters'>,
    outages: readonly Outage[],
    protection: PersonProtection | undefined,
  ): Pieces<void> {
    yield* this.#growing(rules, outages).reading(this.events.sequence, protection);
  }

  #growing(rules: Pick<JudgingRules, 'directory' | 'parameters'>, outages: readonly Outage[]): GrowingHistory {
    if (this.#history?.outages !== outages.length) {
      this.#history = { growing: growingHistory(rules, outages), outages: outages.length };
    }
    return this.#history.growing;
  }

  /** Id of an act, or of its withdrawal, by its key; made once. */
  actId(key: string, ids: Pick<IdMaker, 'delivery'>): string {
    const known = this.#actIds.get(key);
    if (known !== undefined) return known;
    const made = ids.delivery(this.stayId, key, 0);
    this.#actIds.set(key, made);
    return made;
  }

  /** Notes the receipt of an act: the earliest stands, and a deadline of that name is met. */
  receive(actId: string, at: Instant): void {
    this.#receipts.set(actId, Math.min(at, this.#receipts.get(actId) ?? Infinity));
    if (!this.#deadlines.has(actId)) return;
    this.#deadlines = new Map([...this.#deadlines].filter(([name]) => name !== actId));
  }

  /** True when it is counted otherwise than last, or nobody knows. */
  isCountedAnew({ profile, span }: StayChanges): boolean {
    return profile !== undefined && !isSameValue({ profile, span }, this.#counted);
  }

  /** Notes what a judgement has changed. */
  change({ deviations, reminders, deadlines, profile, span }: StayChanges): void {
    if (profile !== undefined) this.#counted = { profile, span };
    for (const one of deviations) this.#deviations.set(one.id, one);
    for (const one of reminders) this.#reminders.set(one.id, one);
    this.#deadlines = deadlines;
  }
}

/** What makes the history of a stay by what is known of outages. */
export function growingHistory(
  { directory, parameters }: Pick<JudgingRules, 'directory' | 'parameters'>,
  outages: readonly Outage[],
): GrowingHistory {
  return new GrowingHistory({
    directory,
    parameters,
    judge: (event) => judgedTime(event, parameters(localDate(event.intakeAt)), outages),
  });
}

/** What other stays and the hub bring to the judgement of one. */
export interface Surroundings {
  /** A protection that an event of the person's stated, this stay's included (rules 12.6). */
  readonly protection?: PersonProtection | undefined;
  /** The stays that may go on in this one or this one in them, itself included (DEC-08); empty: none. */
  readonly related: readonly RelatedStay[];
  /** A message of the stay lies unresolved in `rejected` (architecture 7). */
  readonly suspected: boolean;
  /** Its source is silent against its habit: whether it still is can be told at this instant. */
  readonly silentUntil?: Instant | undefined;
  /** The person’s next stays after it may have ended. */
  readonly laterStays?: readonly LaterStay[];
}

interface Body {
  readonly stay_id: string;
  readonly body: string;
}
interface NamedInstant {
  readonly stay_id: string;
  readonly name: string;
  readonly at: Instant;
}
/** What is kept of a stay besides its events. */
interface KeptOfStay {
  readonly deviations: readonly DeviationRecord[];
  readonly reminders: readonly TaskRecord[];
  readonly deadlines: ReadonlyMap<string, Instant>;
  readonly receipts: ReadonlyMap<string, Instant>;
}

/** Reads what is kept of these stays besides their events; the caller holds their locks. @returns of each, by its id */
async function readKept(tx: Tx, stayIds: readonly string[]): Promise<ReadonlyMap<string, KeptOfStay>> {
  if (stayIds.length === 0) return new Map();
  const read = async <Row extends { stay_id: string }>(of: Statement): Promise<Map<string, Row[]>> =>
    Map.groupBy((await tx.query<Row>(of([stayIds]))).rows, (row) => row.stay_id);
  const [deviations, reminders, deadlines, receipts] = await Promise.all([
    read<Body>(DEVIATIONS_OF_STAYS),
    read<Body>(REMINDERS_OF_STAYS),
    read<NamedInstant>(DEADLINES_OF_STAYS),
    read<NamedInstant>(RECEIPTS_OF_STAYS),
  ]);
  const kept = (stayId: string): KeptOfStay => ({
    deviations: (deviations.get(stayId) ?? []).map((row) => storedDeviation(row.body)),
    reminders: (reminders.get(stayId) ?? []).map((row) => JSON.parse(row.body) as TaskRecord),
    deadlines: new Map((deadlines.get(stayId) ?? []).map((row) => [row.name, row.at])),
    receipts: new Map((receipts.get(stayId) ?? []).map((row) => [row.name, row.at])),
  });
  return new Map(stayIds.map((stayId) => [stayId, kept(stayId)]));
}

/** How the watcher's stays are loaded, but for those that are kept in memory. @param keys that stays came under now, by stay id */
export function loadingOf(tx: Tx, kept: KeptStays<WatchedStay>, keys: ReadonlyMap<string, string> = new Map()) {
  const tooMany = (): Error => new UnreadableRecord('stays of the person', 'too-many-stays');
  return { store: STAYS, readOwn: (stayIds: readonly string[]) => readKept(tx, stayIds), kept, keys, tooMany };
}

type Locked = Pick<LockedStays<ReadonlyMap<string, KeptOfStay>, WatchedStay>, 'rows' | 'inMemory' | 'events' | 'own'>;

/** Locks stays and loads none: what is in memory of them, and what loads more of them. */
export async function lockWhatIsInMemory(
  tx: Tx,
  stayIds: Iterable<string>,
  kept: KeptStays<WatchedStay>,
): Promise<{ readonly inMemory: readonly WatchedStay[]; readonly load: (ids: string[]) => Promise<WatchedStay[]> }> {
  const { rows, inMemory } = await lockInMemory(tx, stayIds, { store: STAYS, kept });
  return {
    inMemory: staysOf({ rows, inMemory, events: new Map(), own: new Map() }),
    load: async (ids) => staysOf({ rows, inMemory: [], ...(await loadLocked(tx, ids, loadingOf(tx, kept))) }),
  };
}

/** The stays that were locked: those in memory go on as they are, the others are made of what was loaded. */
export function staysOf({ rows, inMemory, events, own }: Locked): WatchedStay[] {
  const version = (stayId: string): number => rows.get(stayId)?.lock_version ?? 0;
  const loaded = [...events].flatMap(([stayId, stored]) => {
    const kept = own.get(stayId);
    return kept
      ? [
          new WatchedStay(
            stayId,
            version(stayId),
            kept,
            stored.map(({ event }) => event),
          ),
        ]
      : [];
  });
  for (const stay of inMemory) stay.version = version(stay.stayId);
  return [...inMemory, ...loaded];
}

/** Locks stays that no event touches and reads them. A stay without events has nothing to be judged and is left out. */
export async function lockKnownStays(
  tx: Tx,
  stayIds: Iterable<string>,
  kept: KeptStays<WatchedStay>,
): Promise<WatchedStay[]> {
  const locked = await lockAll(tx, stayIds, kept);
  return locked.filter(({ events }) => events.size > 0);
}

/** Locks stays that are due and reads them, also those that a mended translation has emptied: what was said of them ends. */
export async function lockAll(tx: Tx, stayIds: Iterable<string>, kept: KeptStays<WatchedStay>): Promise<WatchedStay[]> {
  return staysOf(await lockStays(tx, stayIds, loadingOf(tx, kept)));
}

/** Keeps stays for the next transaction, once what was written of them is committed: those that no other stay matters to. */
export function keepStays(stays: readonly WatchedStay[], kept: KeptStays<WatchedStay>): void {
  for (const stay of stays) {
    if (!stay.events.hasTransferred && stay.events.size > 0) kept.keep(stay, stay.version);
  }
}

/**
 * What other stays, `rejected` and the habits of senders bring to these stays. Read after the events of the batch are
 * written: a claim or a resolving message in the batch itself counts.
 */
export async function surroundingsOf(
  tx: Tx,
  stays: readonly WatchedStay[],
  silentSenders: SilentSenders,
  watermark: Instant,
): Promise<(stay: WatchedStay) => Surroundings> {
  const everyone = [...new Set(stays.flatMap((stay) => stay.patients()))];
  if (everyone.length === 0) return () => ({ related: [], suspected: false });
  const [{ sentOn, claims }, suspicions, silent, later] = await Promise.all([
    STAYS.personsOf(tx, everyone),
    tx.query<{ stay_id: string }>(SUSPECTED_STAYS([stays.map((stay) => stay.stayId)])),
    silentSenders.silentAt(tx, watermark),
    laterStays(tx, stays),
  ]);
  const related = await relatedStays(tx, STAYS, sentOn);
  const suspected = new Set(suspicions.rows.map((row) => row.stay_id));
  return (stay) => ({
    protection: protectionIn(stay.events.knownSince(), claims),
    related: related.filter(({ events }) => stay.events.isOf(new Set(patientsIn(events)))),
    suspected: suspected.has(stay.stayId),
    laterStays: later.get(stay.stayId) ?? [],
    ...(silent.size > 0 &&
      [...stay.events.senders()].some((sender) => silent.has(sender)) && { silentUntil: hourOf(watermark) + HOUR }),
  });
}
