import { NEED_SCOPES, type NeedScope } from '../codes/scope.ts';
import type { HomeWord } from '../events/party-event.ts';
import type { Ground } from '../codes/elements-and-grounds.ts';
import { clinicFindings } from './clinic-recipients.ts';
import { municipalFindings, municipalitiesOf, type Municipalities } from './municipal-recipients.ts';
import type { Directory } from '../parties/directory.ts';
import { ADDED_KINDS, MUNICIPAL_KINDS, type Desk, type Party, type PartyId, type UnitRole } from '../parties/party.ts';
import { deskFor, type Finding, type NotChosen, RoutingCase, waiting } from './routing-case.ts';
import type { ReturnedNotice, RoutingFacts } from './routing-facts.ts';
import type { TraceLine } from './routing-rules.ts';

/**
 * Who is told of a stay, and why: a pure function of the facts, the directory and the day.
 *
 * Every need that is recorded has one recipient in each role that it concerns, or waits for a person; nobody is told without
 * one. The order is: the municipalities and the clinics by rule; what a recipient has sent back; what the operator has
 * released; and over all of it the protection of the person, of whom no rule tells anything to anybody (RTE-41).
 */
export interface RoutingDecision {
  /** The version of the directory that it was made by: the same facts, version and day give the same decision. */
  readonly directoryVersion: string;
  readonly date: string;
  readonly facts: RoutingFacts;
  readonly municipalities: Municipalities;
  readonly recipients: readonly Recipient[];
  /** Needs that wait for a person: each is a Task with an owner and a clock. */
  readonly byHand: readonly WaitingNeed[];
  /** Whom a municipality or board has added: told what it lets them know, never a notice of the ward (rules 12.2, 12.7). */
  readonly added: readonly AddedRecipient[];
  /** Those from whom a notice is withdrawn because they sent it back; `breach` where content had gone out (SEK-02). */
  readonly withdrawn: readonly { readonly party: PartyId; readonly breach: boolean }[];
  readonly notChosen: readonly NotChosen[];
}

/** A party that is told, in one or more roles. */
export interface Recipient {
  readonly party: Party;
  readonly roles: readonly UnitRole[];
  /** This party's own need, and nobody else's. */
  readonly scopes: readonly NeedScope[];
  /** `LOW`: told, to this one alone, and flagged for its own eye, because another could be right. */
  readonly confidence: 'HIGH' | 'LOW';
  /** Who there takes it; clinics have none. */
  readonly desk?: Desk;
  /** No rule chose it: a person did, for all that it is told of. */
  readonly released?: true;
  /** The line on the desk, where there is one, stands last. */
  readonly trace: readonly TraceLine[];
}

export interface WaitingNeed {
  readonly role: UnitRole;
  readonly scopes: readonly NeedScope[];
  readonly proposals: readonly PartyId[];
  /** The municipality whose queue it is, where a board could not be found. */
  readonly queue?: string;
  readonly trace: readonly TraceLine[];
}

export interface AddedRecipient {
  readonly party: Party;
  readonly by: PartyId;
  /** The party that has added it. */
  readonly adding: Party;
  readonly home?: HomeWord;
  readonly grounds?: readonly Ground[];
  readonly trace: readonly TraceLine[];
}

/** Decides who is told. @param date local day by which directory and rules are read */
export function decide(facts: RoutingFacts, directory: Directory, date: string): RoutingDecision {
  const routing = new RoutingCase(facts, directory, date);
  const municipalities = municipalitiesOf(facts);
  const byRule = findingsOf(routing, municipalities);
  const withdrawn: RoutingDecision['withdrawn'][number][] = [];
  const found = facts.protection
    ? protectedFindings(routing, byRule)
    : byRule.map((finding) => released(routing, afterReturns(routing, finding, withdrawn)));
  const recipients = together(found).map((one) => withDesk(routing, one));
  const byHand = found.flatMap(({ party, role, scopes, proposals = [], queue, trace }) =>
    party ? [] : [{ role, scopes, proposals, trace, ...(queue !== undefined && { queue }) }],
  );
  const added = addedRecipients(routing, recipients);
  notePassedOver(routing, municipalities, recipients);
  return {
    ...{ directoryVersion: directory.version, date, facts, municipalities },
    ...{ recipients, byHand, added, withdrawn, notChosen: routing.passedOver },
  };
}

/** What the rules find, before returns, releases and protection. */
function findingsOf(routing: RoutingCase, municipalities: Municipalities): Finding[] {
  return [...municipalFindings(routing, municipalities), ...clinicFindings(routing, municipalities)];
}

/** The findings of one party as one recipient, in the order in which they were found. */
function together(found: readonly Finding[]): Omit<Recipient, 'desk'>[] {
  const byParty = new Map<PartyId, Omit<Recipient, 'desk'>>();
  for (const { party, role, scopes, unsure, trace, released: byHand } of found) {
    if (!party) continue;
    const before = byParty.get(party.id);
    const isReleased = byHand && (!before || before.released);
    byParty.set(party.id, {
      party,
      roles: [...(before?.roles ?? []), role],
      scopes: before ? union(before.scopes, scopes) : scopes,
      confidence: unsure || before?.confidence === 'LOW' ? 'LOW' : 'HIGH',
      ...(isReleased && { released: true }),
      trace: [...(before?.trace ?? []), ...trace],
    });
  }
  return [...byParty.values()];
}

/** Scopes of any, in the order of the rulebook. */
export function union(...all: readonly (readonly NeedScope[])[]): NeedScope[] {
  return NEED_SCOPES.filter((scope) => all.some((scopes) => scopes.includes(scope)));
}

function withDesk({ facts, grouping, directory, date }: RoutingCase, recipient: Omit<Recipient, 'desk'>): Recipient {
  const { party } = recipient;
  if (!MUNICIPAL_KINDS.has(party.kind)) return recipient;
  const owner = facts.caseOwner && directory.party(facts.caseOwner.party, date)?.id === party.id;
  const desk = deskFor(party, grouping, owner ? facts.caseOwner.desk : undefined);
  if (!desk) return recipient;
  const line = { rule: '4.4', text: `${desk.name}: ${grouping.why}${grouping.unsure ? ', säkerhet LÅG' : ''}.` };
  const confidence = grouping.unsure ? 'LOW' : recipient.confidence;
  return { ...recipient, desk, confidence, trace: [...recipient.trace, line] };
}

const CLINIC_ROLES: ReadonlySet<UnitRole> = new Set<UnitRole>(['clinic', 'contact', 'rehab']);

/** True when a party is of the kind that a role asks for: nobody proposes or releases a municipality's notice to a clinic. */
function fits({ kind }: Party, role: UnitRole): boolean {
  return CLINIC_ROLES.has(role) ? kind === 'clinic' : MUNICIPAL_KINDS.has(kind);
}

/**
 * A notice that was sent back is withdrawn from who sent it and goes to the one it proposes; a second return, or one that
 * proposes nobody, goes to a person (rules 12.2).
 */
function afterReturns(
  { facts, directory, date }: RoutingCase,
  finding: Finding,
  withdrawn: RoutingDecision['withdrawn'][number][],
): Finding {
  const returnOf = (id: PartyId | undefined): ReturnedNotice | undefined => facts.returned?.find(({ by }) => by === id);
  const first = returnOf(finding.party?.id);
  if (!first) return finding;
  const withdraw = ({ by, told }: ReturnedNotice): void => {
    if (!withdrawn.some(({ party }) => party === by)) withdrawn.push({ party: by, breach: told === true });
  };
  withdraw(first);
  const proposed = first.proposal === undefined ? undefined : directory.party(first.proposal, date);
  const { role, scopes } = finding;
  if (!proposed || !fits(proposed, role) || proposed.id === first.by) {
    return waiting(
      role,
      scopes,
      '12.2',
      `${directory.nameOf(first.by, date)} har återsänt meddelandet utan förslag som går; mottagare väljs för hand.`,
    );
  }
  const second = returnOf(proposed.id);
  if (second) {
    withdraw(second);
    const [one, other] = [directory.nameOf(first.by, date), directory.nameOf(second.by, date)];
    return waiting(role, scopes, '12.2', `Återsänt av ${one} och av ${other}; mottagare väljs för hand.`);
  }
  const text = `${directory.nameOf(first.by, date)} har återsänt meddelandet och anger ${proposed.name}: säkerhet LÅG.`;
  return { role, scopes, party: proposed, unsure: true, trace: [{ rule: '12.2', text }] };
}

/** What waits for a person, and has been released to somebody. */
function released({ facts, directory, date }: RoutingCase, finding: Finding): Finding {
  if (finding.party) return finding;
  for (const { recipient, scopes, role = finding.role } of facts.released ?? []) {
    const party = directory.party(recipient, date);
    const covers = role === finding.role && finding.scopes.every((scope) => scopes.includes(scope));
    if (party && covers && fits(party, finding.role))
      return { ...finding, party, released: true, trace: [...finding.trace, RELEASED] };
  }
  return finding;
}

const RELEASED: TraceLine = { rule: '4.4', text: 'Mottagaren är vald av en människa.' };

/** A protected person: only to those to whom a person has released it, and the rest waits (RTE-41). Nothing is derived. */
function protectedFindings(routing: RoutingCase, byRule: readonly Finding[]): Finding[] {
  const text = 'Skyddade personuppgifter: mottagare väljs av en människa. Ring innan något sänds.';
  return byRule.map(({ role, scopes }) => released(routing, waiting(role, scopes, 'RTE-41', text)));
}

function addedRecipients(routing: RoutingCase, recipients: readonly Recipient[]): AddedRecipient[] {
  const { facts, directory, date } = routing;
  return (facts.added ?? []).flatMap(({ party: id, by, home, grounds }) => {
    const party = directory.party(id, date);
    const adding = recipients.find((one) => one.party.id === by && MUNICIPAL_KINDS.has(one.party.kind));
    if (!party || !ADDED_KINDS.has(party.kind)) {
      routing.notChosen(id, '12.7', 'Är inte en part av ett slag som får läggas till.');
    } else if (!adding) {
      routing.notChosen(
        id,
        '12.7',
        `${directory.nameOf(by, date)} är inte själv mottagare, och får inte lägga till någon.`,
      );
    } else {
      const trace = [{ rule: '12.7', text: `${party.name} är tillagd av ${adding.party.name}.` }];
      const said = { ...(home && { home }), ...(grounds && { grounds }) };
      return [{ party, by, adding: adding.party, ...said, trace }];
    }
    return [];
  });
}

/** Who could have been told and was not, because no need or no rule concerns them. */
function notePassedOver(
  routing: RoutingCase,
  { registered, staying }: Municipalities,
  told: readonly Recipient[],
): void {
  const { facts, directory, date } = routing;
  const { need, listing, contacts = [], rehab = [], placedBy, caseOwner, homeCare } = facts;
  if (!need.includes('SOC') && !need.includes('KHSL')) {
    for (const code of new Set([placedBy, registered ?? staying])) {
      if (code !== undefined)
        routing.notChosen(code, 'DEC-01', 'Behov av socialtjänst eller kommunal vård är inte bedömt.');
    }
  }
  if (!need.includes('ROV') && !need.includes('KHSL')) {
    const clinics = [...(typeof listing === 'object' ? [listing.clinic] : []), ...contacts, ...rehab];
    for (const id of clinics) routing.notChosen(id, 'DEC-01', 'Behov av regionens öppna vård är inte bedömt.');
  }
  const owner = caseOwner && (directory.party(caseOwner.party, date)?.id ?? caseOwner.party);
  if (owner !== undefined && !told.some(({ party }) => party.id === owner)) {
    routing.notChosen(
      owner,
      'RTE-23',
      'Har uppgett att ärendet är dess, men svarar inte för detta behov i den kommun som gäller.',
    );
  }
  if (homeCare !== undefined) {
    routing.notChosen(
      homeCare,
      '12.2',
      'Hemtjänst som avdelningen nämner är ett förslag till kommunen, aldrig en mottagare.',
    );
  }
  if (need.length > 0 && routing.grouping.group === 'child') {
    routing.notChosen('vårdnadshavare', '12.2', 'Vårdnadshavare får information som patienten, inte som mottagare.');
  }
}

/** What a new decision changes for those who were told by the one before it. */
export interface RecipientChange {
  readonly newlyTold: readonly PartyId[];
  readonly toldStill: readonly PartyId[];
  /** Told by the one before, and told no more; whether what they have is withdrawn is decided where it was told. */
  readonly noLongerTold: readonly PartyId[];
}

/** Compares two decisions of one stay. @param before undefined: nothing was decided yet */
export function recipientChange(before: RoutingDecision | undefined, after: RoutingDecision): RecipientChange {
  const had = new Set(before?.recipients.map(({ party }) => party.id));
  const has = new Set(after.recipients.map(({ party }) => party.id));
  return {
    newlyTold: [...has].filter((id) => !had.has(id)),
    toldStill: [...has].filter((id) => had.has(id)),
    noLongerTold: [...had].filter((id) => !has.has(id)),
  };
}
