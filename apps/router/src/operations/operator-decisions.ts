import type { Caller } from '#libs/county';
import { localDate, MUNICIPAL_KINDS, patientsIn, type Duty } from '#libs/domain';
import { LONGEST_REASON, type OperatorDecision } from '#libs/forms';
import type { GroupCommitProducer } from '#libs/messaging';
import { retryingTransaction, type Tx } from '#libs/persistence';
import { fault, isFault, type Clock, type Fault, type Log } from '#libs/platform';
import { decisionRecord } from '../deciding/decision-record.ts';
import { STAYS } from '../router-schema.ts';
import type { RouterStage } from '../router-stage.ts';
import { storedHistory } from '../trace/stay-trace.ts';

/**
 * What a person decides of who is told (rules 4.4, RTE-41; TEK-02).
 *
 *   asked      by the operator, with a reason
 *   claimed    nobody has answered the same Task, or undone the same decision, before: kept with who, when and why
 *   said       on `inbound`, before the claim is committed: the bytes are what every replay reads
 *   folded     by router and watcher alike, as an event of the stay; a later decision undoes it
 *
 * Asked again in the same words by the same caller it is the same decision, and answered as the first time.
 */
export class OperatorDecisions {
  readonly #stage: RouterStage;
  readonly #producer: GroupCommitProducer;
  readonly #clock: Clock;
  readonly #log: Log;

  /** @param producer of its own: it is stopped with the module */
  constructor(stage: RouterStage, producer: GroupCommitProducer, clock: Clock, log: Log) {
    this.#stage = stage;
    this.#producer = producer;
    this.#clock = clock;
    this.#log = log;
  }

  onModuleDestroy(): Promise<void> {
    return this.#producer.stop();
  }

  /**
   * Releases what waits in a Task to a recipient.
   * @returns the decision's id, by which it can be undone, or the fault: nothing waits there, or the recipient is of another kind
   */
  release(
    caller: Caller,
    taskId: string,
    {
      recipient,
      ground,
      reason,
    }: Pick<Extract<OperatorDecision, { kind: 'released' }>, 'recipient' | 'ground' | 'reason'>,
  ): Promise<string | Fault> {
    return this.#decide(caller, reason, async (tx) => {
      const task = await taskOf(tx, taskId);
      if (task?.duty.code !== 'ROUTE-BY-HAND') return fault('not-found');
      const party = this.#stage.rules.county.directory.party(recipient, localDate(this.#clock.now()));
      const isMunicipal = party !== undefined && MUNICIPAL_KINDS.has(party.kind);
      const role = task.duty.waiting?.role;
      const fits = role === undefined ? isMunicipal || party?.kind === 'clinic' : isMunicipal === isMunicipalRole(role);
      if (!party || !fits || (!isMunicipal && party.kind !== 'clinic')) return fault('recipient-not-fit', 'recipient');
      // Of a protected person more than one need may wait in one Task: one of each kind is released.
      const claim = `${taskId}:${task.version}${role === undefined ? `:${isMunicipal ? 'municipal' : 'clinic'}` : ''}`;
      const decision = { kind: 'released' as const, stay: task.stayId, recipient: party.id, ground, reason };
      return { decision: { ...decision, ...(role && { role }) }, claim, isOpen: task.status === 'requested' };
    });
  }

  /** Records that a recipient was told beside the hub. @returns the decision's id, or the fault */
  recordCall(
    caller: Caller,
    stay: string,
    call: Omit<Extract<OperatorDecision, { kind: 'call-recorded' }>, 'kind' | 'stay'>,
  ): Promise<string | Fault> {
    return this.#decide(caller, call.reason, async (tx) => {
      if (!(await hasEvents(tx, stay))) return fault('not-found');
      if (call.at > this.#clock.now()) return fault('bad-instant', 'at');
      const decision = { kind: 'call-recorded' as const, stay, ...call };
      return { decision, claim: `call:${stay}:${call.recipient}:${call.at}`, isOpen: true };
    });
  }

  /**
   * Lifts the protection of a stay's person in all stays, and in this one what was said of the visit alone (DEC-23).
   * @returns the decision's id, or the fault
   */
  liftProtection(caller: Caller, stay: string, reason: string): Promise<string | Fault> {
    return this.#decide(caller, reason, async (tx) => {
      const known = await this.#personOf(tx, stay);
      if (!known) return fault('not-found');
      const { persons, history, statements } = known;
      if (!history.stay.protection) return fault('not-protected');
      const decision = { kind: 'protection-lifted' as const, stay, reason, persons };
      // Lifted once, and protected anew by what came later or by an undoing, it is another decision.
      const claim = `lift:${stay}:${statements}:${await undoings(tx, persons)}`;
      return { decision, claim, isOpen: true, taken: 'already-decided' };
    });
  }

  /**
   * Joins two persons: the person of another stay is this stay's, whose identities remain.
   * @returns the decision's id, or the fault
   */
  joinPersons(caller: Caller, stay: string, other: string, reason: string): Promise<string | Fault> {
    return this.#decide(caller, reason, async (tx) => {
      const [one, two] = [await this.#personOf(tx, stay), await this.#personOf(tx, other)];
      if (!one || !two) return fault('not-found');
      const [survivor, from] = [one, two].map(({ history }) => history.stay.patient.identities);
      const persons = [...new Set([...one.persons, ...two.persons])];
      const isOne = two.persons.some((id) => one.persons.includes(id));
      if (isOne || !survivor?.length || !from?.length) return fault('persons-not-two');
      const decision = { kind: 'persons-joined' as const, stay, reason, persons, from, survivor };
      // Joined once and parted, they may be joined again: that is another decision.
      const claim = `join:${[...persons].sort().join()}:${one.statements + two.statements}:${await undoings(tx, persons)}`;
      return { decision, claim, isOpen: true, taken: 'already-decided' };
    });
  }

  /**
   * Joins two stays: what is said of the other is said of this one, which goes on (`joined-stays.ts` of the domain).
   * @returns the decision's id, or the fault: no stay without events can be joined, so none is joined twice
   */
  joinStays(caller: Caller, stay: string, other: string, reason: string): Promise<string | Fault> {
    return this.#decide(caller, reason, async (tx) => {
      const [one, two] = [await this.#personOf(tx, stay), await this.#personOf(tx, other)];
      if (!one || !two) return fault('not-found');
      const isOnePerson = two.persons.some((id) => one.persons.includes(id));
      const [into, from] = [one.history.stay, two.history.stay];
      const isOneWard = into.terms.organisation === from.terms.organisation;
      const isReal = into.state !== 'cancelled' && from.state !== 'cancelled';
      if (stay === other || !isOnePerson || !isOneWard || !isReal) return fault('stays-not-one');
      const persons = [...new Set([...one.persons, ...two.persons])];
      const decision = { kind: 'stays-joined' as const, stay, reason, persons, other };
      const claim = `join-stays:${[stay, other].sort().join()}:${one.statements + two.statements}:${await undoings(tx, persons)}`;
      return { decision, claim, isOpen: true, taken: 'already-decided' };
    });
  }

  /** The ids and the history of a stay's person, and how much has been said in the stay. */
  async #personOf(tx: Tx, stay: string) {
    const history = await storedHistory(tx, stay, this.#stage.rules);
    if (!history) return undefined;
    const events = (await STAYS.eventsOf(tx, [stay])).map(({ event }) => event);
    const own = events.filter(({ beside }) => !beside?.routing);
    return { history, persons: patientsIn(own), statements: events.length };
  }

  /** Takes a decision back. @returns the id of the decision that does, or the fault */
  undo(caller: Caller, decision: string, reason: string): Promise<string | Fault> {
    return this.#decide(caller, reason, async (tx) => {
      const { rows } = await tx.query<{ stay_id: string; body: OperatorDecision }>(DECISION, [decision]);
      const [known] = rows;
      if (!known) return fault('not-found');
      const persons = 'persons' in known.body ? known.body.persons : undefined;
      return {
        decision: { kind: 'undone', stay: known.stay_id, decision, reason, ...(persons && { persons }) },
        ...{ claim: `undo:${decision}`, isOpen: true, taken: 'already-decided' },
      };
    });
  }

  async #decide(caller: Caller, reason: string, decide: (tx: Tx) => Promise<Decided | Fault>): Promise<string | Fault> {
    if (reason.trim() === '' || reason.length > LONGEST_REASON) return fault('bad-parameter', 'reason');
    if (!this.#stage.isOpen()) return fault('not-ready');
    const at = this.#clock.now();
    const made = await retryingTransaction(this.#stage.pool(), async (tx): Promise<Made | Fault> => {
      const decided = await decide(tx);
      if (isFault(decided)) return decided;
      const { decision, claim, isOpen, taken = 'task-not-open' } = decided;
      const record = decisionRecord(decision, { sender: caller.name, claim, at }, this.#stage.rules, this.#clock);
      const id = this.#stage.rules.ids.event(record.id, 0);
      const before = await tx.query<{ decision: string }>(CLAIMED, [claim]);
      const [known] = before.rows;
      // The same again is answered as it was; another one comes too late.
      if (known) return known.decision === id ? { id } : fault(taken);
      if (!isOpen) return fault(taken);
      const values = [id, at, caller.name, decision.stay, claim, JSON.stringify(decision)];
      if ((await tx.query(CLAIM, values)).rowCount === 0) return fault(taken);
      // Killed between here and the commit, it is said and not kept: the same words again have the same id.
      await this.#producer.send(record);
      return { id };
    });
    if (isFault(made)) return made;
    this.#log.info('operator.decided', { caller: caller.name, decision: made.id });
    return made.id;
  }
}

interface Made {
  readonly id: string;
}

interface Decided {
  readonly decision: OperatorDecision;
  /** What only one can have. */
  readonly claim: string;
  /** There is something to decide. */
  readonly isOpen: boolean;
  /** What one is told who comes too late. */
  readonly taken?: 'task-not-open' | 'already-decided';
}

function isMunicipalRole(role: NonNullable<Duty['waiting']>['role']): boolean {
  return role === 'municipality' || role === 'placing';
}

const TASK = `
select stay_id, status, version, duty from task where id = $1`;

const DECISION = `
select stay_id, body from operator_decision where decision = $1`;

const UNDOINGS = `
select count(*)::int as n from operator_decision
where body ->> 'kind' = 'undone'
  and exists (select from json_array_elements_text(body -> 'persons') as one (id) where one.id = any($1))`;

/** How often a decision on one of these persons has been undone: what is decided afterwards is decided anew. */
async function undoings(tx: Tx, persons: readonly string[]): Promise<number> {
  const { rows } = await tx.query<{ n: number }>(UNDOINGS, [persons]);
  return rows[0]?.n ?? 0;
}

const CLAIMED = `
select decision from operator_decision where claim = $1`;

const CLAIM = `
insert into operator_decision (decision, at, caller, stay_id, claim, body) values ($1, $2, $3, $4, $5, $6)
on conflict (claim) do nothing`;

const HAS_EVENTS = `
select 1 from event where stay_id = $1 limit 1`;

interface OpenTask {
  readonly stayId: string;
  readonly status: string;
  readonly version: number;
  readonly duty: Duty;
}

async function taskOf(tx: Tx, id: string): Promise<OpenTask | undefined> {
  const { rows } = await tx.query<{ stay_id: string; status: string; version: number; duty: Duty }>(TASK, [id]);
  return rows[0] && { stayId: rows[0].stay_id, status: rows[0].status, version: rows[0].version, duty: rows[0].duty };
}

async function hasEvents(tx: Tx, stay: string): Promise<boolean> {
  return (await tx.query(HAS_EVENTS, [stay])).rows.length > 0;
}
