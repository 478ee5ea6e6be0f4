import type { NeedScope } from '../codes/scope.ts';
import { areaOf, type Municipalities } from './municipal-recipients.ts';
import type { CareKind, PartyId } from '../parties/party.ts';
import { waiting, type Finding, type RoutingCase } from './routing-case.ts';
import type { CareType } from './routing-facts.ts';
import type { RoutingRuleId } from './routing-rules.ts';

/**
 * Who in the region's open care is told (LUS 2:1; rules 12.2): the clinic at which the person is listed, a psychiatric or
 * addiction clinic with an ongoing contact, the rehabilitation that the ward has named. Where municipal health care is needed
 * open care is told as well (LUS 2:1 st.2): its own part is ROV, and that the municipality is concerned is none of its business
 * (rules 12.4).
 */
export function clinicFindings(routing: RoutingCase, municipalities: Municipalities): Finding[] {
  const { need, contacts = [], rehab = [] } = routing.facts;
  if (!need.includes('ROV') && !need.includes('KHSL')) return [];
  return [
    primaryCare(routing, municipalities),
    ...contacts.map((id) => named(routing, 'contact', id, proposedContact(routing, municipalities))),
    ...rehab.map((id) => named(routing, 'rehab', id)),
  ];
}

type ClinicRole = 'clinic' | 'contact' | 'rehab';

const ROV: readonly NeedScope[] = ['ROV'];
const NAMES: Readonly<Record<ClinicRole, string>> = {
  clinic: 'Listad mottagning',
  contact: 'Mottagning med pågående kontakt',
  rehab: 'Rehabilitering',
};
/** What the clinic is to the person. */
const AS: Readonly<Record<ClinicRole, string>> = {
  clinic: 'personen är listad där',
  contact: 'kontakten pågår där',
  rehab: 'rehabiliteringen ges där',
};
const RULES: Readonly<Record<ClinicRole, RoutingRuleId>> = { clinic: 'RTE-09', contact: 'RTE-10', rehab: '12.2' };

/** That no listing is known does not mean that there is none; only who is said to be unlisted is the area's (RTE-09). */
function primaryCare(routing: RoutingCase, municipalities: Municipalities): Finding {
  const { listing } = routing.facts;
  if (typeof listing === 'object') return named(routing, 'clinic', listing.clinic);
  if (listing === undefined)
    return waiting('clinic', ROV, 'RTE-09', `${NAMES.clinic} är inte angiven; mottagare väljs för hand.`);
  const area = areaOf(routing, municipalities);
  const party = area === undefined ? undefined : routing.directory.clinicOfArea('primary', area, routing.date);
  if (!party)
    return waiting('clinic', ROV, 'RTE-09', 'Olistad, och området har ingen mottagning; mottagare väljs för hand.');
  const where = area === undefined ? '' : routing.directory.nameOf(area, routing.date);
  const text = `Olistad: ${party.name} har området ${where}, säkerhet LÅG.`;
  return { role: 'clinic', scopes: ROV, party, unsure: true, trace: [{ rule: 'RTE-09', text }] };
}

function named(routing: RoutingCase, role: ClinicRole, id: PartyId, proposal?: PartyId): Finding {
  const party = routing.directory.party(id, routing.date);
  const rule = RULES[role];
  if (party?.kind !== 'clinic') {
    const text = `${NAMES[role]} finns inte i katalogen; mottagare väljs för hand.`;
    return waiting(role, ROV, rule, text, proposal === undefined ? {} : { proposals: [proposal] });
  }
  const text = `${party.name} underrättas, eftersom behov av öppen vård är bedömt: ${AS[role]}.`;
  const was = routing.directory.nameOf(id, routing.date);
  const moved = party.id === id ? [] : [{ rule: 'RTE-24', text: `${was} har uppgått i ${party.name}.` }];
  return { role, scopes: ROV, party, trace: [{ rule, text }, ...moved] };
}

const CARE_OF: Readonly<Record<CareType, CareKind>> = {
  SOM: 'primary',
  PSY: 'psychiatry',
  BER: 'addiction',
  BUP: 'child-psychiatry',
};

/** The clinic of the area, as a proposal to whoever decides: without a contact no rule tells a psychiatric clinic (rules 12.2). */
function proposedContact(routing: RoutingCase, municipalities: Municipalities): PartyId | undefined {
  const { careType = 'SOM' } = routing.facts;
  const area = careType === 'SOM' ? undefined : areaOf(routing, municipalities);
  return area === undefined ? undefined : routing.directory.clinicOfArea(CARE_OF[careType], area, routing.date)?.id;
}
