import type { FactCode, NeedScope } from '../events/fact.ts';
import { ofCode } from '../stay/facts.ts';
import type { Stay } from '../stay/stay.ts';
import type { Directory, Party, PartyId } from './directory.ts';
import type { TraceLine } from './trace-line.ts';

/**
 * In what capacity a unit is concerned (rules 12.2, 12.6).
 *
 *   municipality  of the registered address, in a divided city its board (SoL 29:3)
 *   placing       that decided where the person lives, and keeps the responsibility (RTE-02)
 *   clinic        where the person is listed
 *   contact       a psychiatric or addiction clinic with an ongoing contact
 *   rehab         named by the ward
 */
export type UnitRole = 'municipality' | 'placing' | 'clinic' | 'contact' | 'rehab';

/** A unit whose need it is. One party may be concerned in more than one role. */
export interface Unit {
  readonly party: Party;
  readonly roles: readonly UnitRole[];
  /** This unit's own need, and nobody else's. */
  readonly scopes: readonly NeedScope[];
  readonly trace: readonly TraceLine[];
}

/** A need that no rule could give a recipient: it goes to a person, never to silence (RTE-09, rules 4.4). */
export interface OpenUnit {
  readonly role: UnitRole;
  readonly scopes: readonly NeedScope[];
  readonly trace: readonly TraceLine[];
}

export interface Units {
  readonly resolved: readonly Unit[];
  readonly unresolved: readonly OpenUnit[];
}

/** One unit in one role, before those of one party are put together. */
type Found = OpenUnit & { readonly party?: Party };

/**
 * The units concerned by a need (LUS 2:1; rules 12.2, 12.6). A protected person's are computed all the same: who may be
 * told is decided where it is told.
 * @param need the scopes that are asked about: those the ward has sent an INS for
 * @param date local day by which the directory is read
 */
export function unitsOf(stay: Stay, need: readonly NeedScope[], directory: Directory, date: string): Units {
  const found = [...municipalities(stay, need, directory, date), ...clinics(stay, need, directory, date)];
  const byParty = Map.groupBy(
    found.filter((one) => one.party !== undefined),
    ({ party }) => party?.id,
  );
  return {
    resolved: [...byParty.values()].flatMap(together),
    unresolved: found.filter((one) => one.party === undefined),
  };
}

function together(found: readonly Found[]): Unit[] {
  const party = found[0]?.party;
  if (!party) return [];
  return [
    {
      party,
      roles: found.map(({ role }) => role),
      scopes: union(...found.map(({ scopes }) => scopes)),
      trace: found.flatMap(({ trace }) => trace),
    },
  ];
}

/** Scopes of any, in the order of the rulebook. */
export function union(...all: readonly (readonly NeedScope[])[]): NeedScope[] {
  return (['SOC', 'KHSL', 'ROV'] as const).filter((scope) => all.some((scopes) => scopes.includes(scope)));
}

/** Housing in which the placing municipality alone has care and payment (SoL 8:4, 8:11; LUS 5:2 st.2; rules 12.6). */
const PLACING_ALONE: ReadonlySet<string> = new Set(['SABO']);

function municipalities(stay: Stay, need: readonly NeedScope[], directory: Directory, date: string): Found[] {
  const scopes = need.filter((scope) => scope === 'SOC' || scope === 'KHSL');
  if (scopes.length === 0) return [];
  const housing = latest(stay, 'HOUSING');
  const placedBy = latest(stay, 'PLACEDBY');
  const { municipality, district } = stay.patient.address ?? {};
  const registered = (): Found => ofMunicipality('municipality', municipality, district, scopes, directory, date);
  const found =
    placedBy === undefined
      ? [registered()]
      : [
          ofMunicipality(
            'placing',
            placedBy,
            placedBy === municipality ? district : undefined,
            scopes,
            directory,
            date,
          ),
          ...(housing !== undefined && PLACING_ALONE.has(housing) ? [] : [registered()]),
        ];
  const unsure = scopes.includes('KHSL') && (housing === undefined || housing === 'UNKNOWN');
  if (!unsure) return found;
  const line = { rule: 'RTE-07', text: 'Boendeform okänd: säkerhet LÅG.' };
  return found.map((one) => (one.party ? { ...one, trace: [...one.trace, line] } : one));
}

function latest(stay: Stay, code: FactCode): string | undefined {
  return ofCode(stay.concerns, code).at(-1)?.values[0];
}

function ofMunicipality(
  role: 'municipality' | 'placing',
  code: string | undefined,
  district: string | undefined,
  scopes: readonly NeedScope[],
  directory: Directory,
  date: string,
): Found {
  const rule = role === 'placing' ? 'RTE-02' : 'RTE-01';
  const open = (text: string): Found => ({ role, scopes, trace: [{ rule, text }] });
  if (code === undefined) return open('Folkbokföringskommun är inte angiven; mottagare väljs för hand.');
  const divided = directory.isDivided(code, date);
  if (divided && district === undefined) {
    return open(`Kommun ${code} är delad i nämnder och stadsdelsnämnd är inte angiven; mottagare väljs för hand.`);
  }
  const id = divided && district !== undefined ? `${code}-${district}` : code;
  const party = directory.party(id, date);
  if (!party) return open(`Adressaten ${id} finns inte i katalogen; mottagare väljs för hand.`);
  const why = role === 'placing' ? 'som har placerat personen' : `eftersom behov av ${listed(scopes)} är bedömt`;
  const trace = [{ rule: divided ? 'RTE-20' : rule, text: `Kommun ${id} -> ${party.name}, ${why}.` }];
  if (party.id !== id) trace.push({ rule: 'RTE-24', text: `${id} har uppgått i ${party.id}.` });
  return { role, party, scopes, trace };
}

function clinics(stay: Stay, need: readonly NeedScope[], directory: Directory, date: string): Found[] {
  if (!need.includes('ROV') && !need.includes('KHSL')) return [];
  const listedAt = stay.patient.listedClinic;
  return [
    listedAt
      ? ofClinic('clinic', listedAt, directory, date)
      : openClinic('clinic', 'Listad mottagning är inte angiven'),
    ...named(stay, 'CONTACT').map((id) => ofClinic('contact', id, directory, date)),
    ...named(stay, 'REHAB').map((id) => ofClinic('rehab', id, directory, date)),
  ];
}

function named(stay: Stay, code: FactCode): readonly PartyId[] {
  return ofCode(stay.concerns, code).at(-1)?.values ?? [];
}

const CLINIC_NAMES = {
  clinic: 'Listad mottagning',
  contact: 'Mottagning med pågående kontakt',
  rehab: 'Rehabilitering',
};
const CLINIC_RULES = { clinic: 'RTE-09', contact: 'RTE-10', rehab: '12.2' };

/**
 * Where municipal health care is needed the region's open care is told as well (LUS 2:1 st.2): its own part is ROV, and that
 * the municipality is concerned is none of its business (rules 12.4).
 */
const OF_CLINICS: readonly NeedScope[] = ['ROV'];

function ofClinic(role: keyof typeof CLINIC_NAMES, id: PartyId, directory: Directory, date: string): Found {
  const party = directory.party(id, date);
  if (party?.kind !== 'clinic') return openClinic(role, `${CLINIC_NAMES[role]} finns inte i katalogen`);
  const text = `${CLINIC_NAMES[role]} ${id} -> ${party.name}, eftersom behov av öppen vård är bedömt.`;
  return { role, party, scopes: OF_CLINICS, trace: [{ rule: CLINIC_RULES[role], text }] };
}

function openClinic(role: keyof typeof CLINIC_NAMES, why: string): Found {
  return {
    role,
    scopes: OF_CLINICS,
    trace: [{ rule: CLINIC_RULES[role], text: `${why}; mottagare väljs för hand.` }],
  };
}

const SCOPE_NAMES: Readonly<Record<NeedScope, string>> = {
  SOC: 'socialtjänst',
  KHSL: 'kommunal hälso- och sjukvård',
  ROV: 'regionens öppna vård',
};

function listed(scopes: readonly NeedScope[]): string {
  return scopes.map((scope) => SCOPE_NAMES[scope]).join(' och ');
}
