import { isToldAtAll } from '../disclosure/gate.ts';
import { type Ground, GROUND_NAMES, within } from '../codes/elements-and-grounds.ts';
import type { StatedBasis } from '../disclosure/stated-grounds.ts';
import type { PatientStatement, Protection } from '../events/statements.ts';
import type { Act, DecidedBy, EndCause, Withheld } from '../notices/act.ts';
import {
  type Due,
  INS_SLOT,
  type NoticeBase,
  type NoticeContent,
  type NoticePerson,
  NOTICES,
} from '../notices/kinds.ts';
import { type Addressee, addresseesOf, type Kept, type Over, statesNoNeed, type Units } from '../routing/addressees.ts';
import type { PartyId, UnitRole } from '../parties/party.ts';
import type { TraceLine } from '../routing/routing-rules.ts';
import { isReal, type Stay } from '../stay/stay.ts';
import { localDate, localIso } from '../time/time.ts';
import { type Carried, endsUndue, type Granted, groundOf } from './notice-grounds.ts';
import type { Step, WardRecord } from './ward-record.ts';

interface Told {
  readonly act: Act;
  /** Where the acts of the slot that stand are kept. */
  readonly places: number[];
  /** What the slot's latest act said, for "changes its content". */
  readonly said: string;
}

/** The notices of one party that have not ended. */
interface PartyNotices {
  /** As it was when it was last told: what it has is asked about by this, also when its address is no longer known. */
  addressee: Addressee;
  /** The person that it was told of (DEC-18). */
  personKey: string;
  /** The party is no more, and another is in its place (RTE-24): what it was told stands, and nothing more goes there. */
  succeeded: boolean;
  readonly slots: Map<string, Told>;
}

/** What a stay owes at a step, besides what its state says. */
export interface Owed {
  readonly units: Units;
  /** By what the units were decided. */
  readonly decidedBy: DecidedBy;
  /** Keeps the decision on the units, and answers with its key: asked for only where something rests on it. */
  readonly keepDecision: () => string | undefined;
  /** Those who sent a notice back, and to whom nobody has released it since (RET). */
  readonly returned: ReadonlySet<PartyId>;
  /** True of a party that has ended, with another in its place (RTE-24). */
  readonly isSucceeded: (party: PartyId) => boolean;
  /** The ward has sent an INS (DEC-02). */
  readonly sent: boolean;
  /** Who has the INS of the stay that this one continues (DEC-08). */
  readonly kept: readonly Kept[];
  /** Who is told that the person is away or home, and nothing else (rules 12.2). */
  readonly home: readonly Addressee[];
  /** A stay that continues this one ends its case. */
  readonly over?: Over | undefined;
}

/** A notice that is due to a party at a step, and what carries it; absent of what stands as it is. */
interface Decided {
  readonly due: Due<NoticeContent>;
  readonly decision?: Carried;
}

/** Keeps the acts that stand per party and slot, and makes new ones step by step. */
export class ActRecorder {
  readonly #acts: Act[] = [];
  #answered: readonly Act[] | undefined;
  readonly #ward: WardRecord;
  readonly #inForce = new Map<PartyId, PartyNotices>();
  #base: (Pick<Stay, 'patient'> & { readonly protection: Stay['protection']; readonly base: NoticeBase }) | undefined;

  /** @param ward is told of what the ward has handed over, whether or not it is passed on */
  constructor(ward: WardRecord) {
    this.#ward = ward;
  }

  /** Takes one step. Answers with what is withheld. */
  step(stay: Stay, step: Step, owed: Owed): Withheld[] {
    for (const [party, notices] of this.#inForce) this.#endWhatIsOver(party, notices, stay, step, owed);
    if (owed.over || !isReal(stay)) return [];
    const addressees = addresseesAt(owed);
    for (const [id, { addressee }] of this.#inForce) {
      if (addressees.some(({ party }) => party.id === id)) continue;
      this.#endWhatIsNotDue(addressee, this.#decide(stay, addressee, step, owed), stay, step, owed);
    }
    const withheld: Withheld[] = [];
    for (const addressee of addressees) {
      const decided = this.#decide(stay, addressee, step, owed);
      this.#endWhatIsNotDue(addressee, decided, stay, step, owed);
      withheld.push(...this.#tell(addressee, decided, stay, step, owed));
    }
    return withheld;
  }

  /** All acts so far, those that ended included; the same array as long as there is no other and none has ended. */
  acts(): readonly Act[] {
    this.#answered ??= [...this.#acts];
    return this.#answered;
  }

  /** True when some party has a notice of this slot that has not ended. */
  hasTold(slot: string): boolean {
    for (const { slots } of this.#inForce.values()) if (slots.has(slot)) return true;
    return false;
  }

  /** True when a party has a notice that has not ended. */
  isTold(party: PartyId): boolean {
    return this.#inForce.has(party);
  }

  /** True when a party has been told in this role, and still stands so. */
  isToldAs(role: UnitRole): boolean {
    for (const { addressee, slots } of this.#inForce.values())
      if (slots.size > 0 && addressee.roles.includes(role)) return true;
    return false;
  }

  /** Those who have an INS of this stay that stands. */
  informed(): Addressee[] {
    return [...this.#inForce.values()].flatMap(({ addressee, slots, succeeded }) =>
      slots.has(INS_SLOT) && !succeeded ? [addressee] : [],
    );
  }

  /**
   * What is due to a party, kind by kind, and on which ground. What has a ground is the ward's from here on (DEC-05). What was
   * handed over and stands as it is is told no more, on whichever ground: none is asked.
   */
  #decide(stay: Stay, unit: Addressee, step: Step, { units }: Pick<Owed, 'units'>): Decided[] {
    const { party } = unit;
    const slots = this.#inForce.get(party.id)?.slots;
    const said = (slot: string): string | undefined => slots?.get(slot)?.said;
    const situation = { stay, unit, base: this.#baseOf(stay), said };
    const date = localDate(step.event.intakeAt);
    const decided: Decided[] = [];
    // A stay may have told much of one kind: the ward's ground is the same for all of the same scopes, a party's word has its own.
    const grounds = new Map<string, Carried | undefined>();
    for (const { kind, due: dueBy } of NOTICES) {
      for (const due of dueBy(situation)) {
        const { slot, says, scopes, saidBy } = due;
        if (!saidBy && said(slot) === says && this.#ward.handedOver(party.id, slot) && isToldAtAll(kind, party, date)) {
          decided.push({ due });
          continue;
        }
        const asked = `${kind}|${scopes.join()}`;
        const isKnown = !saidBy && grounds.has(asked);
        const decision = isKnown ? grounds.get(asked) : groundOf(due, party, stay, units, date);
        if (!saidBy) grounds.set(asked, decision);
        // What the table has no row for is due to nobody, whatever is stated.
        if (!decision) continue;
        if ('ground' in decision && !saidBy) this.#ward.noteHandedOver(party.id, slot, step);
        decided.push({ due, decision });
      }
    }
    return decided;
  }

  /** What every notice of the stay carries; the same object as long as the same is said. */
  #baseOf({ patient, protection, terms: { careProvider } }: Stay): NoticeBase {
    const known = this.#base;
    if (known?.patient === patient && known.protection === protection && known.base.careProvider === careProvider)
      return known.base;
    const base = { person: personOf(patient, protection), careProvider };
    this.#base = { patient, protection, base };
    return base;
  }

  /**
   * Tells what is due and not yet said; answers with what is withheld. A protected person is never routed by rule (RTE-41):
   * only those are told to whom a person has released it.
   */
  #tell(addressee: Addressee, decided: readonly Decided[], stay: Stay, step: Step, owed: Owed): Withheld[] {
    const recipient = addressee.party.id;
    const released = stay.protection && owed.units.tellable.find(({ party }) => party.id === recipient);
    const isShielded = stay.protection !== undefined && !released;
    const told = released ? { ...addressee, released: true as const, trace: released.trace } : addressee;
    const withheld: Withheld[] = [];
    for (const { due, decision: known } of decided) {
      const before = this.#inForce.get(recipient)?.slots.get(due.slot);
      if (before?.said === due.says) continue;
      const { slot } = due;
      const { kind } = due.content;
      const decision = known ?? groundOf(due, addressee.party, stay, owed.units, localDate(step.event.intakeAt));
      // Nobody owes it: without a ground, and of a protected person, it is silent (rules 12.2, RTE-41).
      if (!decision || (kind === 'HOME' && (isShielded || 'withheld' in decision))) continue;
      const { elements } = decision;
      if (isShielded) {
        // An INS that was told is not owed again because its address is hidden now.
        if (before && kind === 'INS') continue;
        withheld.push({ kind, recipient, slot, because: 'protected', elements, permittedBy: [] });
      } else if ('withheld' in decision) {
        const { withheld: because, permittedBy } = decision;
        withheld.push({ kind, recipient, slot, because, elements, permittedBy });
      } else this.#record(told, due, decision, before, stay, step, owed);
    }
    return withheld;
  }

  #record(
    addressee: Addressee,
    { content, slot, says }: Due<NoticeContent>,
    { ground, basis, elements }: Granted,
    before: Told | undefined,
    stay: Stay,
    step: Step,
    { decidedBy, keepDecision }: Owed,
  ): void {
    const party = addressee.party.id;
    const { desk, confidence } = addressee;
    const decision = keepDecision();
    const act: Act = {
      kind: content.kind,
      recipient: party,
      slot,
      statedBy: step.event.eventId,
      at: step.event.intakeAt,
      sent: step.sent,
      content: within(content, elements),
      ground,
      ...(basis && { basis }),
      trace: traceOf(addressee, ground, basis),
      decidedBy: {
        ...decidedBy,
        ...(confidence === 'LOW' && { confidence }),
        ...(desk && { desk: desk.id }),
      },
      ...(decision !== undefined && { decision }),
      ...(before && { follows: before.act.key }),
      key: actKey(content, party, slot, step),
    };
    this.#answered = undefined;
    const place = this.#acts.push(act) - 1;
    const notices = this.#inForce.get(party) ?? {
      addressee,
      personKey: stay.personKey,
      succeeded: false,
      slots: new Map<string, Told>(),
    };
    notices.addressee = addressee;
    notices.personKey = stay.personKey;
    const places = before?.places ?? [];
    places.push(place);
    notices.slots.set(slot, { act, places, said: says });
    this.#inForce.set(party, notices);
  }

  #endWhatIsOver(party: PartyId, notices: PartyNotices, stay: Stay, step: Step, owed: Owed): void {
    notices.succeeded = owed.isSucceeded(party);
    const cause = endOfAll(party, notices, stay, owed);
    if (!cause) return;
    // Who has the INS of the stay before is told on, whatever becomes of this stay's own need.
    const goesOn =
      cause !== 'other-person' && isReal(stay) && !owed.over && owed.kept.some((one) => one.party.id === party);
    this.#end(party, goesOn ? [INS_SLOT] : [...notices.slots.keys()], step, cause, stay.protection, owed);
  }

  /** A discharge taken back, an INFO that was never true, a patient no longer ready. */
  #endWhatIsNotDue(
    addressee: Addressee,
    decided: readonly Decided[],
    stay: Stay,
    step: Step,
    owed: Pick<Owed, 'keepDecision'>,
  ): void {
    const { party } = addressee;
    const notices = this.#inForce.get(party.id);
    if (!notices) return;
    const date = localDate(step.event.intakeAt);
    const due = new Set(decided.map((one) => one.due.slot));
    const slots: string[] = [];
    for (const [slot, { act }] of notices.slots)
      if (!due.has(slot) && endsUndue(act.kind, addressee, stay, date)) slots.push(slot);
    this.#end(party.id, slots, step, 'not-so-any-more', stay.protection, owed);
  }

  #end(
    party: PartyId,
    slots: readonly string[],
    step: Step,
    cause: EndCause,
    protection: Protection | undefined,
    { keepDecision }: Pick<Owed, 'keepDecision'>,
  ): void {
    const notices = this.#inForce.get(party);
    if (!notices || slots.length === 0) return;
    const decision = keepDecision();
    const ended = {
      statedBy: step.event.eventId,
      at: step.event.intakeAt,
      sent: step.sent,
      cause,
      ...(decision !== undefined && { decision }),
      ...(protection && { protection }),
      ...(step.elsewhere && { elsewhere: step.elsewhere }),
    };
    this.#answered = undefined;
    for (const slot of slots) {
      for (const place of notices.slots.get(slot)?.places ?? []) {
        const act = this.#acts[place];
        if (act) this.#acts[place] = { ...act, ended };
      }
      notices.slots.delete(slot);
    }
    if (notices.slots.size === 0) this.#inForce.delete(party);
  }
}

/** Whom a stay has to tell at a step: its own units, those who were told before, and who helps at home. */
function addresseesAt({ units: { resolved, tellable }, sent, kept, home, returned }: Owed): Addressee[] {
  const alsoReleased =
    tellable === resolved ? [] : tellable.filter(({ party }) => !resolved.some((unit) => unit.party.id === party.id));
  const own = addresseesOf(sent ? [...resolved, ...alsoReleased] : [], kept);
  return sent && home.length > 0 ? [...own, ...home.filter(({ party }) => !returned.has(party.id))] : own;
}

/** The lawful items; a protected person's address is never among them (RTE-43), nor who issued a local number (DEC-35). */
function personOf(patient: PatientStatement, protection: Protection | undefined): NoticePerson {
  const identity = patient.identities[0];
  if (!identity) throw new Error('a translated event has an identity');
  const { type, value, certainty } = identity;
  const system = type === 'other' ? '' : identity.system;
  return {
    identity: { type, system, value, ...(certainty && { certainty }) },
    ...(patient.name && { name: patient.name }),
    ...(patient.address && !protection && { address: patient.address }),
    ...(protection && { protection }),
  };
}

function traceOf({ trace }: Addressee, ground: Ground, basis: StatedBasis | undefined): TraceLine[] {
  const since = basis && `, gäller från ${localIso(basis.at).slice(0, 16).replace('T', ' ')}`;
  return [...trace, { rule: '12.2', text: `Grund: ${GROUND_NAMES[ground]}${since ?? ''}${judgeOf(ground, basis)}.` }];
}

/** Grounds that somebody has to judge; of who does not name them the trace says so (rules 12.3). */
const JUDGED: ReadonlySet<Ground> = new Set<Ground>(['CANNOT_CONSENT', 'CHILD_OR_ABUSE_OR_COMPULSORY', 'MENPROVNING']);

function judgeOf(ground: Ground, basis: StatedBasis | undefined): string {
  if (basis?.judgedBy !== undefined) return `, bedömd av ${basis.judgedBy}`;
  return basis && JUDGED.has(ground) ? ', vem som har bedömt det är inte angivet' : '';
}

/**
 * Kind, recipient and stating event name a notice (architecture 2.4); the slot is needed besides, as one message may
 * state several INFO. Of one event there may be more steps than one, as other stays change: the instant sets them apart.
 */
function actKey(content: NoticeContent, party: PartyId, slot: string, { event, elsewhere }: Step): string {
  return `${content.kind}|${party}|${slot}|${event.eventId}${elsewhere ? `@${event.intakeAt}` : ''}`;
}

/** Why everything that a party has been told stops holding (DEC-08, DEC-15, DEC-18; MC-28), if it does. */
function endOfAll(
  party: PartyId,
  { addressee, personKey, succeeded }: PartyNotices,
  stay: Stay,
  { units, returned, over, sent, home }: Owed,
): EndCause | undefined {
  if (stay.state === 'cancelled') return 'cancelled';
  if (personKey !== stay.personKey) return 'other-person';
  if (over) return over.cause;
  if (returned.has(party)) return 'returned';
  if (stay.deceased) return 'deceased';
  if (!stay.need || statesNoNeed(stay)) return 'no-need';
  if (!sent) return 'not-so-any-more';
  const isIt = (one: Pick<Addressee, 'party'>): boolean => one.party.id === party;
  if (units.tellable.some(isIt) || home.some(isIt)) return undefined;
  // Who was told because a person chose it is told no longer when that person takes it back, whatever is known besides.
  const waits = units.unresolved.some(({ role }) => addressee.roles.includes(role));
  if (addressee.released && waits) return 'release-undone';
  // An address that became unknown says nothing of the old one; only another recipient in its place does. What became of a
  // party says nothing against what it was told.
  return stay.protection || succeeded || waits ? undefined : 'other-recipient';
}
