import type { LegalForm } from '../codes/legal-form.ts';
import { PartyDirectory } from '../parties/directory.ts';
import type { Party, PartyKind } from '../parties/party.ts';

/** Those who may be told of a generated stay: every legal form, one party that has two of them, and a divided city. */

export const SOLNA = '0184';
export const SUNDBYBERG = '0183';
export const JARVA = '0180-jarva';
/** Region and municipality in one, as Norrtälje (RTE-08). */
export const BOTH = '0188';
export const CONTACT = 'SE2321000016-2003';
export const REHAB = 'SE5560000001-2004';
/** Of the region, private, and one that the directory does not know. */
export const CLINICS = ['SE2321000016-2001', 'SE5560000001-2002', 'SE2321000016-2999'];

const row = (id: string, kind: PartyKind, ...legalForms: LegalForm[]): Party => ({
  ...{ id, name: id, kind, legalForms },
  ...{ from: '2018-01-01', source: 'test' },
});

const PARTIES: readonly Party[] = [
  { ...row('0180', 'municipality', 'municipal-authority'), divided: true },
  row(SOLNA, 'municipality', 'municipal-authority'),
  row(SUNDBYBERG, 'municipality', 'municipal-authority'),
  row(JARVA, 'district-board', 'municipal-authority'),
  row(BOTH, 'municipality', 'municipal-authority', 'region-authority'),
  row(CONTACT, 'clinic', 'region-authority'),
  row(REHAB, 'clinic', 'private'),
  row('SE2321000016-2001', 'clinic', 'region-authority'),
  row('SE5560000001-2002', 'clinic', 'private'),
];

export const DIRECTORY = new PartyDirectory({ version: 'generated', parties: PARTIES });
