import type { LegalForm } from '../codes/legal-form.ts';
import type { AddressRange, Parity } from './address-register.ts';
import { directoryFaults } from './directory-faults.ts';
import { PartyDirectory } from './directory.ts';
import type { Party } from './party.ts';

interface PartyRow extends Omit<Party, 'legalForms'> {
  readonly legalForm: LegalForm | readonly LegalForm[];
}

/** The demonstration county's directory, from the text of its files. @throws when it is faulty */
export function demonstrationCounty(partiesJson: string, addressesCsv: string): PartyDirectory {
  const { parties } = JSON.parse(partiesJson) as { parties: PartyRow[] };
  const rows = parties.map(({ legalForm, ...row }): Party => ({
    ...row,
    legalForms: typeof legalForm === 'string' ? [legalForm] : legalForm,
  }));
  const addresses = addressesCsv
    .trim()
    .split('\n')
    .slice(1)
    .map((line): AddressRange => {
      const [municipality = '', street = '', low, high, parity, board = '', from = '', to = ''] = line.split(',');
      return {
        ...{ municipality, street, low: Number(low), high: Number(high), parity: parity as Parity, board, from },
        ...(to !== '' && { to }),
      };
    });
  const faults = directoryFaults(rows, addresses);
  if (faults.length > 0) throw new Error(faults.map(({ place, text }) => `${place}: ${text}`).join('\n'));
  return new PartyDirectory({ version: 'demonstration', parties: rows, addresses });
}
