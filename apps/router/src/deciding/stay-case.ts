import {
  isProtected,
  type Act,
  type Continuation,
  type GrowingHistory,
  type History,
  type Instant,
  type PersonProtection,
  type Rerouting,
  type StayEvent,
} from '#libs/domain';
import type { OutRecord } from '#libs/messaging';
import { StayEvents, type Pieces } from '#libs/stays';
import { tell, withdraw, type Delivery } from '../telling/delivery.ts';
import { changedTasks, type GivenTask, taskRecord } from '../telling/given-tasks.ts';
import { Reconciled } from '../telling/reconcile.ts';
import { growingHistory, type RoutingRules, sentTimeOf } from '../routing-rules.ts';
import { StatedTogether } from '../said-stays/sender-stay.ts';
import { StayNotices } from '../telling/stay-notices.ts';
import type { ToldNotice } from '../telling/told-notices.ts';

/** Of a stay without anything. */
const STAY_BYTES = 2_000;

/** A stay in memory: its events, what was told of it, and which rows have to be written back. */
export class StayCase {
  readonly stayId: string;
  readonly events: StayEvents;
  readonly together: StatedTogether;
  readonly told: StayNotices;
  readonly #tasks: Map<string, GivenTask>;
  readonly #changedNotices = new Set<string>();
  readonly #changedTasks = new Set<string>();
  #history: GrowingHistory | undefined;
  readonly #reconciled = new Reconciled();

  constructor(stayId: string, told: readonly ToldNotice[], tasks: readonly GivenTask[]) {
    this.stayId = stayId;
    this.events = new StayEvents(stayId);
    this.together = new StatedTogether(this.events);
    this.told = new StayNotices(told);
    this.#tasks = new Map(tasks.map((task) => [task.id, task]));
  }

  patients(): readonly string[] {
    return this.events.patients();
  }

  /** How much of it is in memory: its events, and what was told, as text, and what comes with any stay. */
  get size(): number {
    return STAY_BYTES + this.events.bytes + this.told.bytes;
  }

  /** What was changed has been written. */
  written(): void {
    this.#changedNotices.clear();
    this.#changedTasks.clear();
  }

  changedNotices(): ToldNotice[] {
    return [...this.#changedNotices].flatMap((id) => this.told.get(id) ?? []);
  }

  changedTasks(): GivenTask[] {
    return [...this.#changedTasks].flatMap((id) => this.#tasks.get(id) ?? []);
  }

  /** The history of the stay as it is now, undefined without events; all calls by the same rules. */
  history(
    protection: PersonProtection | undefined,
    rules: RoutingRules,
    continuation?: Continuation,
  ): History | undefined {
    return this.events.size === 0 ? undefined : this.#growing(rules).of(this.events.sequence, protection, continuation);
  }

  /** Reads what the history without a continuation lacks, an event at a time: a long stay may have to be read anew. */
  *reading(protection: PersonProtection | undefined, rules: RoutingRules): Pieces<void> {
    yield* this.#growing(rules).reading(this.events.sequence, protection);
  }

  #growing(rules: RoutingRules): GrowingHistory {
    return (this.#history ??= growingHistory(rules));
  }

  /** Whom the directory of an instant makes be told in place of those of the history that was last asked for. */
  reroutedAt(now: Instant): Rerouting | undefined {
    return this.#history?.reroutedAt(now);
  }

  /**
   * Says what has to be said so that what stands is what the history says.
   * @param cause the event being applied, and its trace
   * @param protection what protects the person in every stay
   */
  refold(
    cause: { readonly event: StayEvent; readonly traceparent: string },
    history: History | undefined,
    protection: PersonProtection | undefined,
    rules: RoutingRules,
  ): OutRecord[] {
    const { event, traceparent } = cause;
    const plan = this.#reconciled.plan(history?.acts ?? [], () => this.told.all(), {
      eventId: event.eventId,
      sent: sentTimeOf(event, rules),
      protection: history?.stay.protection,
    });
    const records: OutRecord[] = [];
    const envelope = (statedBy: string) => ({
      stayId: this.stayId,
      sender: this.#wardOf(statedBy) ?? event.sender,
      traceparent,
      told: this.told,
      personProtected: isProtected(protection),
    });
    for (const one of plan.withdraw) records.push(this.#keep(withdraw(one, envelope(one.statedBy), rules)));
    for (const act of plan.tell) records.push(this.#tell(act, tell(act, envelope(act.statedBy), rules)));
    // What becomes a duty only when nothing has come is said by the watcher, which knows when nothing has.
    const duties = (history?.duties ?? []).filter(({ from }) => from === undefined);
    const tasks = changedTasks(duties, [...this.#tasks.values()], {
      stayId: this.stayId,
      cancelled: history?.stay.state === 'cancelled',
      now: rules.now(),
      idOf: ({ code, occasion }) => rules.ids.task(this.stayId, code, occasion),
    });
    for (const task of tasks) records.push(this.#give(taskRecord(task, traceparent, rules), task));
    return records;
  }

  /**
   * The sender of this stay to whom receipts of a notice go: who said what it rests on, else who spoke of the stay last. What a
   * party, the operator, another stay or another hospital says of the person leads to notices as well, and none of them may
   * learn of this stay by a receipt.
   * @returns undefined of a stay that no message of a ward is left of
   */
  #wardOf(statedBy: string): string | undefined {
    const stated = this.events.byId.get(statedBy);
    if (stated && !stated.beside) return stated.sender;
    return this.events.sequence.events.findLast(({ beside }) => !beside)?.sender;
  }

  #tell(act: Act, delivery: Delivery): OutRecord {
    for (const notice of delivery.rows) this.#reconciled.told(act, notice);
    return this.#keep(delivery);
  }

  #keep({ record, rows }: Delivery): OutRecord {
    for (const row of rows) {
      this.told.put(row);
      this.#changedNotices.add(row.id);
    }
    return record;
  }

  #give(record: OutRecord, task: GivenTask): OutRecord {
    this.#tasks.set(task.id, task);
    this.#changedTasks.add(task.id);
    return record;
  }
}
