import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { StayEvent } from '../events/stay-event.ts';
import { DIRECTORY, fact, may, message, REGION_CLINIC, SOLNA, stated, TERMS } from '../ward.fixture.ts';
import {
  admit,
  ANSWERED,
  type Around,
  BOTH,
  CALL,
  CLINIC_DUTIES,
  directoryWith,
  found,
  home,
  judged,
  KVI,
  PLAN,
  FVK,
  ready,
  READY,
  TOWN_DUTIES,
  utk,
  UTK_READ,
  word,
} from './recipients.fixture.ts';

const care = (kind: string) => fact('COMPULSORY', kind, '06 09:30');
const OPEN_CARE = message('A08', {
  sent: '06 11:00',
  facts: [care('OPT'), fact('OPTDECISION', 'Y', '06 10:30')],
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
