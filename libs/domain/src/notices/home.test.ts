import { describe, expect, it } from '@jest/globals';
import { decide } from '../routing/decision.ts';
import { PartyDirectory } from '../parties/directory.ts';
import type { Party } from '../parties/party.ts';
import { routingEventOf } from '../answers/routing-statements.ts';
import { historyOf, type History } from '../acts/history.ts';
import type { Act } from './act.ts';
import type { HomeWord, PartyStatement } from '../events/party-event.ts';
import type { StayEvent } from '../events/stay-event.ts';
import type { Ground } from '../codes/elements-and-grounds.ts';
import { fact, may, message, need, PARTIES, SOLNA, stated } from '../ward.fixture.ts';
import { judge as judgeAll } from '../deviations/registry.ts';
import { around } from '../deviations/ward-stay.fixture.ts';
import { parametersOn } from '../rules/parameters.ts';
import { judgedTime } from '../rules/judged-time.ts';

const HOME_CARE = 'SE5560000004-5001';
const provider: Party = {
  ...{ id: HOME_CARE, name: 'Hemtjänsten', kind: 'home-care', legalForms: ['private'], from: '2018-01-01' },
  source: 'test',
};
const directory = new PartyDirectory({ version: 'test', parties: [...PARTIES, provider] });
const parameters = (date: string) => parametersOn(date);
const judge = (event: StayEvent) => judgedTime(event, parametersOn('2026-05-04'));
const history = (events: readonly StayEvent[], more: object = {}): History =>
  historyOf({ parameters, judge, directory, events, ...more });

let count = 0;
function said(intake: string, says: PartyStatement, grounds?: readonly Ground[], party = SOLNA): StayEvent {
  const [eventId, at] = [`said-${++count}`, may(intake)];
  const origin = { eventId, inboundId: eventId, ordinal: 0, revision: 1, intakeAt: at, intakeStamp: at * 1000 };
  const event = routingEventOf({ ...origin, stayId: 'stay', party, sentAt: at, says, ...(grounds && { grounds }) });
  if (!event) throw new Error('it changes nothing');
  return event;
}
const added = (intake: string, home?: HomeWord, grounds: readonly Ground[] = ['CONSENT']): StayEvent =>
  said(intake, { kind: 'recipient-added', recipient: HOME_CARE, ...(home && { home }) }, grounds);

const homeActs = ({ acts }: History): Act[] => acts.filter(({ recipient }) => recipient === HOME_CARE);
const told = (events: readonly StayEvent[]): string[] =>
  homeActs(history(events)).map(({ kind, content, ground, ended }) => {
    if (content.kind !== 'HOME') throw new Error(`${kind} is no notice of home care`);
    const { awayFrom, homeFrom, careProvider } = content;
    const word = `away ${awayFrom?.iso ?? '-'} home ${homeFrom?.iso ?? '-'}`;
    return [word, careProvider, ground, ...(ended ? [ended.cause] : [])].join(', ');
  });

const ADMITTED = message('A01', { sent: '04 08:30', facts: [need('SOC', '04 08:15')] });
const consent = (value: string, sent: string): StayEvent =>
  message('A08', { sent, facts: [fact('CONSENT', value.split('~'), sent, { scopes: ['HOME'] })] });
const YES = consent('Y', '04 09:00');
const DISCHARGED = message('A03', { sent: '07 14:30', encounter: { end: stated('07 14:00'), leaving: 'home' } });
const away = 'away 2026-05-04 home -';

describe('the notice of home care', () => {
  it.each<[string, readonly StayEvent[], readonly string[]]>([
    [
      'goes to nobody whom the ward only mentions',
      [
        message('A01', { sent: '04 08:30', facts: [need('SOC', '04 08:15'), fact('HOMECARE', HOME_CARE, '04 08:20')] }),
        YES,
      ],
      [],
    ],
    [
      'goes to nobody whom a party has added, and neither it nor the ward has let know',
      [ADMITTED, added('04 10:00')],
      [],
    ],
    [
      "is the ward's, with consent in its scope, to whom a party has added",
      [ADMITTED, YES, added('04 10:00')],
      [`${away}, Region Stockholm, CONSENT`],
    ],
    [
      "is the ward's to whom the person has named",
      [ADMITTED, consent(`Y~${HOME_CARE}`, '04 09:00')],
      [`${away}, Region Stockholm, CONSENT`],
    ],
    [
      "is not the ward's on consent in another scope",
      [
        ADMITTED,
        message('A08', { sent: '04 09:00', facts: [fact('CONSENT', 'Y', '04 09:00', { scopes: ['SOC'] })] }),
        added('04 10:00'),
      ],
      [],
    ],
    [
      'is of the party that has added it, in its own name and on its own ground',
      [ADMITTED, added('04 10:00', { unchanged: 'yes' }, ['MENPROVNING'])],
      ['away - home -, Solna stad, MENPROVNING'],
    ],
    [
      'is not told on a ground that does not carry it',
      [ADMITTED, added('04 10:00', { unchanged: 'yes' }, ['LPT_7A'])],
      [],
    ],
    [
      'comes from nobody who was not told of the stay',
      [
        ADMITTED,
        said(
          '04 10:00',
          { kind: 'recipient-added', recipient: HOME_CARE, home: { unchanged: 'yes' } },
          ['CONSENT'],
          '0182',
        ),
      ],
      [],
    ],
    [
      'is taken back when the party takes back whom it has added',
      (() => {
        const one = added('04 10:00', { unchanged: 'yes' });
        return [ADMITTED, one, said('04 11:00', { kind: 'undone', eventId: one.eventId, code: 'RECIPIENT' })];
      })(),
      ['away - home -, Solna stad, CONSENT, other-recipient'],
    ],
    [
      'is taken back without a reason when the stay never was',
      [ADMITTED, YES, added('04 10:00'), message('A11', { sent: '05 08:00' })],
      [`${away}, Region Stockholm, CONSENT, cancelled`],
    ],
    [
      'stands when the consent is taken back, and nothing more is told',
      [ADMITTED, consent(`Y~${HOME_CARE}`, '04 09:00'), consent('N', '05 09:00'), DISCHARGED],
      [`${away}, Region Stockholm, CONSENT`],
    ],
  ])('%s', (_, events, expected) => {
    expect(told(events)).toEqual(expected);
  });

  it('is taken back from a provider that sends it back, and goes to nobody else', () => {
    const returned = said('04 11:00', { kind: 'returned', reason: 'OTHER-UNIT' }, undefined, HOME_CARE);
    const events = [ADMITTED, added('04 10:00', { unchanged: 'yes' }), returned, DISCHARGED];
    expect(told(events)).toEqual(['away - home -, Solna stad, CONSENT, returned']);
    const all = history(events);
    expect(all.informed.map(({ party }) => party.id)).toEqual([SOLNA]);
    // Whom the municipality has added is not misaddressed by the ward.
    const received = new Map(all.acts.map((act) => [act.key, act.at]));
    expect(
      judgeAll(all, around('20 00:00', { received })).deviations.filter(({ code }) => /^(INS-06|SEK)/.test(code)),
    ).toEqual([]);
  });

  it('says when the person is home again, a second version, and unsays it with the discharge', () => {
    const events = [ADMITTED, YES, added('04 10:00'), DISCHARGED, message('A13', { sent: '07 16:00' })];
    const acts = homeActs(history(events));
    expect(told(events)).toHaveLength(3);
    expect(acts.map(({ follows }) => follows)).toEqual([undefined, acts[0]?.key, acts[1]?.key]);
    expect(told(events)[1]).toMatch(/^away 2026-05-04 home 2026-05-07T14/);
    expect(told(events)[2]).toBe(`${away}, Region Stockholm, CONSENT`);
  });

  it('holds nothing of why: no need, no expected discharge, no address, and no other kind goes there', () => {
    const all = [
      YES,
      DISCHARGED,
      message('A08', { sent: '06 08:00', facts: [fact('READY', 'Y', '06 08:00'), fact('CONSENT', 'Y', '06 08:00')] }),
    ];
    const first = homeActs(history([ADMITTED, ...all, added('04 10:00')])).at(-1);
    expect(Object.keys(first?.content ?? {}).sort()).toEqual(
      ['awayFrom', 'careProvider', 'homeFrom', 'kind', 'person'].sort(),
    );
    expect(Object.keys(first?.content.person ?? {}).sort()).toEqual(['identity', 'name']);
    expect(first?.content.kind).toBe('HOME');
  });

  it('is nothing of a protected person, and is withheld without a word', () => {
    const protection = { label: 'sekretessmarkering' as const, since: may('04 08:00') };
    const { withheld, duties } = history([ADMITTED, YES, added('04 10:00', { unchanged: 'yes' })], { protection });
    expect([...withheld, ...duties].filter((one) => JSON.stringify(one).includes('HOME'))).toEqual([]);
    expect(homeActs(history([ADMITTED, YES, added('04 10:00')], { protection }))).toEqual([]);
  });

  it('asks nobody for a ground: without one it is silent', () => {
    expect(history([ADMITTED, added('04 10:00')]).withheld.filter(({ kind }) => kind === 'HOME')).toEqual([]);
  });
});

describe('who is added', () => {
  it('is kept with what the party lets it know', () => {
    const facts = { need: ['SOC' as const], address: { lines: [], municipality: SOLNA } };
    const decision = decide(
      { ...facts, added: [{ party: HOME_CARE, by: SOLNA, home: { unchanged: 'no' } }] },
      directory,
      '2026-05-04',
    );
    expect(decision.added).toMatchObject([{ by: SOLNA, adding: { id: SOLNA }, home: { unchanged: 'no' } }]);
  });
});
