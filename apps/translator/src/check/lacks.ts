import {
  dischargeOf,
  missingItems,
  type FactCode,
  type History,
  type InsItem,
  type Parameters,
  type UnitRole,
} from '#libs/domain';
import { DEFAULT_FIELDS, type Agreement, type FieldName } from '#libs/county';
import { placeOf } from '../hl7v2/places.ts';

/** Something that a notice or a duty needs and the message does not say: what, in which field, and why. Swedish. */
export interface Lack {
  readonly what: string;
  /** Where the way in has it: `PV2-9` (or where the sender's agreement says), `OBX NEED`, `Observation NEED`, `$.need`. */
  readonly place: string;
  readonly text: string;
}

const ITEMS: Readonly<Record<InsItem, { readonly what: string; readonly field: FieldName }>> = {
  name: { what: 'namn', field: 'name' },
  'personal-number': { what: 'personnummer', field: 'identities' },
  address: { what: 'folkbokföringsadress', field: 'address' },
  'expected-discharge': { what: 'beräknad tidpunkt för utskrivning', field: 'expectedDischarge' },
};

/** Where the recipient of each role is read from; a fact where the name is one. */
const RECIPIENTS: Readonly<Record<UnitRole, FieldName | 'PLACEDBY' | 'CONTACT' | 'REHAB'>> = {
  municipality: 'addressMunicipality',
  placing: 'PLACEDBY',
  clinic: 'listedClinic',
  contact: 'CONTACT',
  rehab: 'REHAB',
};

/** Where each way of writing a message has the fields and facts that a lack may name. */
export interface Places {
  readonly field: (field: FieldName) => string;
  readonly fact: (code: FactCode) => string;
}

/** @param agreement whose dialect names the places of HL7 v2; absent where the sender has none */
export function placesOf(kind: string, agreement: Agreement | undefined): Places {
  if (kind === 'fhir-message')
    return { field: (field) => FHIR_PLACES[field] ?? field, fact: (code) => `Observation ${code}` };
  if (kind !== 'hl7v2') return { field: (field) => FORM_PLACES[field] ?? field, fact: (code) => `blankett ${code}` };
  return {
    field: (field) => (agreement ? placeOf(agreement.fields[field]) : DEFAULT_FIELDS[field]),
    fact: (code) => `OBX ${code}`,
  };
}

const FHIR_PLACES: Readonly<Partial<Record<FieldName, string>>> = {
  name: 'Patient.name',
  identities: 'Patient.identifier',
  address: 'Patient.address',
  addressMunicipality: 'Patient.address',
  listedClinic: 'Patient.generalPractitioner',
  expectedDischarge: 'Encounter.extension',
};
const FORM_PLACES: Readonly<Partial<Record<FieldName, string>>> = {
  name: '$.person.family',
  identities: '$.person.identity',
  address: '$.person.address',
  addressMunicipality: '$.person.address.municipality',
  listedClinic: '$.person.listedClinic',
  expectedDischarge: '$.expectedDischarge',
};

/**
 * What is missing in a message, as far as it goes alone: need, items of LUS 2:2, what tells the recipients, a ground, and the
 * information at a discharge. What an earlier message of the stay has said may make up for it.
 */
export function lacksOf(history: History, places: Places, parameters: Parameters): Lack[] {
  const { stay } = history;
  if (stay.admittedAt === undefined || stay.state === 'cancelled' || stay.deceased) return [];
  return [
    ...needLacks(history, places),
    ...(history.concerned.length > 0 || history.units.unresolved.length > 0 || isNeeded(history)
      ? [
          ...missingItems(stay, parameters).map((item) => itemLack(item, places)),
          ...recipientLacks(history, places),
          ...groundLacks(history, places),
        ]
      : []),
    ...informationLacks(history, places),
  ];
}

const isNeeded = ({ stay }: History): boolean => (stay.need?.scopes.length ?? 0) > 0;

function needLacks({ stay }: History, { fact }: Places): Lack[] {
  const lacks: Lack[] = [];
  if (stay.need === undefined) {
    lacks.push({
      ...{ what: 'behovsbedömning', place: fact('NEED') },
      text: 'Ange SOC, KHSL, ROV eller NONE. Utan bedömt behov sänds inget inskrivningsmeddelande (LUS 2:1).',
    });
  } else if (stay.need.scopes.length > 0 && stay.terms.ins === 'ordered' && stay.insOrders.length === 0) {
    lacks.push({
      ...{ what: 'beställning av inskrivningsmeddelande', place: fact('INS') },
      text: 'Enligt avtalet beställer avdelningen meddelandet: skicka INS=Y.',
    });
  }
  return lacks;
}

function itemLack(item: InsItem, places: Places): Lack {
  const { what, field } = ITEMS[item];
  return { what, place: places.field(field), text: 'Inskrivningsmeddelandet ska innehålla uppgiften (LUS 2:2).' };
}

function recipientLacks({ units }: History, places: Places): Lack[] {
  return units.unresolved.map(({ role, trace }) => {
    const from = RECIPIENTS[role];
    const place =
      from === 'PLACEDBY' || from === 'CONTACT' || from === 'REHAB' ? places.fact(from) : places.field(from);
    return { what: 'mottagare', place, text: trace.map(({ text }) => text).join(' ') };
  });
}

function groundLacks({ stay }: History, { fact }: Places): Lack[] {
  if (stay.disclosures.length > 0) return [];
  return [
    {
      ...{ what: 'samtycke eller annan grund', place: fact('CONSENT') },
      text: 'Utan grund får inget sägas utöver inskrivning och beräknad utskrivning (OSL 25 kap.).',
    },
  ];
}

function informationLacks({ stay }: History, { fact }: Places): Lack[] {
  const leaves = dischargeOf(stay)?.leaving;
  if (leaves === undefined || leaves === 'transfer' || stay.terms.info !== 'here' || stay.infos.length > 0) return [];
  return [
    {
      ...{ what: 'information vid utskrivning', place: fact('INFO') },
      text: 'Informationen ska överföras samma dag som utskrivningen (LUS 3:2).',
    },
  ];
}
