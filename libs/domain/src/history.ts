import { hasInsDuty } from './deadlines.ts';
import type { Directory, PartyId } from './directory.ts';
import { dutiesOf, type Duties } from './duties.ts';
import type { Protection, StayEvent } from './event.ts';
import { groundFor } from './grounds.ts';
import { localDate } from './local-time.ts';
import type { Act, Duty, EndCause, Ground, NoticeContent, TraceLine, Withheld } from './notice.ts';
import { desiredNotices, type Desired } from './desired.ts';
import { missingItems } from './ins-items.ts';
import { inOrder } from './order.ts';
import { recipientsOf, type Recipient, type Recipients } from './routing.ts';
import type { Parameters } from './rules/parameters.ts';
import { dischargeOf, foldStay, type Stay } from './stay.ts';
import type { Instant } from './time.ts';

/**
 * The acts of a ward in a stay: a pure function of its events and their intake times (architecture 3).
 *
 * With S(t) the fold of all that was taken in up to t, each t at which S makes a notice due, changes its content or ends
 * it is an act, stated by the event taken in at t. One notice of one recipient goes through these states, per slot:
 *
 *   none -> told          S makes it due, and there is a ground
 *   told -> told again    its content changes, and there is a ground: a new act that follows the old one
 *   told -> ended         S ends it: all acts of the slot that stand are ended together
 *   none -> withheld      S makes it due, and there is no ground: nothing is told (DEC-06)
 *
 * A ground that goes away ends nothing: what was said stays said (domain.md 12.3).
 */

/** A marking for protection that another stay of the person brought (domain.md 12.6). */
export interface PersonProtection {
  readonly label: Protection;
  /** Intake of the event that stated it. */
  readonly since: Instant;
}

export interface HistoryInput {
  readonly events: readonly StayEvent[];
  readonly directory: Directory;
  readonly parameters: (date: string) => Parameters;
  /** The time by which an event is judged (`judged-time.ts`); the watcher's knows of outages. */
  readonly judge: (event: StayEvent) => Instant;
  readonly protection?: PersonProtection;
}

/** What the ward itself did, whether or not anybody could be told: its deviations are judged on this alone (DEC-05). */
export interface WardRecord {
  /** The INS as the ward's act: when the duty and, with `ins=ordered`, the order were complete. */
  readonly ins?: Step;
  /** True once the INS that stands has had all its items: what is deleted later is no missing item of it (INS-05: at send). */
  readonly insComplete?: true;
  /** When the hub was first told of the discharge in force. */
  readonly discharge?: Step;
  /** When the patient was first said to be ready, in the run that holds. */
  readonly ready?: Step;
  /** The expected discharge that the ward had given in INS or BUT before the discharge. */
  readonly lastExpected?: { readonly start: Instant; readonly statedBy: string };
}

/** A point in the order of intake. */
export interface Step {
  readonly index: number;
  readonly event: StayEvent;
  readonly sent: Instant;
}

export interface History {
  readonly stay: Stay;
  readonly recipients: Recipients;
  readonly acts: readonly Act[];
  readonly withheld: readonly Withheld[];
  readonly duties: readonly Duty[];
  readonly ward: WardRecord;
}

/** Events in order of intake; what came at one instant, in the total order of the stay (a group commit has one instant). */
export function inIntakeOrder(events: readonly StayEvent[]): StayEvent[] {
  return inOrder(events).sort((a, b) => a.intakeAt - b.intakeAt);
}

/** All acts, what is withheld, and what people have to do, for the events of one stay. @throws when there are none. */
export function historyOf(input: HistoryInput): History {
  const sequence = inIntakeOrder(input.events);
  const recorder = new ActRecorder();
  let ward: WardRecord = {};
  let last: Omit<History, 'acts' | 'duties' | 'ward'> | undefined;
  const duties: Duties = new Map();
  sequence.forEach((event, index) => {
    const date = localDate(event.intakeAt);
    const parameters = input.parameters(date);
    const stay = withProtection(foldStay(sequence.slice(0, index + 1)), input.protection, event.intakeAt);
    const recipients = recipientsOf(stay, input.directory, date);
    const step = { index, event, sent: input.judge(event) };
    ward = wardRecord(ward, stay, step);
    const withheld = recorder.step(stay, recipients, step, isSent(stay));
    last = { stay, recipients, withheld };
    const insTold = recorder.hasTold('INS');
    const insComplete = ward.insComplete ?? false;
    dutiesOf(duties, { stay, recipients, withheld, event, insSent: isSent(stay), insTold, insComplete, parameters });
  });
  const final = sequence.at(-1);
  if (!last || !final) throw new Error('a stay has at least one event');
  // Another stay's marking holds from its own intake on, also when this stay has no later event (domain.md 12.6).
  const stay = withProtection(last.stay, input.protection, Infinity);
  if (stay !== last.stay && input.protection) {
    const event = { ...final, intakeAt: input.protection.since };
    const parameters = input.parameters(localDate(event.intakeAt));
    last = { ...last, stay, withheld: [] };
    const insTold = recorder.hasTold('INS');
    const insComplete = ward.insComplete ?? false;
    dutiesOf(duties, { ...last, event, insSent: isSent(stay), insTold, insComplete, parameters });
  }
  return { ...last, acts: recorder.acts, duties: [...duties.values()], ward };
}

function withProtection(stay: Stay, protection: PersonProtection | undefined, now: Instant): Stay {
  if (stay.protection || !protection || protection.since > now) return stay;
  return { ...stay, protection: protection.label };
}

/** DEC-02: with `ins=auto` the duty being complete is the sending; with `ins=ordered` the ward orders it. */
function isSent(stay: Stay): boolean {
  return hasInsDuty(stay) && (stay.terms.ins === 'auto' || stay.insOrdered);
}

function wardRecord(before: WardRecord, stay: Stay, step: Step): WardRecord {
  const discharge = dischargeOf(stay);
  const ready = typeof stay.ready === 'object';
  const sent = isSent(stay);
  const expected = stay.expectedDischarge;
  return {
    ...(sent && { ins: before.ins ?? step }),
    ...(sent && (before.insComplete ?? missingItems(stay).length === 0) && { insComplete: true as const }),
    ...(discharge && { discharge: before.discharge ?? step }),
    ...(ready && { ready: before.ready ?? step }),
    ...(sent && !discharge && expected
      ? { lastExpected: { start: expected.start, statedBy: step.event.eventId } }
      : before.lastExpected && { lastExpected: before.lastExpected }),
  };
}

interface Told {
  act: Act;
  /** What the slot's latest act said, for "changes its content". */
  said: string;
}

/** Keeps the acts that stand per recipient and slot, and makes new ones step by step. */
class ActRecorder {
  readonly acts: Act[] = [];
  /** recipient -> slot -> the latest act that stands. */
  readonly #standing = new Map<PartyId, Map<string, Told>>();

  step(stay: Stay, recipients: Recipients, step: Step, sent: boolean): Withheld[] {
    for (const [party, slots] of this.#standing) {
      const cause = endOfAll(stay, recipients, party, slots, sent);
      if (cause) this.#end(party, [...slots.keys()], step, cause);
    }
    // A protected person is never routed by rule: what was said stands, and a human says what comes next (RTE-41).
    if (!sent || stay.protection) return [];
    return recipients.resolved.flatMap((recipient) => {
      const standing = this.#standing.get(recipient.party.id);
      const said = (slot: string): string | undefined => standing?.get(slot)?.said;
      const desired = desiredNotices(stay, recipient, said);
      this.#endWhatIsNotSoAnyMore(stay, recipient, desired, step);
      return desired.flatMap((notice) => this.#tell(stay, recipient, notice, step));
    });
  }

  /** True when some party has a standing notice of this slot. */
  hasTold(slot: string): boolean {
    return [...this.#standing.values()].some((slots) => slots.has(slot));
  }

  /** Tells what is due and not yet said; answers with what is withheld. */
  #tell(stay: Stay, recipient: Recipient, notice: Desired, step: Step): Withheld[] {
    const party = recipient.party.id;
    const before = this.#standing.get(party)?.get(notice.slot);
    if (before?.said === notice.says) return [];
    const decision = notice.lawful
      ? { ground: 'LUS_2KAP' as const }
      : groundFor(stay.terms.legalForm, recipient.party.legalForm, notice.scopes, stay.disclosures);
    if ('withheld' in decision) {
      return [{ kind: notice.content.kind, recipient: party, slot: notice.slot, because: decision.withheld }];
    }
    this.#record(party, notice, step, decision.ground, recipient.trace, before?.act);
    return [];
  }

  #record(
    party: PartyId,
    notice: Desired,
    step: Step,
    ground: Ground,
    trace: readonly TraceLine[],
    before: Act | undefined,
  ): void {
    const { content, slot, says } = notice;
    const act: Act = {
      kind: content.kind,
      recipient: party,
      slot,
      statedBy: step.event.eventId,
      at: step.event.intakeAt,
      sent: step.sent,
      content,
      ground,
      trace: [...trace, { rule: '12.2', text: `Grund: ${ground}.` }],
      ...(before && { follows: before.key }),
      key: actKey(content, party, slot, step.event.eventId),
    };
    this.acts.push(act);
    const slots = this.#standing.get(party) ?? new Map<string, Told>();
    this.#standing.set(party, slots.set(slot, { act, said: says }));
  }

  /** A discharge taken back, an INFO that was never true, a patient no longer ready. */
  #endWhatIsNotSoAnyMore(stay: Stay, recipient: Recipient, desired: readonly Desired[], step: Step): void {
    const slots = this.#standing.get(recipient.party.id);
    if (!slots) return;
    const due = new Set(desired.map((notice) => notice.slot));
    const gone = [...slots].filter(([slot, told]) => !due.has(slot) && mayEnd(stay, recipient, told.act));
    this.#end(
      recipient.party.id,
      gone.map(([slot]) => slot),
      step,
      'not-so-any-more',
    );
  }

  #end(party: PartyId, slots: readonly string[], step: Step, cause: EndCause): void {
    const ended = { statedBy: step.event.eventId, at: step.event.intakeAt, sent: step.sent, cause };
    this.acts.forEach((act, index) => {
      if (act.recipient === party && !act.ended && slots.includes(act.slot)) this.acts[index] = { ...act, ended };
    });
    for (const slot of slots) this.#standing.get(party)?.delete(slot);
  }
}

/**
 * Kind, recipient and stating event name a notice (architecture 2.4); the slot is needed besides, as one message may
 * state several INFO.
 */
function actKey(content: NoticeContent, party: PartyId, slot: string, statedBy: string): string {
  return `${content.kind}|${party}|${slot}|${statedBy}`;
}

/** Why everything that a party has been told stops holding (DEC-08, DEC-15; standards MC-28), if it does. */
function endOfAll(
  stay: Stay,
  recipients: Recipients,
  party: PartyId,
  slots: ReadonlyMap<string, Told>,
  sent: boolean,
): EndCause | undefined {
  if (slots.size === 0) return undefined;
  if (stay.state === 'cancelled') return 'cancelled';
  if (stay.deceased) return 'deceased';
  if (!stay.need || stay.need.scopes.length === 0) return 'no-need';
  if (!sent) return 'not-so-any-more';
  if (stay.protection || recipients.resolved.some((one) => one.party.id === party)) return undefined;
  // An address that became unknown says nothing of the old one; only another recipient in its place does.
  const open = new Set(recipients.unresolved.map((one) => one.role));
  const role = roleOf(slots);
  return role !== undefined && open.has(role) ? undefined : 'other-recipient';
}

function roleOf(slots: ReadonlyMap<string, Told>): 'municipality' | 'clinic' | undefined {
  const ins = slots.get('INS')?.act.content;
  if (ins?.kind !== 'INS') return undefined;
  return ins.ownNeed.includes('ROV') ? 'clinic' : 'municipality';
}

/**
 * INS and BUT stand until the stay ends them. `READY=N` is new content and needs a ground (domain.md 12.2); what never was
 * true (a discharge or a fact taken back) is taken back from whoever has it (DEC-15).
 */
function mayEnd(stay: Stay, recipient: Recipient, act: Act): boolean {
  if (act.kind === 'INS' || act.kind === 'BUT') return false;
  if (act.kind !== 'UTK' || stay.ready !== 'no') return true;
  const { legalForm } = recipient.party;
  return 'ground' in groundFor(stay.terms.legalForm, legalForm, recipient.scopes, stay.disclosures);
}
