import {
  IntakeSequence,
  patientsIn,
  statesTransfer,
  type Act,
  type Continuation,
  type GrowingHistory,
  type History,
  type PersonProtection,
  type PersonStay,
  type StayEvent,
} from '#libs/domain';
import type { OutRecord } from '#libs/messaging';
import { tell, withdraw, type Delivery } from '../saying/delivery.ts';
import { changedTasks, type GivenTask } from './given-task.ts';
import { reconcile, type Plan } from './reconcile.ts';
import type { RoutingRules } from './routing-rules.ts';
import { growingHistory, sentTimeOf } from './stay-history.ts';
import { taskRecord } from '../saying/task-record.ts';
import type { ToldNotice } from '../loading/told-notice.ts';

const NOTHING_TO_SAY: Plan = { withdraw: [], tell: [] };

/** A stay in memory: its events, what was told of it, and which rows have to be written back. */
export class StayCase {
  readonly stayId: string;
  readonly #sequence = new IntakeSequence();
  #asStay: PersonStay | undefined;
  #patients: readonly string[] | undefined;
  /** By delivery id, in the order of telling. */
  readonly #told: Map<string, ToldNotice>;
  readonly #tasks: Map<string, GivenTask>;
  readonly #changedNotices = new Set<string>();
  readonly #changedTasks = new Set<string>();
  #history: GrowingHistory | undefined;
  /** The acts that what stands told was last made to agree with. */
  #agreed: readonly Act[] | undefined;
  #sends = false;

  constructor(stayId: string, told: readonly ToldNotice[], tasks: readonly GivenTask[]) {
    this.stayId = stayId;
    this.#told = new Map(told.map((notice) => [notice.id, notice]));
    this.#tasks = new Map(tasks.map((task) => [task.id, task]));
  }

  get told(): readonly ToldNotice[] {
    return [...this.#told.values()];
  }

  get events(): ReadonlyMap<string, StayEvent> {
    return this.#sequence.byId;
  }

  put(event: StayEvent): void {
    this.#sends ||= statesTransfer(event);
    const goesOn = !event.beside && !this.events.has(event.eventId) && this.#patients?.includes(event.patientId);
    if (!goesOn) this.#patients = undefined;
    this.#asStay = undefined;
    this.#sequence.put(event);
  }

  drop(eventId: string): void {
    this.#patients = undefined;
    this.#asStay = undefined;
    this.#sequence.drop(eventId);
  }

  /** The stay as one of its person's; the same object as long as its events are. */
  asStay(): PersonStay {
    this.#asStay ??= { stayId: this.stayId, events: [...this.events.values()] };
    return this.#asStay;
  }

  /** The ids that the person is known by in this stay. */
  patients(): readonly string[] {
    this.#patients ??= patientsIn(this.events.values());
    return this.#patients;
  }

  /** How much of it is in memory: itself, its events, and what was told. */
  get size(): number {
    return 1 + this.events.size + this.#told.size;
  }

  /** True when an event of it has said that the patient was transferred: then the person's other stays matter to it. */
  get sends(): boolean {
    return this.#sends;
  }

  /** What was changed has been written. */
  written(): void {
    this.#changedNotices.clear();
    this.#changedTasks.clear();
  }

  changedNotices(): ToldNotice[] {
    return [...this.#changedNotices].flatMap((id) => this.#told.get(id) ?? []);
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
    this.#history ??= growingHistory(rules);
    return this.events.size === 0 ? undefined : this.#history.of(this.#sequence, protection, continuation);
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
    const plan = this.#planFor(history, event, rules);
    const records: OutRecord[] = [];
    const envelope = (statedBy: string) => ({
      stayId: this.stayId,
      sender: this.events.get(statedBy)?.sender ?? event.sender,
      traceparent,
      told: this.told,
      personProtected: protection !== undefined,
    });
    for (const one of plan.withdraw) records.push(this.#keep(withdraw(one, envelope(one.statedBy), rules)));
    for (const act of plan.tell) records.push(this.#keep(tell(act, envelope(act.statedBy), rules)));
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

  /** The same acts once more need nothing: a history answers with another array when an act is new or has ended. */
  #planFor(history: History | undefined, event: StayEvent, rules: RoutingRules): Plan {
    const acts = history?.acts ?? [];
    if (acts === this.#agreed) return NOTHING_TO_SAY;
    this.#agreed = acts;
    return reconcile(acts, this.told, {
      eventId: event.eventId,
      sent: sentTimeOf(event, rules),
      protection: history?.stay.protection,
    });
  }

  #keep({ record, rows }: Delivery): OutRecord {
    for (const row of rows) {
      this.#told.set(row.id, row);
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
