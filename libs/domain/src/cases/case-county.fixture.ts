import { UNLISTED, type RegisteredAddress } from '../events/statements.ts';
import type { Terms } from '../events/event-origin.ts';
import type { LegalForm } from '../codes/legal-form.ts';
import { PartyDirectory } from '../parties/directory.ts';
import type { Party, PartyKind } from '../parties/party.ts';

/** The small county in which the decided cases happen, by the names that the cases use. */

const ORGANISATION = 'SE2321000016';

export const WARD = {
  organisation: ORGANISATION,
  first: `${ORGANISATION}-1001`,
  second: `${ORGANISATION}-1002`,
  terms: {
    organisation: `${ORGANISATION}-1000`,
    careProvider: 'Region Stockholm',
    legalForm: 'region-authority',
    ins: 'auto',
    impliedNeed: [],
    info: 'here',
    clock: 'trusted',
    connectedFrom: '2018-01-01',
  } satisfies Terms,
};

interface CountyParty {
  readonly id: string;
  readonly kind: PartyKind;
  readonly legalForm: LegalForm;
  readonly from?: string;
  readonly to?: string;
  readonly successor?: string;
}

const authority = 'municipal-authority' as const;

/** Who can be told, by the name that the cases use. Järva took over from Rinkeby-Kista on 1 July 2023 (RTE-24). */
const PARTIES: Readonly<Record<string, CountyParty>> = {
  Solna: { id: '0184', kind: 'municipality', legalForm: authority },
  Sundbyberg: { id: '0183', kind: 'municipality', legalForm: authority },
  Järva: { id: '0180-jarva', kind: 'district-board', legalForm: authority, from: '2023-07-01' },
  'Rinkeby-Kista': {
    ...{ id: '0180-rinkeby-kista', kind: 'district-board', legalForm: authority },
    ...{ to: '2023-06-30', successor: '0180-jarva' },
  },
  Vårdcentralen: { id: 'SE2321000016-2001', kind: 'clinic', legalForm: 'region-authority' },
  Psykiatrin: { id: 'SE2321000016-2003', kind: 'clinic', legalForm: 'region-authority' },
  Rehab: { id: 'SE2321000016-2004', kind: 'clinic', legalForm: 'region-authority' },
  Privata: { id: 'SE5560000001-2002', kind: 'clinic', legalForm: 'private' },
  Hemtjänsten: { id: 'SE5560000004-5001', kind: 'home-care', legalForm: 'private' },
};

const ROWS: readonly Party[] = Object.entries(PARTIES).map(([name, { legalForm, ...row }]) => ({
  ...{ name, from: '2018-01-01', source: 'test', legalForms: [legalForm] },
  ...row,
}));

const CITY: Party = {
  ...{ id: '0180', name: 'Stockholm', kind: 'municipality', legalForms: [authority], divided: true },
  ...{ from: '2018-01-01', source: 'test' },
};

/** The parties in force on a day; one that has ended is followed by its successor. */
export const DIRECTORY = new PartyDirectory({ version: 'cases', parties: [CITY, ...ROWS] });

/** The name that the cases use for a party. */
export function partyName(id: string): string {
  return ROWS.find((party) => party.id === id)?.name ?? id;
}

function address(city: string, municipality: string, district?: string): RegisteredAddress {
  return { lines: ['Provgatan 1'], postalCode: '17100', city, municipality, ...(district && { district }) };
}

/** Registered addresses by the words of the cases; undefined: none is registered. */
export const MUNICIPALITIES: Readonly<Record<string, RegisteredAddress | undefined>> = {
  Solna: address('Solna', '0184'),
  Sundbyberg: address('Sundbyberg', '0183'),
  Järva: address('Spånga', '0180', 'jarva'),
  'Rinkeby-Kista': address('Spånga', '0180', 'rinkeby-kista'),
  'Stockholm utan nämnd': address('Stockholm', '0180'),
  Göteborg: address('Göteborg', '1480'),
  saknas: undefined,
};

/** Ids that a message may name, by the words of the cases. */
export const NAMED_IDS: Readonly<Record<string, string | undefined>> = {
  Solna: PARTIES.Solna?.id,
  Sundbyberg: PARTIES.Sundbyberg?.id,
  Stockholm: '0180',
  Psykiatrin: PARTIES.Psykiatrin?.id,
  Rehab: PARTIES.Rehab?.id,
  Hemtjänsten: PARTIES.Hemtjänsten?.id,
};

/** Listed clinics by the words of the cases; undefined: none is known. */
export const CLINICS: Readonly<Record<string, string | undefined>> = {
  Vårdcentralen: PARTIES.Vårdcentralen?.id,
  Privata: PARTIES.Privata?.id,
  okänd: 'SE2321000016-2999',
  ingen: undefined,
  ingenstans: UNLISTED,
};
