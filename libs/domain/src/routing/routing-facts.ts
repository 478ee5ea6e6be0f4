import type { FactCode } from '../events/fact.ts';
import type { NeedScope } from '../codes/scope.ts';
import type { HomeWord } from '../events/party-event.ts';
import {
  UNLISTED,
  type IdentityCertainty,
  type IdentityType,
  type PatientStatement,
  type Protection,
  type RegisteredAddress,
} from '../events/statements.ts';
import type { Ground } from '../codes/elements-and-grounds.ts';
import { ofCode } from '../stay/facts.ts';
import type { Stay } from '../stay/stay.ts';
import type { PartyId, UnitRole } from '../parties/party.ts';

/** Where a person lives, by the codes of the default dialect (contract 5). */
export const HOUSINGS = ['ORD', 'SABO', 'LSS', 'HVB', 'KORTTID', 'HOMELESS', 'PRISON', 'UNKNOWN'] as const;
export type Housing = (typeof HOUSINGS)[number];

/** What care the sending unit gives (contract 5, `CARETYPE`). */
export const CARE_TYPES = ['SOM', 'PSY', 'BER', 'BUP'] as const;
export type CareType = (typeof CARE_TYPES)[number];

/** A recipient that a municipality or board has added for itself (rules 12.7). */
export interface AddedParty {
  readonly party: PartyId;
  readonly by: PartyId;
  /** What it lets a provider of home care know, on which grounds; who is told something else is told by another way. */
  readonly home?: HomeWord;
  readonly grounds?: readonly Ground[];
}

/** A notice that its recipient sent back as wrongly addressed (RET), in the order in which it came. */
export interface ReturnedNotice {
  readonly by: PartyId;
  readonly proposal?: PartyId;
  /** Content had gone out: the delivery is to be looked into as a breach (SEK-02). */
  readonly told?: boolean;
}

/** What the operator decided for a need that no rule may send. */
export interface ReleasedNotice {
  readonly recipient: PartyId;
  readonly scopes: readonly NeedScope[];
  /** The role of the need that waited; absent: whichever waits and is of this recipient's kind. */
  readonly role?: UnitRole;
  /** On which more than an INS may be told this recipient, where the ward has stated none. */
  readonly ground?: Ground;
}

/** All that a routing decision is made from, besides directory and date. What is absent is not known. */
export interface RoutingFacts {
  /** The scopes that are asked about; empty: no need is recorded. */
  readonly need: readonly NeedScope[];
  /** The kind of number that the person is known by (rules 4.5). */
  readonly identity?: IdentityType;
  /** How sure it is who the person is; it decides nothing, and is shown (lag 2022:1697 2:8). */
  readonly identityCertainty?: IdentityCertainty;
  /** `YYYY-MM-DD`; stated, never derived from a number that does not tell it. */
  readonly birthDate?: string;
  readonly protection?: Protection;
  /** The registered address; of somebody who is registered nowhere the address that is stated. */
  readonly address?: RegisteredAddress;
  /** Municipality in which somebody stays who is registered nowhere. */
  readonly stayingIn?: string;
  readonly housing?: Housing;
  /** Municipality that decided where the person lives. */
  readonly placedBy?: string;
  /** HSA-id of the listed clinic, or the word that the person is listed nowhere. */
  readonly listing?: { readonly clinic: PartyId } | 'unlisted';
  /** Psychiatric and addiction clinics with an ongoing contact. */
  readonly contacts?: readonly PartyId[];
  readonly rehab?: readonly PartyId[];
  readonly careType?: CareType;
  /** The person has measures under LSS, or belongs to those who may. */
  readonly lss?: boolean;
  /** A board or municipality has said that the case is its own, perhaps at which desk (RTE-23). */
  readonly caseOwner?: { readonly party: PartyId; readonly desk?: string };
  /** Home-care provider that the ward has named: evidence and a suggestion, never a recipient (rules 12.2). */
  readonly homeCare?: string;
  readonly added?: readonly AddedParty[];
  readonly returned?: readonly ReturnedNotice[];
  readonly released?: readonly ReleasedNotice[];
  /** Who said a fact and when, by the fact's name; Swedish, for the trace. */
  readonly sources?: Readonly<Partial<Record<FactName, string>>>;
}

/** What parties and the operator have decided of who is told, as it stands: facts of the routing like the ward's own. */
export type StatedRouting = Pick<RoutingFacts, 'caseOwner' | 'added' | 'returned' | 'released'>;

/** Facts by the names under which a trace lists them. */
export type FactName = Exclude<keyof RoutingFacts, 'sources'>;

/**
 * The facts of a stay as its events have it, for the scopes that are asked about.
 * @param stated what parties and the operator have decided of who is told
 */
export function factsOfStay(
  { patient, protection, concerns }: Pick<Stay, 'patient' | 'protection' | 'concerns'>,
  need: readonly NeedScope[],
  stated: StatedRouting = {},
): RoutingFacts {
  const latest = (code: FactCode): readonly string[] => ofCode(concerns, code).at(-1)?.values ?? NONE;
  const [housing, placedBy, careType] = [latest('HOUSING')[0], latest('PLACEDBY')[0], latest('CARETYPE')[0]];
  const [[homeCare], [lss]] = [latest('HOMECARE'), latest('LSS')];
  const { identities, address, stayingIn, listedClinic } = patient;
  return {
    need,
    ...(identities[0] && { identity: identities[0].type }),
    ...(identities[0]?.certainty && { identityCertainty: identities[0].certainty }),
    ...birthOf(patient),
    ...(protection && { protection }),
    ...(address && { address }),
    ...(stayingIn && { stayingIn }),
    ...(isOneOf(housing, HOUSINGS) && { housing }),
    ...(placedBy !== undefined && { placedBy }),
    ...(listedClinic && { listing: listedClinic === UNLISTED ? 'unlisted' : { clinic: listedClinic } }),
    ...(isOneOf(careType, CARE_TYPES) && { careType }),
    ...(lss !== undefined && { lss: lss === 'Y' }),
    ...(homeCare !== undefined && { homeCare }),
    contacts: latest('CONTACT'),
    rehab: latest('REHAB'),
    ...stated,
  };
}

const NONE: readonly string[] = [];

function isOneOf<Word extends string>(word: string | undefined, known: readonly Word[]): word is Word {
  return known.some((one) => one === word);
}

/** As stated, else as a personal number tells it; no other number does (rules 4.5). */
function birthOf({ birthDate, identities: [identity] }: PatientStatement): Pick<RoutingFacts, 'birthDate'> {
  if (birthDate) return { birthDate };
  const [, year, month, day] =
    identity?.type === 'personnummer' ? (/^(\d{4})(\d\d)(\d\d)/.exec(identity.value) ?? []) : [];
  return year === undefined ? {} : { birthDate: `${year}-${month}-${day}` };
}

/** Numbers of people who are not, or not yet, registered in the population register: they tell of no registered address (rules 4.5; DEC-35). */
const NOT_REGISTERED: ReadonlySet<IdentityType> = new Set<IdentityType>([
  'samordningsnummer',
  'nationelltReservnummer',
  'LMA-nummer',
  'reservnummer-stockholm',
  'reservnummer-region',
]);

/** True when the person is, by the kind of number, registered in no municipality. */
export function isRegisteredNowhere({ identity }: { readonly identity?: IdentityType | undefined }): boolean {
  return identity !== undefined && NOT_REGISTERED.has(identity);
}

/** The code that stands in place of a municipality's for somebody who seeks asylum (standards 2). */
export const ASYLUM = '9901';

/**
 * True for somebody without a home: by what the ward says, or by a registration "at the municipality" without a street. No
 * board can be told from such a registration (rules 4.7).
 */
export function isHomeless({ housing, address }: RoutingFacts): boolean {
  return housing === 'HOMELESS' || (address?.lines ?? []).some((line) => /^\s*på kommunen\b/i.test(line));
}
