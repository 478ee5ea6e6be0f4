import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { historyOf } from '../acts/history.ts';
import { ANSWER_CODES, type AnswerCode } from '../events/answer-code.ts';
import type { PartyStatement } from '../events/party-event.ts';
import type { StayEvent } from '../events/stay-event.ts';
import { PartyDirectory } from '../routing/directory.ts';
import type { Party } from '../routing/party.ts';
import { parametersOn } from '../rules/parameters.ts';
import { wordEventOf } from '../stay/party-words.ts';
import { judgedTime } from '../time/judged-time.ts';
import type { Instant } from '../time/time.ts';
import { consent, DIRECTORY, fact, may, message, need, REGION_CLINIC, SOLNA, stated, TERMS } from '../ward.fixture.ts';
import { judge } from './registry.ts';

/** All parties answer all there is through the hub, but for those that a case takes it from. */
const ALL = Object.fromEntries(ANSWER_CODES.map((code) => [code, '2018-01-01'])) as Record<AnswerCode, string>;
const WARD: Party = {
  ...{ id: TERMS.organisation, name: 'Karolinska', kind: 'hospital', legalForms: ['region-authority'] },
  ...{ from: '2018-01-01', source: 'test' },
};
const directoryWith = (more: Partial<Party>): PartyDirectory =>
  new PartyDirectory({
    version: 'answering',
    parties: [...DIRECTORY.all(), WARD].map((party) => ({ ...party, answers: ALL, ...more })),
  });
const ANSWERING = directoryWith({});

let said = 0;
const word = (party: string, sent: string, says: PartyStatement, about?: string, id = `w${++said}`): StayEvent => {
  const at = may(sent);
  const origin = { eventId: id, inboundId: id, ordinal: 0, revision: 1, intakeAt: at, intakeStamp: at * 1000 + said };
  const event = { ...origin, stayId: 'stay', party, sentAt: at, says, ...(about !== undefined && { about }) };
  return wordEventOf(event, undefined);
};

/** `04 08:00` in May, `06-07` at noon of that day. */
const instantOf = (text: string): Instant =>
  /^\d\d-\d\d$/.test(text) ? Date.parse(`2026-${text}T12:00:00+02:00`) : may(text);

interface Around {
  readonly directory?: PartyDirectory;
  /** When every notice was received; absent: when it was sent. */
  readonly received?: (sent: Instant) => Instant | undefined;
}

const judged = (events: readonly StayEvent[], watermark: string, around: Around = {}) => {
  const parameters = parametersOn;
  const directory = around.directory ?? ANSWERING;
  const judgeTime = (event: StayEvent): Instant => judgedTime(event, parameters('2026-05-04'));
  const history = historyOf({ events, directory, parameters, judge: judgeTime });
  const received = new Map(
    history.acts.flatMap(({ key, sent }) => {
      const at = (around.received ?? ((instant) => instant))(sent);
      return at === undefined ? [] : [[key, at] as const];
    }),
  );
  const circumstances = { parameters, outages: [], received, deliveryId: (key: string) => key, suspected: false };
  return judge(history, { ...circumstances, watermark: instantOf(watermark) });
};

const OWN = /^(?:INS-08|FVK|PLA|UTK-06|SIP|TVG-01|TVG-02|UTS-09|UTS-10|MOT)/;
const found = (events: readonly StayEvent[], watermark: string, around: Around = {}): string[] =>
  judged(events, watermark, around)
    .deviations.filter(({ code }) => OWN.test(code))
    .map(({ code, party, severity }) => `${code} ${party} ${severity}`)
    .sort();

const admit = (scopes: readonly string[], more: object = {}): StayEvent =>
  message('A01', {
    ...{ sent: '04 08:30', facts: [need(scopes, '04 08:00'), consent('Y', '04 08:00')] },
    encounter: { expectedDischarge: stated('10 12:00') },
    ...more,
  });
const ready = (sent: string, value = 'Y'): StayEvent => message('A08', { sent, facts: [fact('READY', value, sent)] });
const home = (sent: string, more: object = {}): StayEvent =>
  message('A03', {
    sent,
    encounter: { end: stated(sent) },
    facts: [fact('INFO', 'text', sent, { scopes: ['SOC', 'ROV'] })],
    ...more,
  });

const BOTH = admit(['SOC', 'ROV']);
const KVI: PartyStatement = { kind: 'acknowledged' };
const FVK: PartyStatement = { kind: 'contact-appointed', confirmed: false };
const PLAN: PartyStatement = { kind: 'planning-begun' };
const CALL: PartyStatement = { kind: 'sip-called', invited: [SOLNA] };
const CLINIC_DUTIES = [word(REGION_CLINIC, '04 10:00', FVK)];
const TOWN_DUTIES = [word(SOLNA, '04 10:00', PLAN)];
const ANSWERED = [BOTH, ...CLINIC_DUTIES, ...TOWN_DUTIES];
const utk = (of: string, eventId: string): string => `UTK|${of}|UTK|${eventId}`;
const READY = ready('06 09:00');
const UTK_READ = [SOLNA, REGION_CLINIC].map((party) => word(party, '06 10:00', KVI, utk(party, READY.eventId)));
const care = (kind: string) => fact('COMPULSORY', kind, '06 09:30');
const OPEN_CARE = message('A08', {
  sent: '06 11:00',
  facts: [care('OPT'), fact('OPTDECISION', 'Y', '06 10:30')],
});
const plan = (more: Partial<Extract<PartyStatement, { kind: 'sip-planned' }>> = {}): PartyStatement => ({
  ...{ kind: 'sip-planned', state: 'made', items: ['MEASURES', 'RESPONSIBILITIES', 'OTHERS', 'LEAD'] },
  ...{ consent: true, tookPart: ['PERSON'] },
  ...more,
});

describe('duties of those who were told (DEC-13)', () => {
  it.each<readonly [string, readonly StayEvent[], string, readonly string[], Around?]>([
    ['nobody has answered, and a day of weekdays has not gone by', [BOTH], '05 08:30', []],
    ['nobody has answered', [BOTH], '05 08:32', [`INS-08 ${SOLNA} 2`, `INS-08 ${REGION_CLINIC} 2`]],
    ['none of the weekend counts', [admit(['ROV'], { sent: '08 15:00' })], '11 15:00', []],
    [
      'one that does not answer through the hub is not judged',
      [BOTH, home('20 12:00')],
      '28 12:00',
      [],
      { directory: DIRECTORY },
    ],
    [
      'nor one that is reached by telephone',
      [BOTH, home('20 12:00')],
      '28 12:00',
      [],
      { directory: directoryWith({ delivery: [{ channel: 'phone', address: '08-1' }] }) },
    ],
    ['nor one that has not received it', [BOTH, home('20 12:00')], '28 12:00', [], { received: () => undefined }],
    [
      'nor one that received it when the patient had left, but for reading it',
      [admit(['ROV']), home('04 12:00')],
      '28 12:00',
      [`INS-08 ${REGION_CLINIC} 2`],
      { received: () => may('04 13:00') },
    ],
    ['any word shows that the INS was read', ANSWERED, '28 12:00', []],
    [
      'the clinic is silent for three days',
      [BOTH, ...TOWN_DUTIES],
      '07 08:32',
      [`FVK-02 ${REGION_CLINIC} 2`, `INS-08 ${REGION_CLINIC} 2`],
    ],
    [
      'read, and no planning after two days',
      [BOTH, ...CLINIC_DUTIES, word(SOLNA, '04 09:00', KVI)],
      '06 08:32',
      [`PLA-01 ${SOLNA} 2`],
    ],
    [
      'left with neither contact nor planning',
      [
        BOTH,
        ready('06 09:00'),
        ...[SOLNA, REGION_CLINIC].map((party) => word(party, '04 09:00', KVI)),
        home('06 12:00'),
      ],
      '06 12:02',
      [
        `FVK-01 ${REGION_CLINIC} 3`,
        `PLA-01 ${SOLNA} 2`,
        `UTK-06 ${SOLNA} 1`,
        `UTK-06 ${REGION_CLINIC} 1`,
        `UTS-09 ${SOLNA} 4`,
      ],
    ],
    [
      'less than a day was left for it',
      [BOTH, ...[SOLNA, REGION_CLINIC].map((party) => word(party, '04 09:00', KVI)), home('05 08:00')],
      '05 08:02',
      [`FVK-01 ${REGION_CLINIC} 1`, `UTS-09 ${SOLNA} 1`],
    ],
    [
      'planning after the patient left is too late',
      [BOTH, ...CLINIC_DUTIES, word(SOLNA, '06 12:30', PLAN), home('06 12:00')],
      '20 12:00',
      [`UTS-09 ${SOLNA} 4`],
    ],
    [
      'a contact appointed afterwards closes it',
      [BOTH, ...TOWN_DUTIES, word(REGION_CLINIC, '06 12:30', FVK), home('06 12:00')],
      '06 14:00',
      [],
    ],
    [
      'a KVI of another notice is none of the UTK',
      [
        ...ANSWERED,
        READY,
        word(SOLNA, '06 10:00', KVI, 'INS'),
        word(REGION_CLINIC, '06 10:00', KVI, utk(REGION_CLINIC, READY.eventId)),
        home('08 12:00'),
      ],
      '08 13:00',
      [`UTK-06 ${SOLNA} 2`],
    ],
    [
      'the decision on open compulsory care is the UTK of those whom it reached',
      [
        ...ANSWERED,
        READY,
        OPEN_CARE,
        // A KVI of the word that it was before is none of the decision.
        ...UTK_READ,
        word(REGION_CLINIC, '07 10:00', KVI, `OPT-DECISION|${REGION_CLINIC}|OPT-DECISION|${OPEN_CARE.eventId}`),
        home('08 12:00'),
      ],
      '08 13:00',
      [`UTK-06 ${SOLNA} 2`],
    ],
    [
      'a decision that nobody was told of asks for nothing: that is the ward’s (TVG-03)',
      [...ANSWERED, READY, message('A08', { sent: '06 11:00', facts: [care('OPT')] }), home('08 12:00')],
      '08 13:00',
      [],
    ],
    [
      'transfer asks for none of it',
      [
        admit(['SOC', 'ROV']),
        word(SOLNA, '04 09:00', KVI),
        word(REGION_CLINIC, '04 09:00', KVI),
        home('06 07:00', { encounter: { end: stated('06 07:00'), leaving: 'transfer' } }),
      ],
      '06 08:00',
      [],
    ],
    [
      'a word that was taken back never was',
      [
        BOTH,
        ...TOWN_DUTIES,
        word(REGION_CLINIC, '04 10:00', KVI, undefined, 'mine'),
        word(REGION_CLINIC, '04 11:00', { kind: 'undone', eventId: 'mine', code: 'KVI' }),
      ],
      '05 09:00',
      [`INS-08 ${REGION_CLINIC} 2`],
    ],
    [
      'a stranger’s word is none',
      [BOTH, ...TOWN_DUTIES, word('0183', '04 10:00', KVI)],
      '05 09:00',
      [`INS-08 ${REGION_CLINIC} 2`],
    ],
    [
      'obstacles by the latest word',
      [...ANSWERED, word(REGION_CLINIC, '05 09:00', { kind: 'obstacle', exists: 'yes' })],
      '05 09:00',
      [`MOT-02 ${REGION_CLINIC} 3`],
    ],
    [
      'an obstacle that is gone',
      [
        ...ANSWERED,
        word(REGION_CLINIC, '05 09:00', { kind: 'obstacle', exists: 'yes' }),
        word(REGION_CLINIC, '06 09:00', { kind: 'obstacle', exists: 'no' }),
      ],
      '06 09:00',
      [],
    ],
    [
      'found at home',
      [...ANSWERED, word(SOLNA, '06 09:00', { kind: 'found', where: 'home' })],
      '06 09:00',
      [`UTS-10 ${TERMS.organisation} 4`],
    ],
    [
      'found at home, and on leave',
      [...ANSWERED, message('A21', { sent: '06 08:00' }), word(SOLNA, '06 09:00', { kind: 'found', where: 'home' })],
      '06 09:00',
      [],
    ],
    [
      'found at home, and the discharge came after it',
      [...ANSWERED, word(SOLNA, '06 09:00', { kind: 'found', where: 'home' }), home('06 10:00')],
      '06 11:00',
      [],
    ],
  ])('%s', (...[, events, watermark, expected, around]) => {
    // A parameter that a row leaves out would be taken for the callback of a test that waits.
    expect(found(events, watermark, around)).toEqual([...expected].sort());
  });
});

describe('the call to a co-ordinated plan, and the plan (LUS 4:3; LAW-64; DEC-10, DEC-12)', () => {
  const TOLD = [...ANSWERED, READY, ...UTK_READ];
  const applied = (sent: string): StayEvent => message('A08', { sent, facts: [fact('OPTAPPLIED', 'Y', sent)] });
  it.each<readonly [string, readonly StayEvent[], string, readonly string[]]>([
    // Told on Wednesday 6 May: the third day is Saturday, and gives way to Monday.
    ['within the days, which end on a weekday', TOLD, '12 00:00', []],
    ['not at all', TOLD, '12 00:02', [`SIP-01 ${REGION_CLINIC} 3`]],
    // Told on Monday 11 May: the third day is Ascension Day, and gives way to Friday.
    ['Ascension Day is no bank day', [...ANSWERED, ready('11 09:00')], '15 12:00', []],
    ['in time', [...TOLD, word(REGION_CLINIC, '11 23:59', CALL)], '12 12:00', []],
    ['late', [...TOLD, word(REGION_CLINIC, '12 00:00', CALL)], '12 12:00', [`SIP-02 ${REGION_CLINIC} 2`]],
    ['before the patient was ready', [...TOLD, word(REGION_CLINIC, '05 12:00', CALL)], '12 12:00', []],
    [
      'by the municipality, which satisfies nobody',
      [...TOLD, word(SOLNA, '07 12:00', CALL), word(TERMS.organisation, '07 13:00', CALL)],
      '12 12:00',
      [`SIP-01 ${REGION_CLINIC} 3`, `SIP-04 ${SOLNA} 1`, `SIP-04 ${TERMS.organisation} 1`],
    ],
    [
      'without the municipality',
      [...TOLD, word(REGION_CLINIC, '07 12:00', { kind: 'sip-called', invited: [] })],
      '12 12:00',
      [`SIP-03 ${REGION_CLINIC} 2`],
    ],
    ['one principal alone', [admit(['SOC']), ...TOWN_DUTIES, READY], '20 12:00', []],
    [
      'refused',
      [...ANSWERED, message('A08', { sent: '05 09:00', facts: [consent('N', '05 09:00')] }), READY],
      '20 12:00',
      [],
    ],
    [
      'declined by the person',
      [...TOLD, word(SOLNA, '07 12:00', { kind: 'sip-declined', by: 'PERSON' })],
      '20 12:00',
      [],
    ],
    [
      'declined by one who was called: the duty stands',
      [...TOLD, word(SOLNA, '07 12:00', { kind: 'sip-declined', by: 'PARTY' })],
      '20 12:00',
      [`SIP-01 ${REGION_CLINIC} 3`],
    ],
    [
      'open compulsory care',
      [
        admit(['SOC', 'ROV'], {
          facts: [need(['SOC', 'ROV'], '04 08:00'), consent('Y', '04 08:00'), fact('COMPULSORY', 'OPT', '04 08:00')],
        }),
        ...CLINIC_DUTIES,
        ...TOWN_DUTIES,
        READY,
      ],
      '20 12:00',
      [],
    ],
    ['ready no more', [...TOLD, ready('07 09:00', 'N')], '20 12:00', []],
    [
      'called, and no plan in thirty days',
      [...TOLD, word(REGION_CLINIC, '07 12:00', CALL)],
      '06-07',
      [`SIP-06 ${REGION_CLINIC} 2`],
    ],
    [
      'a good plan',
      [...TOLD, word(REGION_CLINIC, '07 12:00', CALL), word(REGION_CLINIC, '09 12:00', plan())],
      '06-07',
      [],
    ],
    [
      'a plan without consent, without the person, without who leads it',
      [
        ...TOLD,
        word(REGION_CLINIC, '07 12:00', CALL),
        word(REGION_CLINIC, '09 12:00', plan({ consent: false, tookPart: ['MUNICIPALITY'], items: ['MEASURES'] })),
      ],
      '10 12:00',
      [`SIP-05 ${REGION_CLINIC} 4`, `SIP-07 ${REGION_CLINIC} 2`, `SIP-08 ${REGION_CLINIC} 3`],
    ],
    [
      'a version that puts it right',
      [
        ...TOLD,
        word(REGION_CLINIC, '07 12:00', CALL),
        word(REGION_CLINIC, '09 12:00', plan({ consent: false, items: [] })),
        word(REGION_CLINIC, '09 13:00', plan({ state: 'revised', tookPart: [], absence: 'DECLINED' })),
      ],
      '10 12:00',
      [],
    ],
    [
      'applied for open compulsory care without a plan',
      [...ANSWERED, applied('06 09:00')],
      '06 09:02',
      [`TVG-01 ${TERMS.organisation} 4`],
    ],
    [
      'with one that a unit has not adjusted',
      [
        ...ANSWERED,
        word(TERMS.organisation, '05 09:00', { kind: 'care-planned', state: 'made', units: [SOLNA] }),
        applied('06 09:00'),
      ],
      '06 09:02',
      [`TVG-02 ${TERMS.organisation} 3`],
    ],
    [
      'with one that all have',
      [
        ...ANSWERED,
        word(
          TERMS.organisation,
          '05 09:00',
          { kind: 'care-planned', state: 'made', units: [SOLNA] },
          undefined,
          'plan',
        ),
        word(SOLNA, '05 10:00', { kind: 'care-plan-adjusted', plan: 'plan' }),
        applied('06 09:00'),
      ],
      '06 09:02',
      [],
    ],
  ])('%s', (_name, events, watermark, expected) => {
    expect(found(events, watermark)).toEqual([...expected].sort());
  });
});

describe('the order in which messages and words come', () => {
  it('makes no difference: each permutation, intake times held, names the same', () => {
    const events = [...ANSWERED, READY, ...UTK_READ.slice(1), word(REGION_CLINIC, '12 08:00', CALL), home('13 12:00')];
    const expected = found(events, '20 12:00');
    expect(expected).toEqual([`SIP-02 ${REGION_CLINIC} 2`, `UTK-06 ${SOLNA} 2`]);
    fc.assert(
      fc.property(fc.shuffledSubarray(events, { minLength: events.length }), (order) => {
        expect(found(order, '20 12:00')).toEqual(expected);
      }),
      { numRuns: 50 },
    );
  });

  it('and at no moment is anything named that the watermark did not allow', () => {
    const events = [BOTH, READY];
    for (let hour = 0; hour < 24 * 7; hour++) {
      const at = `${String(4 + Math.floor(hour / 24)).padStart(2, '0')} ${String(hour % 24).padStart(2, '0')}:00`;
      for (const { due } of judged(events, at).deviations) expect(due).toBeLessThan(may(at));
    }
  });
});

describe('warnings', () => {
  it('name what will be a deviation, with its party, and end with it', () => {
    const pending = (events: readonly StayEvent[], at: string): string[] =>
      (judged(events, at).pending ?? []).map(({ deviation: { code, party } }) => `${code} ${party}`).sort();
    expect(pending([BOTH], '04 09:00')).toEqual(
      [
        `BUT-03 ${TERMS.organisation}`,
        `FVK-02 ${REGION_CLINIC}`,
        `INS-08 ${SOLNA}`,
        `INS-08 ${REGION_CLINIC}`,
        `PLA-01 ${SOLNA}`,
      ].sort(),
    );
    expect(pending([...ANSWERED, READY], '06 09:01')).toEqual([`SIP-01 ${REGION_CLINIC}`]);
    expect(pending([...ANSWERED, READY], '20 09:00')).toEqual([]);
  });

  it('of the call come by the stricter reading, which knows no bank days', () => {
    const [call] = judged([...ANSWERED, READY], '06 09:01').pending ?? [];
    expect(call?.warnAt).toBe(may('10 00:00'));
    expect(call?.deviation.due).toBe(may('12 00:00'));
  });
});
