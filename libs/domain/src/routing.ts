import type { Directory, Party } from './directory.ts';
import type { NeedScope } from './event.ts';
import type { TraceLine } from './notice.ts';
import type { Stay } from './stay.ts';

/** Who can be concerned by a need (domain.md 12.2, first row). */
export type Role = 'municipality' | 'clinic';

export interface Recipient {
  readonly role: Role;
  readonly party: Party;
  /** This recipient's own need, and nobody else's. */
  readonly scopes: readonly NeedScope[];
  readonly trace: readonly TraceLine[];
}

/** A need that no rule could give a recipient: it goes to a person, never to silence (RTE-09, domain.md 4.4). */
export interface Unresolved {
  readonly role: Role;
  readonly scopes: readonly NeedScope[];
  readonly trace: readonly TraceLine[];
}

export interface Recipients {
  readonly resolved: readonly Recipient[];
  readonly unresolved: readonly Unresolved[];
}

/**
 * The units whose need it is: the municipality of registered address (in a divided city its board) with SOC or KHSL,
 * the listed clinic with ROV or KHSL (LUS 2:1; domain.md 12.2; SoL 29:3). A protected person has none: a human decides.
 * @param date local day by which the directory is read
 */
export function recipientsOf(stay: Stay, directory: Directory, date: string): Recipients {
  const need = stay.need?.scopes ?? [];
  const found = [municipality(stay, need, directory, date), clinic(stay, need, directory, date)].filter(
    (one) => one !== undefined,
  );
  return {
    resolved: found.filter((one) => 'party' in one),
    unresolved: found.filter((one) => !('party' in one)),
  };
}

type Found = Recipient | Unresolved | undefined;

function municipality(stay: Stay, need: readonly NeedScope[], directory: Directory, date: string): Found {
  const scopes = need.filter((scope) => scope === 'SOC' || scope === 'KHSL');
  if (scopes.length === 0) return undefined;
  const role = 'municipality';
  const code = stay.patient.address?.municipality;
  const open = (text: string): Unresolved => ({ role, scopes, trace: [{ rule: 'RTE-01', text }] });
  if (code === undefined) return open('Folkbokföringskommun är inte angiven; mottagare väljs för hand.');
  const divided = directory.isDivided(code, date);
  const district = stay.patient.address?.district;
  if (divided && district === undefined) {
    return open(`Kommun ${code} är delad i nämnder och stadsdelsnämnd är inte angiven; mottagare väljs för hand.`);
  }
  const id = divided && district !== undefined ? `${code}-${district}` : code;
  const party = directory.party(id, date);
  if (!party) return open(`Adressaten ${id} finns inte i katalogen; mottagare väljs för hand.`);
  const trace = [
    {
      rule: divided ? 'RTE-20' : 'RTE-01',
      text: `Kommun ${id} -> ${party.name}, eftersom behov av ${listed(scopes)} är bedömt.`,
    },
  ];
  if (party.id !== id) trace.push({ rule: 'RTE-24', text: `${id} har uppgått i ${party.id}.` });
  if (scopes.includes('KHSL')) trace.push({ rule: 'RTE-07', text: 'Boendeform okänd: säkerhet LÅG.' });
  return { role, party, scopes, trace };
}

function clinic(stay: Stay, need: readonly NeedScope[], directory: Directory, date: string): Found {
  if (!need.includes('ROV') && !need.includes('KHSL')) return undefined;
  // Where municipal health care is needed the region's open care is told as well (LUS 2:1 st.2): its own part is ROV,
  // and that the municipality is concerned is none of its business (domain.md 12.4).
  const scopes: readonly NeedScope[] = ['ROV'];
  const role = 'clinic';
  const id = stay.patient.listedClinic;
  const open = (text: string): Unresolved => ({ role, scopes, trace: [{ rule: 'RTE-09', text }] });
  if (!id) return open('Listad mottagning är inte angiven; mottagare väljs för hand.');
  const party = directory.party(id, date);
  if (party?.kind !== 'clinic') return open('Listad mottagning finns inte i katalogen; mottagare väljs för hand.');
  return {
    role,
    party,
    scopes,
    trace: [
      { rule: 'RTE-09', text: `Listad mottagning ${id} -> ${party.name}, eftersom behov av öppen vård är bedömt.` },
    ],
  };
}

function listed(scopes: readonly NeedScope[]): string {
  const names: Record<NeedScope, string> = {
    SOC: 'socialtjänst',
    KHSL: 'kommunal hälso- och sjukvård',
    ROV: 'regionens öppna vård',
  };
  return scopes.map((scope) => names[scope]).join(' och ');
}
