import { sideOf } from '../disclosure/disclosure-table.ts';
import type { Ground } from '../codes/elements-and-grounds.ts';
import type { NeedScope } from '../codes/scope.ts';
import type { HomeWord } from '../events/party-event.ts';
import { isSameValue } from '../events/same-value.ts';
import type { Stay } from '../stay/stay.ts';
import type { Instant } from '../time/time.ts';
import {
  type AddedRecipient,
  decide,
  type Recipient,
  type RoutingDecision,
  union,
  type WaitingNeed,
} from './decision.ts';
import type { Directory } from '../parties/directory.ts';
import type { Party, PartyId, UnitRole } from '../parties/party.ts';
import { factsOfStay, type StatedRouting } from './routing-facts.ts';
import type { TraceLine } from './routing-rules.ts';

/**
 * A unit whose need it is; one party may be concerned in more than one role. Why its desk was chosen tells what care the person
 * has: that is the party's own to see (rules 12.5), and stands in no line of the trace.
 */
export type Unit = Recipient;

/** A need that no rule could give a recipient: it goes to a person, never to silence (RTE-09, rules 4.4). */
export type OpenUnit = WaitingNeed;

export interface Units {
  /** Whose need it is. Of a protected person too: what the ward owes them is judged by this, and nothing is told by it. */
  readonly resolved: readonly Unit[];
  /** What waits for a person; of a protected person all that nobody has released. */
  readonly unresolved: readonly OpenUnit[];
  /** Who may be told: `resolved`, and of a protected person those to whom a person has released it (RTE-41). */
  readonly tellable: readonly Unit[];
  /** All of the above with its reasons; absent where no need is asked about. */
  readonly decision?: RoutingDecision;
}

/**
 * The units concerned by a need of a stay (LUS 2:1; rules 12.2, 12.6).
 * @param need the scopes that are asked about: those the ward has sent an INS for
 * @param date local day by which the directory is read
 * @param stated what parties and the operator have decided of who is told
 */
export function unitsOf(
  stay: UnitsQuestion['stay'],
  need: readonly NeedScope[],
  directory: Directory,
  date: string,
  stated: StatedRouting = {},
): Units {
  if (need.length === 0) return NOBODY;
  const { protection, ...open } = factsOfStay(stay, need, stated);
  const byRule = decide(open, directory, date);
  const decision = protection ? decide({ ...open, protection }, directory, date) : byRule;
  const resolved = byRule.recipients.map(withoutDeskLine);
  return {
    resolved,
    unresolved: decision.byHand,
    tellable: protection ? decision.recipients.map(withoutDeskLine) : resolved,
    decision,
  };
}

/** By what it is decided who is concerned. */
interface UnitsQuestion {
  readonly stay: Pick<Stay, 'patient' | 'protection' | 'concerns'>;
  readonly need: readonly NeedScope[];
  readonly directory: Directory;
  readonly date: string;
  readonly stated: StatedRouting;
}

/**
 * Who is concerned, as long as a stay goes on: decided anew only when something is another that it is decided by. Nearly every
 * message of a stay says of the person what was said before.
 */
export class LatestUnits {
  #asked: UnitsQuestion | undefined;
  #units = NOBODY;

  /** As {@link unitsOf}; the same object as long as the same is asked. */
  of(question: UnitsQuestion): Units {
    if (this.#asked && isSameQuestion(this.#asked, question)) return this.#units;
    const { stay, need, directory, date, stated } = question;
    const { patient, protection, concerns } = stay;
    this.#asked = { stay: { patient, concerns, ...(protection && { protection }) }, need, directory, date, stated };
    return (this.#units = unitsOf(stay, need, directory, date, stated));
  }
}

function isSameQuestion(a: UnitsQuestion, b: UnitsQuestion): boolean {
  return (
    a.stay.patient === b.stay.patient &&
    a.stay.protection === b.stay.protection &&
    a.stay.concerns === b.stay.concerns &&
    a.directory === b.directory &&
    a.date === b.date &&
    a.stated === b.stated &&
    isSameValue(a.need, b.need)
  );
}

/** Nobody is concerned. */
export const NOBODY: Units = { resolved: [], unresolved: [], tellable: [] };

function withoutDeskLine(recipient: Recipient): Unit {
  return recipient.desk ? { ...recipient, trace: recipient.trace.slice(0, -1) } : recipient;
}

/**
 * Those to whom a stay's notices go: its own units, and those whom the stay that it continues has told (DEC-08).
 * What is brought along is who was told and of which need, and nothing else: no ground, no fact, no name of another ward.
 */

/** A party that has an INS of a stay that goes on in this one. */
export interface Inherited {
  readonly party: PartyId;
  /** The need that it was told of: what grounds and INFO of this stay are asked by. */
  readonly scopes: readonly NeedScope[];
  /** The expected discharge that it was last told, as text: the same again is no news (LUS 2:4). Never shown. */
  readonly expected?: string;
  /** From when the hub has known that the stay may go on, and that this party was told. */
  readonly since: Instant;
}

/** Why a later stay ends this one's case. */
export interface Over {
  readonly at: Instant;
  readonly cause: 'deceased-later' | 'no-need-later';
}

/** What the other stays of the person bring to this one (`continuation.ts`). */
export interface Continuation {
  readonly inherited: readonly Inherited[];
  /** The personal number of the stay that goes on, as far as it has one. */
  readonly person?: string;
  /** The admissions that continue: later than `after`, from `from` to `until`. Absent: none does. */
  readonly admitted?: { readonly after: Instant; readonly from: Instant; readonly until: Instant };
  /** From when a later stay that continues this one ends its case. */
  readonly over?: Over;
  /** A later stay goes on with this one: the patient who was sent on has arrived (DEC-31). */
  readonly arrived?: true;
}

export const NO_CONTINUATION: Continuation = { inherited: [] };

/** An inherited recipient as the directory has it. */
export interface Kept extends Omit<Inherited, 'party'> {
  readonly party: Party;
}

/**
 * Whom the stay keeps as told at an instant. A party that has ended is followed by its successor (RTE-24). A ward that says
 * that there is no need ends the case: it keeps nobody (DEC-31). Nor does a visit keep anybody while it is said to be another
 * person's: who has the INS of the one is told nothing of the other (DEC-18).
 */
export function keptAt(
  { inherited, person, admitted }: Continuation,
  stay: Stay,
  now: Instant,
  directory: Directory,
  date: string,
): Kept[] {
  const admission = stay.admittedAt;
  if (!admitted || admission === undefined || statesNoNeed(stay) || isAnotherThan(person, stay)) return [];
  if (admission <= admitted.after || admission < admitted.from || admission > admitted.until) return [];
  const kept = new Map<PartyId, Kept>();
  for (const one of inherited) {
    const party = one.since <= now ? directory.party(one.party, date) : undefined;
    if (!party) continue;
    const before = kept.get(party.id);
    kept.set(party.id, { ...one, party, scopes: union(before?.scopes ?? [], one.scopes) });
  }
  return [...kept.values()];
}

/** The personal number of a stay; undefined while only provisional ones are known. */
export function personalNumberOf({ patient }: Pick<Stay, 'patient'>): string | undefined {
  return patient.identities.find(({ type }) => type === 'personnummer')?.value;
}

function isAnotherThan(person: string | undefined, stay: Stay): boolean {
  const number = personalNumberOf(stay);
  return person !== undefined && number !== undefined && person !== number;
}

/** True when the ward has said that there is no need; one that says nothing of it has not. */
export function statesNoNeed(stay: Stay): boolean {
  return stay.need !== undefined && stay.need.scopes.length === 0;
}

/** A party that the notices of a stay go to. */
export interface Addressee {
  readonly party: Party;
  readonly roles: readonly UnitRole[];
  /** The need that it has been told of, in this stay or the one before: in what scopes a ground may be stated. */
  readonly scopes: readonly NeedScope[];
  /** This stay's own need of it; absent: this stay has no INS for it. */
  readonly ownNeed?: readonly NeedScope[];
  /** Present when the stay before has told it. */
  readonly kept?: Kept;
  /** Another could be right (rules 4.4). */
  readonly confidence?: Unit['confidence'];
  /** Who at the party takes it: for its own eyes (rules 12.5). */
  readonly desk?: Unit['desk'];
  /**
   * It helps at home, and is told that and when alone (rules 12.2); `said` by a party that has added it, else by the ward.
   */
  readonly home?: { readonly said?: PartyWord };
  /** A person chose it, and no rule (rules 4.4, RTE-41). */
  readonly released?: true;
  readonly trace: readonly TraceLine[];
}

/** What a party lets a recipient of its own know, and on which grounds. */
export interface PartyWord {
  readonly by: Party;
  readonly word: HomeWord;
  readonly grounds: readonly Ground[];
}

/**
 * Who is told that the person is away or home: whom a municipality or board has added, and whom the person has named in a consent
 * of scope `HOME`. A provider that the ward only mentions (`HOMECARE`) is never among them (rules 12.2). Who was named stays
 * here when the consent is taken back: nothing more is told then, for want of a ground, and what was said stays said.
 */
export function homeAddressees(
  added: readonly AddedRecipient[],
  { disclosures }: Pick<Stay, 'disclosures'>,
  directory: Directory,
  date: string,
): Addressee[] {
  const consents = disclosures.filter(({ code, scopes }) => code === 'CONSENT' && scopes.includes('HOME'));
  if (added.length === 0 && consents.length === 0) return [];
  const byParty = added.flatMap(({ party, adding, home: word, grounds = [], trace }): Addressee[] =>
    sideOf(party.kind) === 'home-care'
      ? [{ party, roles: [], scopes: [], home: word ? { said: { by: adding, word, grounds } } : {}, trace }]
      : [],
  );
  const named = new Set(consents.flatMap(({ values }) => values));
  const byPerson = [...named].flatMap((id): Addressee[] => {
    const party = directory.party(id, date);
    if (party?.kind !== 'home-care' || byParty.some((one) => one.party.id === party.id)) return [];
    const text = `${party.name} är den som personen har samtyckt till att underrätta.`;
    return [{ party, roles: [], scopes: [], home: {}, trace: [{ rule: '12.2', text }] }];
  });
  return [...byParty, ...byPerson];
}

/** The units of a stay's own INS, in their order, then those who are only kept. */
export function addresseesOf(
  own: readonly Pick<Unit, 'party' | 'roles' | 'scopes' | 'trace' | 'confidence' | 'desk' | 'released'>[],
  kept: readonly Kept[],
): Addressee[] {
  if (kept.length === 0) return own.map((unit) => ({ ...unit, ownNeed: unit.scopes }));
  const before = new Map(kept.map((one) => [one.party.id, one]));
  const named = new Set(own.map(({ party }) => party.id));
  return [
    ...own.map((unit): Addressee => {
      const { party, scopes } = unit;
      const told = before.get(party.id);
      const all = told ? union(scopes, told.scopes) : scopes;
      return { ...unit, scopes: all, ownNeed: scopes, ...(told && { kept: told }) };
    }),
    ...kept.filter(({ party }) => !named.has(party.id)).map(onlyKept),
  ];
}

function onlyKept(kept: Kept): Addressee {
  const { party, scopes } = kept;
  const text = `${party.name} har fått inskrivningsmeddelande i det föregående vårdtillfället, som fortsätter i detta.`;
  return { party, roles: [], scopes, kept, trace: [{ rule: 'DEC-08', text }] };
}

/** By what the directory is read: who is told is decided by the instant of the discharge, once there is one (DEC-17). */
export function directoryInstant(stay: Stay, now: Instant): Instant {
  const left = stay.state === 'discharged' ? stay.discharges.at(-1)?.at.start : undefined;
  return left === undefined ? now : Math.min(left, now);
}
