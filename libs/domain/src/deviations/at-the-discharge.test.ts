import { describe, expect, it } from '@jest/globals';
import { historyOf } from '../acts/history.ts';
import type { Fact } from '../events/fact.ts';
import type { PartyStatement } from '../events/party-event.ts';
import type { RoutingStatement, StayEvent } from '../events/stay-event.ts';
import { PartyDirectory } from '../parties/directory.ts';
import type { Party } from '../parties/party.ts';
import { parametersOn } from '../rules/parameters.ts';
import { wordEventOf } from '../answers/party-words.ts';
import { judgedTime } from '../rules/judged-time.ts';
import { consent, fact, may, message, need, PARTIES, REGION_CLINIC, SOLNA, stated, TERMS } from '../ward.fixture.ts';
import { closingReason, judge } from './registry.ts';
import { around } from './ward-stay.fixture.ts';

const HOME_CARE = 'SE5560000004-5001';
const provider: Party = {
  ...{ id: HOME_CARE, name: 'Hemtjänsten', kind: 'home-care', legalForms: ['private'], from: '2018-01-01' },
  source: 'test',
};
const answering = PARTIES.map((party) =>
  party.id === SOLNA ? { ...party, answers: { RECIPIENT: '2018-01-01' } } : party,
);
const directory = new PartyDirectory({ version: 'test', parties: [...answering, provider] });
const silent = new PartyDirectory({ version: 'test', parties: [...PARTIES, provider] });

const judged = (events: readonly StayEvent[], watermark = '09 12:00', by = directory) => {
  const history = historyOf({
    ...{ events, directory: by, parameters: parametersOn },
    judge: (event) => judgedTime(event, parametersOn('2026-05-04')),
  });
  const received = new Map(history.acts.map(({ key, sent }) => [key, sent]));
  return { history, ...judge(history, around(watermark, { received })) };
};
const OWN: readonly string[] = ['FVK-03', 'UTS-04', 'UTS-06', 'UTS-07', 'UTS-08'];
const found = (events: readonly StayEvent[], watermark?: string, by?: PartyDirectory): string[] =>
  judged(events, watermark, by)
    .deviations.filter(({ code }) => OWN.includes(code))
    .map(({ code, party, severity }) => `${code} ${party} ${severity}`);

const WARD = TERMS.organisation;
const admitted = (...facts: Fact[]): StayEvent =>
  message('A01', {
    sent: '04 08:30',
    facts: [need(['SOC', 'ROV'], '04 08:00'), consent('Y', '04 08:00'), ...facts],
    encounter: { expectedDischarge: stated('07 12:00') },
    terms: { patientInformation: 'here' },
  });
const left = (facts: readonly Fact[] = [], more: object = {}): StayEvent =>
  message('A03', {
    ...{ sent: '07 14:00', encounter: { end: stated('07 14:00') }, terms: { patientInformation: 'here' as const } },
    facts,
    ...more,
  });
const said = (text: string, at = '07 13:00'): Fact => fact('PATINFO', text.split('~'), at);
const check = (text: string, at = '07 13:00'): Fact => fact('CHECK', text.split('~'), at);
const INFORMED = said('WRITTEN~ORAL~CONTACT');

let count = 0;
const origin = (sent: string) => {
  const id = `w${++count}`;
  const at = may(sent);
  return { eventId: id, inboundId: id, ordinal: 0, revision: 1, intakeAt: at, intakeStamp: at * 1000 + count };
};
const word = (party: string, sent: string, says: PartyStatement): StayEvent =>
  wordEventOf({ ...origin(sent), stayId: 'stay', party, sentAt: may(sent), says }, undefined);
const appointed = (sent: string): StayEvent =>
  word(REGION_CLINIC, sent, { kind: 'contact-appointed', confirmed: false });
const rung = (recipient: string, at: string): StayEvent => {
  const says: RoutingStatement = { kind: 'call-recorded', by: 'operator', recipient, at: may(at) };
  return { ...word(SOLNA, at, { kind: 'acknowledged' }), beside: { routing: says } };
};

describe('what the patient is told at the discharge', () => {
  it.each<[string, readonly StayEvent[], readonly string[]]>([
    ['nothing is stated', [admitted(), left()], [`UTS-06 ${WARD} 2`]],
    ['it is stated', [admitted(), left([INFORMED])], []],
    ['it is stated in words of its own', [admitted(), appointed('05 10:00'), left([said('Muntligt')])], []],
    [
      'nobody leaves for home',
      [admitted(), left([], { encounter: { end: stated('07 14:00'), leaving: 'transfer' } })],
      [],
    ],
    [
      'the contact that the ward knew of is not named',
      [admitted(), appointed('05 10:00'), left([said('WRITTEN~ORAL')])],
      [`FVK-03 ${WARD} 2`],
    ],
    [
      'it was appointed the day before',
      [admitted(), appointed('06 15:00'), left([said('ORAL')])],
      [`FVK-03 ${WARD} 1`],
    ],
    ['it was appointed afterwards', [admitted(), appointed('07 15:00'), left([said('ORAL')])], []],
    ['nobody was appointed', [admitted(), left([said('ORAL')])], []],
    [
      'the contact is named in a second statement',
      [admitted(said('WRITTEN', '06 10:00')), appointed('05 10:00'), left([said('CONTACT')])],
      [],
    ],
  ])('%s', (_name, events, expected) => {
    expect(found(events)).toEqual(expected);
  });

  it('is not asked of a ward whose agreement does not say that it states it', () => {
    expect(
      found([message('A01', { sent: '04 08:30', facts: [need('SOC', '04 08:00')] }), left([], { terms: {} })]),
    ).toEqual([]);
  });

  it('may come until the day has ended, and later closes what was said', () => {
    expect(found([admitted(), left()], '08 00:00')).toEqual([]);
    expect(found([admitted(), left()], '08 00:02')).toEqual([`UTS-06 ${WARD} 2`]);
    const late = message('A08', { sent: '08 09:00', facts: [INFORMED], terms: { patientInformation: 'here' } });
    const { history, deviations } = judged([admitted(), left(), late]);
    expect(deviations.filter(({ code }) => code === 'UTS-06')).toEqual([]);
    expect(closingReason({ code: 'UTS-06', occasion: '1' }, history, deviations)).toBe('came-late');
  });
});

describe('the check list at the discharge', () => {
  it.each<[string, readonly StayEvent[], readonly string[]]>([
    ['all is there', [left([INFORMED, check('MEDICINES~MEDICINE-LIST~AIDS~HOME-ADAPTATION')])], []],
    ['nobody mentions anything', [left([INFORMED])], []],
    ['a text is no item', [left([INFORMED, check('Läkemedel saknas')])], []],
    ['no medicines', [left([INFORMED, check('NO-MEDICINES')])], [`UTS-07 ${WARD} 4`]],
    [
      'no list of them, nor aids',
      [left([INFORMED, check('MEDICINES~NO-MEDICINE-LIST~NO-AIDS')])],
      [`UTS-07 ${WARD} 4`, `UTS-08 ${WARD} 3`],
    ],
    [
      'they came before the patient left',
      [
        message('A08', {
          sent: '07 09:00',
          facts: [check('NO-AIDS', '07 09:00')],
          terms: { patientInformation: 'here' },
        }),
        left([INFORMED, check('AIDS')]),
      ],
      [],
    ],
    [
      'they came the day after',
      [
        left([INFORMED, check('NO-AIDS')]),
        message('A08', { sent: '08 09:00', facts: [check('AIDS', '08 09:00')], terms: { patientInformation: 'here' } }),
      ],
      [`UTS-08 ${WARD} 3`],
    ],
    [
      'it was never true',
      [
        left([INFORMED, check('NO-AIDS')]),
        message('A08', {
          sent: '07 16:00',
          facts: [{ ...check('NO-AIDS'), status: 'D' }],
          terms: { patientInformation: 'here' },
        }),
      ],
      [],
    ],
    [
      'the patient goes on to another hospital',
      [left([check('NO-AIDS')], { encounter: { end: stated('07 14:00'), leaving: 'transfer' } })],
      [],
    ],
  ])('%s', (_name, events, expected) => {
    expect(found([admitted(), ...events])).toEqual(expected);
  });
});

describe('home care at the discharge', () => {
  const WITH = admitted(fact('HOMECARE', HOME_CARE, '04 08:20'));
  const HOME = left([INFORMED]);
  const added = word(SOLNA, '05 10:00', { kind: 'recipient-added', recipient: HOME_CARE });

  it.each<[string, readonly StayEvent[], readonly string[], PartyDirectory]>([
    [
      'nobody told the provider, and the municipality had the discharge in time',
      [WITH, HOME],
      [`UTS-04 ${SOLNA} 1`],
      directory,
    ],
    [
      'the municipality had it too late',
      [WITH, left([INFORMED], { sent: '07 16:00' })],
      [`UTS-04 ${WARD} 4`],
      directory,
    ],
    [
      'it was rung before',
      [WITH, rung(SOLNA, '07 11:00'), left([INFORMED], { sent: '07 16:00' })],
      [`UTS-04 ${SOLNA} 1`],
      directory,
    ],
    ['the provider was rung', [WITH, rung(HOME_CARE, '07 11:00'), HOME], [], directory],
    ['no home care is known', [admitted(), HOME], [], directory],
    ['the municipality does not tell its providers through the hub', [WITH, HOME], [], silent],
    ['only the name of the provider was added', [WITH, added, HOME], [`UTS-04 ${SOLNA} 1`], directory],
    [
      'the patient goes on to another hospital',
      [WITH, left([], { encounter: { end: stated('07 14:00'), leaving: 'transfer' } })],
      [],
      directory,
    ],
  ])('%s', (_name, events, expected, by) => {
    expect(found(events, undefined, by)).toEqual(expected);
  });
});
