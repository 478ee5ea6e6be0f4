/** The hospitals that send, as their agreements with the hub say. */
export interface Hospital {
  /** MSH-4. */
  readonly sender: HospitalId;
  /** HSA-ids of its wards. Everybody lies in the first, but for those who are sent on within the house. */
  readonly wards: readonly [string, string];
  /** The party that owns the ward's deviations. */
  readonly organisation: string;
  /** Run by the region: what goes to the region's own clinics needs no further ground. */
  readonly isRegion: boolean;
}

export type HospitalId = 'KS' | 'DS' | 'OS' | 'PS' | 'MS';

export const HOSPITALS: Readonly<Record<HospitalId, Hospital>> = {
  /** States every need. */
  KS: {
    sender: 'KS',
    wards: ['SE2321000016-1001', 'SE2321000016-1002'],
    organisation: 'SE2321000016-1000',
    isRegion: true,
  },
  /** Every inpatient admission is a need of SOC and ROV. */
  DS: {
    sender: 'DS',
    wards: ['SE2321000016-1101', 'SE2321000016-1102'],
    organisation: 'SE2321000016-1100',
    isRegion: true,
  },
  /** Orders each admission notice by hand. */
  OS: {
    sender: 'OS',
    wards: ['SE2321000016-1201', 'SE2321000016-1202'],
    organisation: 'SE2321000016-1200',
    isRegion: true,
  },
  /** Private: nothing follows from the region's own legal form. */
  PS: {
    sender: 'PS',
    wards: ['SE5560000002-1301', 'SE5560000002-1302'],
    organisation: 'SE5560000002-1300',
    isRegion: false,
  },
  /** Says of each discharge what the patient was told. */
  MS: {
    sender: 'MS',
    wards: ['SE2321000016-1701', 'SE2321000016-1702'],
    organisation: 'SE2321000016-1700',
    isRegion: true,
  },
};
