import { describe, expect, it } from '@jest/globals';
import { factsOfStay, foldStay, historyOf, NEED_SCOPES, parametersOn, type StayEvent } from '#libs/domain';
import { EXTENSION, SYSTEM } from '#libs/fhir';
import { observation, wardMessage } from '../../../libs/fhir/definitions/incoming-message.ts';
import { adt, fact, type AdtParts, type Fields } from '../test/adt.ts';
import { county, faultsOf, ids, INTAKE, only, stayEventOf } from '../test/reading.ts';
import { readFhirMessage } from './fhir/read-fhir-message.ts';
import { readNoticeFormRecord } from './forms/read-notice-form.ts';
import type { Translation } from './translation.ts';

/*
 * Rules 4.5 and 4.7 row by row, from the message of a sender to who is told: what routing knows some message has to be able to
 * state. How a sender states it stands in `docs/contract.md` 5.
 */

const parameters = (date: string) => parametersOn(date);

/** Who has the INS, and who waits for a person, of one message; `?` where another could be right. */
function outcome(event: StayEvent): string {
  const { acts, units } = historyOf({
    ...{ events: [event], directory: county.directory, parameters },
    judge: ({ sentAt }) => sentAt,
  });
  const told = acts
    .filter(({ kind, ended }) => kind === 'INS' && !ended)
    .map(({ recipient, decidedBy }) => `${recipient}${decidedBy?.confidence === 'LOW' ? '?' : ''}`);
  const waits = units.unresolved.map(({ role, scopes }) => `${role} ${scopes.join(' ')} by hand`);
  return [...told, ...waits].join(', ');
}

const L = (municipality: string, street = 'Exempelgatan 1') => `${street}^^Ort^^17101^SE^L^^${municipality}`;
const C = (municipality: string) => `^^^^^^C^^${municipality}`;
const BOTH = fact('NEED', 'SOC~ROV');
const SOC = fact('NEED', 'SOC');
const KHSL = fact('NEED', 'KHSL');
const LISTED = 'SE2321000016-2001';
const UNLISTED: Fields = { 3: '^^^^^^^^^UNLISTED' };
const RESERVE = '991981000010^^^&1.2.752.97.3.1.3&ISO';
const [CO_ORDINATION, LMA] = ['196109732393^^^&1.2.752.129.2.1.3.3&ISO', '50-1234567^^^LMA'];
const NATIONAL_RESERVE = '98240301AA06^^^&1.2.752.74.9.1&ISO';
const PASSPORT = 'P1234567^^^PASS^PPN';

describe('of a person with', () => {
  it.each<[string, AdtParts, string]>([
    ['a personal number, the registered municipality is told', { pid: { 11: L('0184') } }, `0184, ${LISTED}`],
    [
      'a co-ordination number, where the person stays',
      { pid: { 3: CO_ORDINATION, 11: C('0182') } },
      `0182?, ${LISTED}`,
    ],
    [
      'a co-ordination number, nobody without a place of stay',
      { pid: { 3: CO_ORDINATION, 11: '' } },
      `${LISTED}, municipality SOC by hand`,
    ],
    [
      'a reserve number of the region, where the person stays, whatever year the number says',
      { pid: { 3: RESERVE, 7: '', 11: C('0182') } },
      `0182?, ${LISTED}`,
    ],
    [
      'a national reserve number, where the person stays',
      { pid: { 3: NATIONAL_RESERVE, 11: C('0160') } },
      `0160?, ${LISTED}`,
    ],
    ['an LMA number, where the person stays', { pid: { 3: LMA, 11: C('0191') } }, `0191?, ${LISTED}`],
    [
      'a foreign number who stays in Stockholm, a person finds the board',
      { pid: { 3: PASSPORT, 11: `Hauptstraße 1^^Bonn^^53111^DE^H~${C('0180')}^farsta` } },
      `${LISTED}, municipality SOC by hand`,
    ],
  ])('%s', (_, parts, told) => {
    expect(outcome(stayEventOf(adt({ ...parts, obx: [BOTH] })))).toBe(told);
  });
});

describe('of a person who', () => {
  it.each<[string, AdtParts, string]>([
    [
      'is registered in another county, a person tells the home municipality',
      { pid: { 11: L('1480') }, obx: [SOC] },
      'municipality SOC by hand',
    ],
    [
      'lives abroad and stays here, the municipality of the stay is told',
      { pid: { 3: PASSPORT, 11: C('0183') }, obx: [SOC] },
      '0183?',
    ],
    [
      'lives abroad and stays nobody knows where, a person decides',
      { pid: { 3: PASSPORT, 11: '' }, obx: [SOC] },
      'municipality SOC by hand',
    ],
    [
      'seeks asylum (9901) and stays here, the municipality of the stay is told',
      { pid: { 11: `${L('9901')}~${C('0191')}` }, obx: [SOC] },
      '0191?',
    ],
    [
      'seeks asylum and stays nobody knows where, a person decides',
      { pid: { 11: L('9901') }, obx: [SOC] },
      'municipality SOC by hand',
    ],
    [
      'has no home in Stockholm, the office for the homeless is told',
      { pid: { 11: L('0180') }, obx: [SOC, fact('HOUSING', 'HOMELESS')] },
      'SE2120000142-4001?',
    ],
    [
      'is registered "på kommunen", the same',
      { pid: { 11: L('0180', 'På kommunen') }, obx: [SOC] },
      'SE2120000142-4001?',
    ],
    [
      'has no home elsewhere, the municipality is told',
      { pid: { 11: L('0184') }, obx: [SOC, fact('HOUSING', 'HOMELESS')] },
      '0184?',
    ],
    [
      'is in prison, the registered municipality is told',
      { pid: { 11: L('0184') }, obx: [SOC, fact('HOUSING', 'PRISON')] },
      '0184?',
    ],
    [
      'is in prison, and registered in Stockholm, its board is told',
      { pid: { 11: `${L('0180')}^farsta` }, obx: [SOC, fact('HOUSING', 'PRISON')] },
      '0180-farsta?',
    ],
    [
      'is old and registered in Norrtälje, the federation is told',
      { pid: { 11: L('0188') }, obx: [SOC] },
      'SE2220000188-3001',
    ],
    [
      'is placed in special housing, the placing municipality alone is told',
      { pid: { 11: L('0184') }, obx: [SOC, fact('HOUSING', 'SABO'), fact('PLACEDBY', '0182')] },
      '0182',
    ],
    [
      'is placed in a family home, the placing and the registered one are told',
      { pid: { 11: L('0184') }, obx: [SOC, fact('HOUSING', 'HVB'), fact('PLACEDBY', '0182')] },
      '0182, 0184',
    ],
    [
      'is placed by another county, a person tells that one',
      { pid: { 11: L('0184') }, obx: [SOC, fact('HOUSING', 'HVB'), fact('PLACEDBY', '0380')] },
      '0184, placing SOC by hand',
    ],
    [
      'lives in special housing and needs nursing, municipality and clinic are told',
      { pid: { 11: L('0184') }, obx: [KHSL, fact('HOUSING', 'SABO')] },
      `0184, ${LISTED}`,
    ],
    [
      'lives in a home of LSS and needs nursing, municipality and clinic are told',
      { pid: { 11: L('0184') }, obx: [KHSL, fact('HOUSING', 'LSS')] },
      `0184, ${LISTED}`,
    ],
    [
      'lives in ordinary housing and needs nursing, the clinic alone is told',
      { pid: { 11: L('0184') }, obx: [KHSL, fact('HOUSING', 'ORD')] },
      LISTED,
    ],
    [
      'lives nobody knows how and needs nursing, both are told and it is flagged',
      { pid: { 11: L('0184') }, obx: [KHSL] },
      `0184?, ${LISTED}`,
    ],
    [
      'is listed nowhere, the clinic of the area is told',
      { pid: { 11: L('0183') }, pd1: UNLISTED, obx: [BOTH] },
      '0183, SE2321000016-2001?',
    ],
    [
      'is listed nowhere and stays here, the clinic of where the person stays',
      { pid: { 3: LMA, 11: C('0188') }, pd1: UNLISTED, obx: [BOTH] },
      'SE2220000188-3001?, SE2321000016-2004?',
    ],
    [
      'is listed nobody knows where, a person decides',
      { pid: { 11: L('0183') }, pd1: { 3: '' }, obx: [BOTH] },
      '0183, clinic ROV by hand',
    ],
    [
      'has an ongoing contact, that clinic is told as well',
      { pid: { 11: L('0184') }, obx: [fact('NEED', 'ROV'), fact('CONTACT', 'SE2321000016-2101')] },
      `${LISTED}, SE2321000016-2101`,
    ],
    [
      'comes from psychiatry without a contact, no psychiatric clinic is told',
      { pid: { 11: L('0184') }, obx: [fact('NEED', 'ROV'), fact('CARETYPE', 'PSY')] },
      LISTED,
    ],
    [
      'has measures under LSS, the municipality is told at that desk',
      { pid: { 11: L('0184'), 7: '19800201' }, obx: [SOC, fact('LSS', 'Y')] },
      '0184',
    ],
    [
      'is protected, nobody is told by rule',
      { pid: { 11: L('0184') }, arv: [{ 3: 'SKYDD' }], obx: [SOC] },
      'municipality SOC by hand',
    ],
  ])('%s', (_, parts, told) => {
    expect(outcome(stayEventOf(adt(parts)))).toBe(told);
  });

  it('has measures under LSS, goes to the desk for people with disabilities', () => {
    const pid = { 3: '196101182803^^^&1.2.752.129.2.1.3.1&ISO^NI', 7: '19610118', 11: L('0184') };
    const desk = (obx: Fields[]) =>
      historyOf({
        ...{ events: [stayEventOf(adt({ pid, obx }))], directory: county.directory, parameters },
        judge: ({ sentAt }) => sentAt,
      }).acts[0]?.decidedBy?.desk;
    expect(desk([SOC, fact('LSS', 'N')])).toBe('aldre');
    expect(desk([SOC, fact('LSS', 'Y')])).toBe('funktion');
  });
});

/** The facts of the routing that one message states, whichever way it came. */
function factsIn(event: StayEvent): object {
  return factsOfStay(foldStay([event], { parameters }), NEED_SCOPES);
}

function eventIn(translation: Translation): StayEvent {
  if (translation.kind !== 'events') throw new Error(faultsOf(translation).join(' '));
  const { event } = only(translation.events);
  if ('stayId' in event) return event;
  throw new Error('it is of a person');
}

function arrived(body: object) {
  const bytes = Buffer.from(JSON.stringify(body));
  return {
    inboundId: ids.inbound('KS', bytes, 'key'),
    sender: 'KS',
    bytes,
    intakeAt: INTAKE,
    intakeStamp: INTAKE * 1000,
  };
}

describe('every fact of the routing', () => {
  it('is stated alike by HL7 v2, by FHIR and by a form', () => {
    const hl7 = adt({
      pid: { 3: LMA, 5: undefined, 7: '19800201', 11: C('0182') },
      pd1: UNLISTED,
      obx: [
        ...[BOTH, fact('HOUSING', 'PRISON'), fact('PLACEDBY', '0184'), fact('LSS', 'Y'), fact('CARETYPE', 'PSY')],
        ...[fact('CONTACT', 'SE2321000016-2101'), fact('REHAB', 'SE2321000016-2401'), fact('HOMECARE', 'Hemtjänsten')],
      ],
    });
    const fhir = wardMessage({
      ...{ id: 'm1', code: 'NEED', sender: 'KS' },
      facts: [
        ...[observation('NEED', ['SOC', 'ROV']), observation('HOUSING', ['PRISON']), observation('LSS', ['Y'])],
        ...[
          observation('PLACEDBY', ['0184']),
          observation('CARETYPE', ['PSY']),
          observation('HOMECARE', ['Hemtjänsten']),
        ],
        ...[observation('CONTACT', ['SE2321000016-2101']), observation('REHAB', ['SE2321000016-2401'])],
      ],
      patient: {
        identifier: [{ system: 'http://electronichealth.se/identifier/LMA-nummer', value: '50-1234567' }],
        birthDate: '1980-02-01',
        address: [
          {
            use: 'temp',
            extension: [{ url: EXTENSION.seMunicipality, valueCoding: { system: SYSTEM.municipality, code: '0182' } }],
          },
        ],
        generalPractitioner: [{ extension: [{ url: EXTENSION.dataAbsentReason, valueCode: 'not-applicable' }] }],
      },
    });
    const form = {
      ...{ code: 'NEED', ward: 'SE2321000016-1001', need: ['SOC', 'ROV'], stay: { admitted: '2026-05-10T10:00' } },
      person: {
        identity: { type: 'LMA-nummer', value: '50-1234567' },
        ...{ birthDate: '1980-02-01', stayingIn: '0182', listedClinic: 'UNLISTED' },
      },
      circumstances: {
        ...{ housing: 'PRISON', placedBy: '0184', lss: true, careType: 'PSY', homeCare: 'Hemtjänsten' },
        ...{ contact: ['SE2321000016-2101'], rehab: ['SE2321000016-2401'] },
      },
    };
    const stated = factsIn(stayEventOf(hl7));
    expect(stated).toEqual({
      ...{ need: ['SOC', 'KHSL', 'ROV'], identity: 'LMA-nummer', birthDate: '1980-02-01', stayingIn: '0182' },
      ...{ listing: 'unlisted', housing: 'PRISON', placedBy: '0184', lss: true, careType: 'PSY' },
      ...{ contacts: ['SE2321000016-2101'], rehab: ['SE2321000016-2401'], homeCare: 'Hemtjänsten' },
    });
    expect(factsIn(eventIn(readFhirMessage(arrived(fhir), { county, ids })))).toEqual(stated);
    expect(factsIn(eventIn(readNoticeFormRecord(arrived(form), { county, ids })))).toEqual(stated);
  });
});
