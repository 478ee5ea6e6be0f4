import { dischargeOf, missingItems, type History, type InsItem, type Parameters, type UnitRole } from '#libs/domain';
import { DEFAULT_FIELDS, type Agreement, type FieldName } from '#libs/county';
import { placeOf } from '../hl7v2/places.ts';

/** Something that a notice or a duty needs and the message does not say: what, in which field, and why. Swedish. */
export interface Lack {
  readonly what: string;
  /** Where the sender's agreement finds it: `PV2-9`, `OBX NEED`. */
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

/**
 * What is missing in a message, as far as it goes alone: need, items of LUS 2:2, what tells the recipients, a ground, and the
 * information at a discharge. What an earlier message of the stay has said may make up for it.
 * @param agreement whose dialect names the places; absent where the sender has none
 */
export function lacksOf(history: History, agreement: Agreement | undefined, parameters: Parameters): Lack[] {
  const { stay } = history;
  if (stay.admittedAt === undefined || stay.state === 'cancelled' || stay.deceased) return [];
  const placeIn = (field: FieldName): string => (agreement ? placeOf(agreement.fields[field]) : DEFAULT_FIELDS[field]);
  return [
    ...needLacks(history),
    ...(history.concerned.length > 0 || history.units.unresolved.length > 0 || isNeeded(history)
      ? [
          ...missingItems(stay, parameters).map((item) => itemLack(item, placeIn)),
          ...recipientLacks(history, placeIn),
          ...groundLacks(history),
        ]
      : []),
    ...informationLacks(history),
  ];
}

const isNeeded = ({ stay }: History): boolean => (stay.need?.scopes.length ?? 0) > 0;

function needLacks({ stay }: History): Lack[] {
  const lacks: Lack[] = [];
  if (stay.need === undefined) {
    lacks.push({
      ...{ what: 'behovsbedömning', place: 'OBX NEED' },
      text: 'Ange SOC, KHSL, ROV eller NONE. Utan bedömt behov sänds inget inskrivningsmeddelande (LUS 2:1).',
    });
  } else if (stay.need.scopes.length > 0 && stay.terms.ins === 'ordered' && stay.insOrders.length === 0) {
    lacks.push({
      ...{ what: 'beställning av inskrivningsmeddelande', place: 'OBX INS' },
      text: 'Enligt avtalet beställer avdelningen meddelandet: skicka INS=Y.',
    });
  }
  return lacks;
}

function itemLack(item: InsItem, placeIn: (field: FieldName) => string): Lack {
  const { what, field } = ITEMS[item];
  return { what, place: placeIn(field), text: 'Inskrivningsmeddelandet ska innehålla uppgiften (LUS 2:2).' };
}

function recipientLacks({ units }: History, placeIn: (field: FieldName) => string): Lack[] {
  return units.unresolved.map(({ role, trace }) => {
    const from = RECIPIENTS[role];
    const place = from === 'PLACEDBY' || from === 'CONTACT' || from === 'REHAB' ? `OBX ${from}` : placeIn(from);
    return { what: 'mottagare', place, text: trace.map(({ text }) => text).join(' ') };
  });
}

function groundLacks({ stay }: History): Lack[] {
  if (stay.disclosures.length > 0) return [];
  return [
    {
      ...{ what: 'samtycke eller annan grund', place: 'OBX CONSENT' },
      text: 'Utan grund får inget sägas utöver inskrivning och beräknad utskrivning (OSL 25 kap.).',
    },
  ];
}

function informationLacks({ stay }: History): Lack[] {
  const leaves = dischargeOf(stay)?.leaving;
  if (leaves === undefined || leaves === 'transfer' || stay.terms.info !== 'here' || stay.infos.length > 0) return [];
  return [
    {
      ...{ what: 'information vid utskrivning', place: 'OBX INFO' },
      text: 'Informationen ska överföras samma dag som utskrivningen (LUS 3:2).',
    },
  ];
}
