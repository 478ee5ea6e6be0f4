import { NEED_SCOPES, type Ground, type IdentityType, type NeedScope } from '#libs/domain';
import type { RegisteredPerson } from '#libs/county';
import type { FormPerson, NoticeForm } from '#libs/forms';
import type { FormFault } from '../hub-resources.ts';
import type { Option, Written } from '../layout/form-parts.tsx';

/** What a ward's form asks for, as a person reads it. */
export const NEED_OPTIONS: readonly Option[] = [
  ['SOC', 'Socialtjänst'],
  ['KHSL', 'Kommunal hälso- och sjukvård'],
  ['ROV', 'Regionens öppna vård'],
];

export const CONSENT_OPTIONS: readonly Option[] = [
  ['ja', 'Ja'],
  ['nej', 'Nej'],
  ['grund', 'Annan grund'],
  ['', 'Inte frågat än'],
];

export const IDENTITY_OPTIONS: readonly Option[] = [
  ['personnummer', 'Personnummer'],
  ['samordningsnummer', 'Samordningsnummer'],
  ['reservnummer-stockholm', 'Reservnummer, Stockholm'],
  ['nationelltReservnummer', 'Nationellt reservnummer'],
  ['LMA-nummer', 'LMA-nummer'],
];

export const CARE_OPTIONS: readonly Option[] = [
  ['SOM', 'Somatik'],
  ['PSY', 'Psykiatri'],
  ['BER', 'Beroendevård'],
  ['BUP', 'Barn- och ungdomspsykiatri'],
];

export const HOUSING_OPTIONS: readonly Option[] = [
  ['ORD', 'Ordinärt boende'],
  ['SABO', 'Särskilt boende'],
  ['LSS', 'LSS-boende'],
  ['HVB', 'HVB'],
  ['KORTTID', 'Korttidsboende'],
  ['HOMELESS', 'Saknar bostad'],
  ['PRISON', 'Anstalt eller häkte'],
];

type Stated = Pick<NoticeForm, 'ward' | 'stay' | 'person' | 'judgedBy'>;

const text = (written: Written, name: string): string | undefined => {
  const value = (written[name] ?? '').replaceAll('\r', '').trim();
  return value === '' ? undefined : value;
};
export const textIn = text;

const lacking = (what: string): FormFault => ({ code: what, text: `Fyll i: ${what}.` });

/** A number as people write it: with or without a hyphen, and the twelve digits that leave no century to guess. */
const numberIn = (written: Written): string => (written['nummer'] ?? '').replace(/[\s-]/g, '');

/** The identity that a form names. */
export function identityIn(written: Written): { readonly type: IdentityType; readonly value: string } {
  const type = IDENTITY_OPTIONS.find(([value]) => value === written['slag'])?.[0] ?? 'personnummer';
  return { type: type as IdentityType, value: numberIn(written) };
}

/** What the register says of a person, as a form states it. A protected person's address is in no register's answer. */
export function formPersonOf(person: RegisteredPerson): FormPerson {
  const { identity, family, given, birthDate, address, listedClinic, protection } = person;
  return {
    ...{ identity, family, given: [given] },
    ...(birthDate !== undefined && { birthDate }),
    ...(address && {
      address: {
        lines: address.street === undefined ? [] : [address.street],
        municipality: address.municipality,
        ...(address.postalCode !== undefined && { postalCode: address.postalCode }),
        ...(address.city !== undefined && { city: address.city }),
        ...(address.district !== undefined && { district: address.district }),
      },
    }),
    ...(listedClinic !== undefined && { listedClinic }),
    ...(protection && { protection }),
  };
}

/** The person that a form carries from step to step; undefined for what is none. */
export function personIn(written: Written): FormPerson | undefined {
  try {
    const person: unknown = JSON.parse(written['person'] ?? '');
    return typeof person === 'object' && person !== null && 'identity' in person ? (person as FormPerson) : undefined;
  } catch {
    return undefined;
  }
}

/** Notices that a form becomes, the first of them the one that is checked before it is sent. */
export interface NoticesRead {
  readonly forms: readonly NoticeForm[];
  readonly faults: readonly FormFault[];
}

/** A new stay: who needs what, when the person may go home, and on which ground more may be said (LUS 2:1-3). */
export function admissionForms(written: Written, person: FormPerson, judgedBy: string | undefined): NoticesRead {
  const [ward, admitted, expectedDischarge] = ['avdelning', 'inskriven', 'hem'].map((name) => text(written, name));
  const need = NEED_SCOPES.filter((scope: NeedScope) => (written['behov'] ?? '').split(' ').includes(scope));
  const faults = [
    ...(ward === undefined ? [lacking('Avdelning')] : []),
    ...(admitted === undefined ? [lacking('Inskriven')] : []),
    ...(need.length === 0 ? [lacking('Behov')] : []),
  ];
  if (ward === undefined || admitted === undefined || faults.length > 0) return { forms: [], faults };
  const stated: Stated = { ward, person, stay: { admitted }, ...(judgedBy !== undefined && { judgedBy }) };
  const circumstances = circumstancesIn(written);
  const inscription: NoticeForm = {
    ...{ ...stated, code: 'INS', need },
    ...(expectedDischarge !== undefined && { expectedDischarge }),
    ...(circumstances && { circumstances }),
  };
  return { forms: [inscription, ...consentForms(written, stated)], faults: [] };
}

function circumstancesIn(written: Written) {
  const careType = CARE_OPTIONS.find(([value]) => value === written['vardform'])?.[0] as 'SOM' | undefined;
  const housing = HOUSING_OPTIONS.find(([value]) => value === written['boende'])?.[0] as 'ORD' | undefined;
  if (careType === undefined && housing === undefined) return undefined;
  return { ...(careType && { careType }), ...(housing && { housing }) };
}

/** Consent, or another ground; nothing where the person has not been asked. */
export function consentForms(written: Written, stated: Stated): NoticeForm[] {
  const [consent, ground] = [written['samtycke'], text(written, 'grund')];
  if (consent === 'ja' || consent === 'nej') return [{ ...stated, code: 'CONSENT', given: consent === 'ja' }];
  return consent === 'grund' && ground !== undefined ? [{ ...stated, code: 'BASIS', grounds: [ground as Ground] }] : [];
}
