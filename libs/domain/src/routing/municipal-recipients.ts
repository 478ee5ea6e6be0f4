import type { NeedScope } from '../codes/scope.ts';
import { MUNICIPAL_KINDS, type Party, type Entrustment, type PartyId } from '../parties/party.ts';
import { ASYLUM, isHomeless, isRegisteredNowhere, type Housing, type RoutingFacts } from './routing-facts.ts';
import { waiting, type Finding, type RoutingCase } from './routing-case.ts';
import type { RoutingRuleId } from './routing-rules.ts';
import type { TraceLine } from './routing-rules.ts';

/**
 * The municipalities of a person, and who in them is told (SoL 29 kap.; rules 4.1, 4.2, 4.7, 12.2, 12.6).
 *
 * Three are kept apart, because the law gives them different duties (RTE-05): the one where the person is registered, the one
 * that is responsible for care, and the one that is liable for payment.
 */
export interface Municipalities {
  readonly registered?: string;
  /** Where somebody stays who is registered nowhere. */
  readonly staying?: string;
  readonly careResponsible?: string;
  readonly paymentLiable?: string;
  readonly trace: readonly TraceLine[];
}

/** Housing by SoL 8:4 or 8:11: the municipality that decided on it keeps both care and payment (PAY-03; rules 12.6). */
const PAID_BY_THE_PLACING: ReadonlySet<Housing | undefined> = new Set<Housing | undefined>(['SABO']);

/** The three municipalities by the facts; a code is given as stated, whether or not the directory knows it. */
export function municipalitiesOf(facts: RoutingFacts): Municipalities {
  const { address, placedBy, stayingIn, housing } = facts;
  const nowhere = isRegisteredNowhere(facts) || address?.municipality === ASYLUM;
  const registered = nowhere ? undefined : address?.municipality;
  const stated = address?.municipality === ASYLUM ? undefined : address?.municipality;
  const staying = nowhere ? (stayingIn ?? stated) : registered === undefined ? stayingIn : undefined;
  const careResponsible = placedBy ?? registered ?? staying;
  const placingPays = placedBy !== undefined && PAID_BY_THE_PLACING.has(housing);
  const paymentLiable = placingPays ? placedBy : registered;
  const trace: TraceLine[] = [];
  if (placingPays)
    trace.push({ rule: 'PAY-03', text: `Kommun ${placedBy} har beslutat om boendet och är betalningsansvarig.` });
  else if (registered !== undefined)
    trace.push({ rule: 'PAY-02', text: `Kommun ${registered} är folkbokföringskommun och betalningsansvarig.` });
  else if (nowhere)
    trace.push({ rule: 'PAY-13', text: 'Inte folkbokförd i någon kommun: ingen kommun är betalningsansvarig.' });
  return {
    ...(registered !== undefined && { registered }),
    ...(staying !== undefined && { staying }),
    ...(careResponsible !== undefined && { careResponsible }),
    ...(paymentLiable !== undefined && { paymentLiable }),
    trace,
  };
}

/** Who in the municipalities is told of a need of social services or municipal health care. */
export function municipalFindings(routing: RoutingCase, municipalities: Municipalities): Finding[] {
  const { facts } = routing;
  const scopes = municipalScopes(routing, municipalities);
  if (scopes.length === 0) return [];
  const { placedBy } = facts;
  const found =
    placedBy === undefined
      ? whereThePersonBelongs(routing, municipalities, scopes)
      : [
          ...inMunicipality(routing, 'placing', placedBy, scopes),
          ...besidesThePlacing(routing, municipalities, scopes),
        ];
  const { housing } = facts;
  if (!scopes.includes('KHSL') || isMunicipalHousing(housing)) return found;
  const line = { rule: 'RTE-07', text: 'Boendeform okänd: säkerhet LÅG.' };
  return found.map((one) => (one.party ? { ...one, unsure: true, trace: [...one.trace, line] } : one));
}

/** Housing in which health care is the municipality's. */
function isMunicipalHousing(housing: Housing | undefined): boolean {
  return housing === 'SABO' || housing === 'LSS' || housing === 'KORTTID' || housing === 'ORD';
}

/** In this county the region nurses people in ordinary housing (RTE-07); elsewhere the municipality does. */
const REGION_NURSES_AT_HOME = '01';

/**
 * The scopes that are a municipality's to know of: in this county the need of municipal health care of somebody who lives in
 * ordinary housing is the listed clinic's, unless the directory has given it to a party that nurses at home too (RTE-08).
 */
function municipalScopes(routing: RoutingCase, { careResponsible }: Municipalities): NeedScope[] {
  const { facts, directory, date } = routing;
  const scopes = facts.need.filter((scope) => scope === 'SOC' || scope === 'KHSL');
  if (facts.housing !== 'ORD' || !scopes.includes('KHSL')) return scopes;
  if (careResponsible?.startsWith(REGION_NURSES_AT_HOME) !== true) return scopes;
  const { entrusts = [] } = directory.municipality(careResponsible, date) ?? {};
  if (entrusts.some((one) => one.scopes.includes('KHSL') && one.groups === undefined)) return scopes;
  routing.notChosen(careResponsible, 'RTE-07', 'Ordinärt boende: hemsjukvården är regionens, inte kommunens.');
  return scopes.filter((scope) => scope !== 'KHSL');
}

const UNREGISTERED = 'Folkbokföringskommun är inte angiven; mottagare väljs för hand.';

function whereThePersonBelongs(
  routing: RoutingCase,
  { registered, staying }: Municipalities,
  scopes: readonly NeedScope[],
): Finding[] {
  const { facts } = routing;
  if (registered !== undefined) return inMunicipality(routing, 'municipality', registered, scopes);
  if (staying !== undefined) {
    const where = routing.directory.nameOf(staying, routing.date);
    const line = { rule: 'RTE-03', text: `Inte folkbokförd; vistas i kommunen ${where}: säkerhet LÅG.` };
    return inMunicipality(routing, 'municipality', staying, scopes).map((one) => ({
      ...one,
      unsure: true,
      trace: [...one.trace, line],
    }));
  }
  const text =
    facts.address?.municipality === ASYLUM || facts.identity === 'LMA-nummer'
      ? 'Asylsökande utan känd vistelsekommun; mottagare väljs för hand.'
      : isRegisteredNowhere(facts)
        ? 'Inte folkbokförd, och vistelsekommun är inte angiven; mottagare väljs för hand.'
        : UNREGISTERED;
  const rule = isRegisteredNowhere(facts) || facts.address?.municipality === ASYLUM ? '4.7' : 'RTE-01';
  return [waiting('municipality', scopes, rule, text)];
}

/**
 * A placed person's registered municipality is told as well where payment follows registration, because it pays only if it
 * was told (LUS 5:3). Somebody who is registered nowhere has no such municipality.
 */
function besidesThePlacing(
  routing: RoutingCase,
  { registered }: Municipalities,
  scopes: readonly NeedScope[],
): Finding[] {
  const { facts } = routing;
  if (PAID_BY_THE_PLACING.has(facts.housing)) {
    if (registered !== undefined && registered !== facts.placedBy) {
      routing.notChosen(registered, '12.6', 'Placerad i särskilt boende: bara den placerande kommunen underrättas.');
    }
    return [];
  }
  if (registered !== undefined) return inMunicipality(routing, 'municipality', registered, scopes);
  if (isRegisteredNowhere(facts)) return [];
  return [waiting('municipality', scopes, 'RTE-01', UNREGISTERED)];
}

type Role = 'municipality' | 'placing';

const RULES = { municipality: 'RTE-01', placing: 'RTE-02' } as const;

/** Who in a municipality is told: what each need's own party is, as the directory and the case's owner have it. */
function inMunicipality(routing: RoutingCase, role: Role, code: string, scopes: readonly NeedScope[]): Finding[] {
  const row = routing.directory.municipality(code, routing.date);
  if (!row) return [notInDirectory(role, code, scopes)];
  const byOwner = Map.groupBy(scopes, (scope) => ownerOf(routing, row, scope) ?? entrustmentOf(routing, row, scope));
  return [...byOwner].map(([owner, own]) => {
    if (owner === undefined)
      return row.divided ? noted(row, inBoard(routing, role, code, own)) : inWhole(routing, role, row, own);
    return 'kind' in owner ? owned(role, owner, own) : entrusted(routing, role, row, owner, own);
  });
}

function notInDirectory(role: Role, id: string, scopes: readonly NeedScope[]): Finding {
  const elsewhere = /^\d{4}$/.test(id) && !id.startsWith(REGION_NURSES_AT_HOME);
  const how = elsewhere ? 'ligger utanför länet: säker kanal eller telefon' : 'mottagare väljs för hand';
  return waiting(role, scopes, elsewhere ? '4.7' : RULES[role], `Adressaten ${id} finns inte i katalogen; ${how}.`);
}

/** The party that has said that the case is its own, as far as the need may be its own in this municipality (RTE-23). */
function ownerOf(routing: RoutingCase, row: Party, scope: NeedScope): Party | undefined {
  const { facts, directory, date } = routing;
  const owner = facts.caseOwner && directory.party(facts.caseOwner.party, date);
  if (!owner || !MUNICIPAL_KINDS.has(owner.kind)) return undefined;
  if (row.divided) return owner.id.startsWith(`${row.id}-`) ? owner : undefined;
  const isItsOwn = (row.entrusts ?? []).some(({ to, scopes }) => to === owner.id && scopes.includes(scope));
  return isItsOwn || (owner.id === row.id && scope === 'SOC') ? owner : undefined;
}

function owned(role: Role, party: Party, scopes: readonly NeedScope[]): Finding {
  const text = `${party.name} har uppgett att ärendet är dess: det går före adressen.`;
  return { role, scopes, party, trace: [{ rule: 'RTE-23', text }] };
}

/** The party to which a municipality has given the need of such a person, if any (RTE-08; rules 4.7). */
function entrustmentOf(routing: RoutingCase, row: Party, scope: NeedScope): Entrustment | undefined {
  const homeless = isHomeless(routing.facts);
  return row.entrusts?.find(
    ({ scopes, groups }) =>
      scopes.includes(scope) &&
      (groups === undefined || groups.includes(routing.grouping.group) || (homeless && groups.includes('homeless'))),
  );
}

function entrusted(
  routing: RoutingCase,
  role: Role,
  row: Party,
  { to, groups }: Entrustment,
  scopes: readonly NeedScope[],
): Finding {
  const party = routing.directory.party(to, routing.date);
  if (!party) return notInDirectory(role, to, scopes);
  const homeless = isHomeless(routing.facts) && groups?.includes('homeless') === true;
  const unsure = homeless || (groups !== undefined && routing.grouping.unsure);
  const text = `${row.name} har lämnat uppdraget till ${party.name}${homeless ? ' för personer utan bostad' : ''}.`;
  const trace = [{ rule: homeless ? '4.7' : 'RTE-08', text }];
  return { role, scopes, party, trace, ...(unsure && { unsure }) };
}

function inWhole(routing: RoutingCase, role: Role, row: Party, scopes: readonly NeedScope[]): Finding {
  const party = routing.directory.party(row.id, routing.date);
  if (!party) return notInDirectory(role, row.id, scopes);
  return chosen(routing, role, row.id, party, scopes, RULES[role]);
}

/** By what a board was found. */
const HOW: Readonly<Partial<Record<RoutingRuleId, string>>> = {
  'RTE-20': ' Nämnden är den som avsändaren har angett.',
  'RTE-22': ' Nämnden är den som stadens register har för adressen.',
};

function chosen(
  { facts, directory, date }: RoutingCase,
  role: Role,
  id: PartyId,
  party: Party,
  scopes: readonly NeedScope[],
  rule: RoutingRuleId,
): Finding {
  const why = role === 'placing' ? 'som har placerat personen' : `eftersom behov av ${listed(scopes)} är bedömt`;
  const trace: TraceLine[] = [{ rule, text: `${party.name} underrättas, ${why}.${HOW[rule] ?? ''}` }];
  if (party.id !== id)
    trace.push({ rule: 'RTE-24', text: `${directory.nameOf(id, date)} har uppgått i ${party.name}.` });
  const unsure = isHomeless(facts) || facts.housing === 'PRISON';
  if (unsure) trace.push({ rule: '4.7', text: 'Utan bostad, eller i anstalt: egna regler kan gälla, säkerhet LÅG.' });
  return { role, scopes, party, trace, ...(unsure && { unsure }) };
}

/**
 * The board of a divided municipality: what the message states, and what the city's register says of the address. Where the
 * two differ, or neither says anything, a person decides: a notice to the wrong board is a breach of secrecy.
 */
function inBoard(routing: RoutingCase, role: Role, code: string, scopes: readonly NeedScope[]): Finding {
  const { facts, directory, date } = routing;
  const address = facts.address?.municipality === code ? facts.address : undefined;
  const stated = address?.district === undefined ? undefined : `${code}-${address.district}`;
  const registered = address && !isHomeless(facts) ? directory.boardOf(code, address.lines, date) : undefined;
  const byStatement = stated === undefined ? undefined : directory.party(stated, date);
  const inRegister = registered && 'board' in registered ? registered.board : undefined;
  const byRegister = inRegister === undefined ? undefined : directory.party(inRegister, date);
  const queue = { queue: code };
  if (byStatement && byRegister && byStatement.id !== byRegister.id) {
    const text = `Avsändaren anger ${byStatement.name}, stadens register ${byRegister.name}; mottagare väljs för hand.`;
    return waiting(role, scopes, 'RTE-22', text, { ...queue, proposals: [byRegister.id, byStatement.id] });
  }
  if (byStatement && stated !== undefined) return chosen(routing, role, stated, byStatement, scopes, 'RTE-20');
  if (byRegister && inRegister !== undefined) {
    return chosen(routing, role, inRegister, byRegister, scopes, 'RTE-22');
  }
  const text =
    stated === undefined
      ? `${directory.nameOf(code, date)} är delad i nämnder, och stadsdelsnämnd är inte angiven; mottagare väljs för hand.`
      : `Adressaten ${stated} finns inte i katalogen; mottagare väljs för hand.`;
  return waiting(role, scopes, 'RTE-20', text, queue);
}

/** What the directory says of a city's boards in that period, where it knows less of them than today (RTE-24). */
function noted({ note }: Party, finding: Finding): Finding {
  return note === undefined ? finding : { ...finding, trace: [...finding.trace, { rule: 'RTE-24', text: note }] };
}

const SCOPE_NAMES: Readonly<Record<NeedScope, string>> = {
  SOC: 'socialtjänst',
  KHSL: 'kommunal hälso- och sjukvård',
  ROV: 'regionens öppna vård',
};

function listed(scopes: readonly NeedScope[]): string {
  return scopes.map((scope) => SCOPE_NAMES[scope]).join(' och ');
}

/** The municipality or board of the registered address, for clinics that have an area; undefined where it is not known. */
export function areaOf(routing: RoutingCase, { registered, staying }: Municipalities): PartyId | undefined {
  const code = registered ?? staying;
  const row = code === undefined ? undefined : routing.directory.municipality(code, routing.date);
  if (!row) return undefined;
  return row.divided ? inBoard(routing, 'municipality', row.id, []).party?.id : row.id;
}
