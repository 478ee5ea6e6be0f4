import { describe, expect, it } from '@jest/globals';
import type { PartyStatement } from '../events/party-event.ts';
import type { StayEvent } from '../events/stay-event.ts';
import { consent, fact, message, need, REGION_CLINIC, SOLNA, TERMS } from '../ward.fixture.ts';
import {
  admit,
  ANSWERED,
  CALL,
  CLINIC_DUTIES,
  found,
  ready,
  READY,
  TOWN_DUTIES,
  UTK_READ,
  word,
} from './recipients.fixture.ts';

const plan = (more: Partial<Extract<PartyStatement, { kind: 'sip-planned' }>> = {}): PartyStatement => ({
  ...{ kind: 'sip-planned', state: 'made', items: ['MEASURES', 'RESPONSIBILITIES', 'OTHERS', 'LEAD'] },
  ...{ consent: true, tookPart: ['PERSON'] },
  ...more,
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
