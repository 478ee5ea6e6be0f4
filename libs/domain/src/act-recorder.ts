import { addresseesOf, type Addressee, type Kept } from './addressees.ts';
import { isReal } from './deadlines.ts';
import { desiredNotices, type Desired } from './desired.ts';
import type { PartyId } from './directory.ts';
import type { StayEvent } from './event.ts';
import { groundFor } from './grounds.ts';
import type { Act, EndCause, Ground, NoticeContent, TraceLine, Withheld } from './notice.ts';
import type { Recipients } from './routing.ts';
import type { Stay } from './stay.ts';
import type { Instant } from './time.ts';

/** A point in the order of intake. */
export interface Step {
  readonly index: number;
  readonly event: StayEvent;
  readonly sent: Instant;
  /** No event of this stay is taken in here: another stay made the difference, and `event` is this stay's latest. */
  readonly turn?: true;
}

interface Told {
  act: Act;
  /** What the slot's latest act said, for "changes its content". */
  said: string;
}

/** What a stay owes at a step, besides what its state says. */
export interface Owed {
  /** The ward has sent its INS (DEC-02). */
  readonly sent: boolean;
  /** Who has the INS of the stay that this one continues (DEC-08). */
  readonly kept: readonly Kept[];
  /** A stay that continues this one says that the person is dead. */
  readonly over: boolean;
}

/** Keeps the acts that stand per recipient and slot, and makes new ones step by step. */
export class ActRecorder {
  readonly acts: Act[] = [];
  /** recipient -> slot -> the latest act that stands. */
  readonly #standing = new Map<PartyId, Map<string, Told>>();

  step(stay: Stay, recipients: Recipients, step: Step, { sent, kept, over }: Owed): Withheld[] {
    for (const [party, slots] of this.#standing) {
      const cause = over ? 'deceased-later' : endOfAll(stay, recipients, party, slots, sent);
      if (!cause) continue;
      // Who has the INS of the stay before is told on, whatever becomes of this stay's own need.
      const goesOn = isReal(stay) && !over && kept.some((one) => one.party.id === party);
      this.#end(party, goesOn ? ['INS'] : [...slots.keys()], step, cause);
    }
    // A protected person is never routed by rule: what was said stands, and a human says what comes next (RTE-41).
    if (stay.protection || over || !isReal(stay)) return [];
    return addresseesOf(sent ? recipients.resolved : [], kept).flatMap((recipient) => {
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
  #tell(stay: Stay, recipient: Addressee, notice: Desired, step: Step): Withheld[] {
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
      key: actKey(content, party, slot, step),
    };
    this.acts.push(act);
    const slots = this.#standing.get(party) ?? new Map<string, Told>();
    this.#standing.set(party, slots.set(slot, { act, said: says }));
  }

  /** A discharge taken back, an INFO that was never true, a patient no longer ready. */
  #endWhatIsNotSoAnyMore(stay: Stay, recipient: Addressee, desired: readonly Desired[], step: Step): void {
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
    const turn = step.turn && { turn: step.turn };
    const ended = { statedBy: step.event.eventId, at: step.event.intakeAt, sent: step.sent, cause, ...turn };
    this.acts.forEach((act, index) => {
      if (act.recipient === party && !act.ended && slots.includes(act.slot)) this.acts[index] = { ...act, ended };
    });
    for (const slot of slots) this.#standing.get(party)?.delete(slot);
  }
}

/**
 * Kind, recipient and stating event name a notice (architecture 2.4); the slot is needed besides, as one message may
 * state several INFO. Of one event there may be more turns than one, as other stays change: the instant sets them apart.
 */
function actKey(content: NoticeContent, party: PartyId, slot: string, { event, turn }: Step): string {
  return `${content.kind}|${party}|${slot}|${event.eventId}${turn ? `@${event.intakeAt}` : ''}`;
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
function mayEnd(stay: Stay, recipient: Addressee, act: Act): boolean {
  if (act.kind === 'INS' || act.kind === 'BUT') return false;
  if (act.kind !== 'UTK' || stay.ready !== 'no') return true;
  const { legalForm } = recipient.party;
  return 'ground' in groundFor(stay.terms.legalForm, legalForm, recipient.scopes, stay.disclosures);
}
