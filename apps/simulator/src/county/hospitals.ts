/** The hospitals that send, as their agreements with the hub say. */
export interface Hospital {
  /** MSH-4. */
  readonly sender: HospitalId;
  /** HSA-id of the ward that everybody lies in. */
  readonly ward: string;
  /** The party that owns the ward's deviations. */
  readonly organisation: string;
  /** Run by the region: what goes to the region's own clinics needs no further ground. */
  readonly isRegion: boolean;
}

export type HospitalId = 'KS' | 'DS' | 'OS' | 'PS';

export const HOSPITALS: Readonly<Record<HospitalId, Hospital>> = {
  /** States every need. */
  KS: { sender: 'KS', ward: 'SE2321000016-1001', organisation: 'SE2321000016-1000', isRegion: true },
  /** Every inpatient admission is a need of SOC and ROV. */
  DS: { sender: 'DS', ward: 'SE2321000016-1101', organisation: 'SE2321000016-1100', isRegion: true },
  /** Orders each admission notice by hand. */
  OS: { sender: 'OS', ward: 'SE2321000016-1201', organisation: 'SE2321000016-1200', isRegion: true },
  /** Private: nothing follows from the region's own legal form. */
  PS: { sender: 'PS', ward: 'SE5560000002-1301', organisation: 'SE5560000002-1300', isRegion: false },
};
