import { describe, expect, it } from '@jest/globals';
import { upgradeStoredEvent } from './stored-event.ts';

const INTAKE = Date.UTC(2026, 4, 10, 12, 31);
const SENT = INTAKE - 60_000;
const HAPPENED = {
  iso: '2026-05-10T14:00+02:00',
  precision: 'minute',
  start: INTAKE - 1_860_000,
  end: INTAKE,
} as const;
const LATER = { ...HAPPENED, start: HAPPENED.start + 60_000 } as const;

/** A body as the first version stored it. */
const first = (more: object = {}) => ({
  eventId: 'e1',
  inboundId: 'i1',
  ordinal: 0,
  revision: 1001,
  stayId: 's1',
  patientId: 'p1',
  sender: 'KS',
  trigger: 'A01',
  sentAt: SENT,
  intakeAt: INTAKE,
  terms: {
    organisation: 'SE2321000016-1000',
    careProvider: 'Region Stockholm',
    legalForm: 'region-authority',
    ins: 'auto',
    impliedNeed: [],
    info: 'here',
    clock: 'trusted',
  },
  patient: { identities: [{ type: 'personnummer', system: 'urn:x', value: '191212121212' }], protection: 'unknown' },
  encounter: { class: 'IMP', start: HAPPENED, end: LATER },
  facts: [
    { code: 'NEED', scopes: [], values: ['SOC'], status: 'F', at: SENT, ownTime: false },
    { code: 'INFO', scopes: ['ROV'], values: ['Rullator'], status: 'F', at: INTAKE, ownTime: true, judgedBy: 'x' },
  ],
  ...more,
});

describe('an event that the first version stored', () => {
  it('keeps all that it said and says what was new since', () => {
    const body = first();
    expect(upgradeStoredEvent(body)).toEqual({
      ...body,
      course: 'admit',
      at: HAPPENED.start,
      intakeStamp: INTAKE * 1000 + 999,
      terms: { ...body.terms, connectedFrom: '2018-01-01' },
      facts: [
        { code: 'NEED', scopes: [], values: ['SOC'], status: 'F', at: SENT },
        {
          code: 'INFO',
          scopes: ['ROV'],
          values: ['Rullator'],
          status: 'F',
          at: INTAKE,
          stated: String(INTAKE),
          judgedBy: 'x',
        },
      ],
      findings: [],
    });
  });

  it.each([
    ['A01', 'admit', HAPPENED.start],
    ['A03', 'discharge', LATER.start],
    ['A08', 'update', SENT],
    ['A11', 'cancel-admission', SENT],
    ['A13', 'cancel-discharge', SENT],
  ])('of %s is %s, at the time that its field says', (trigger, course, at) => {
    expect(upgradeStoredEvent(first({ trigger }))).toMatchObject({ trigger, course, at });
    expect(upgradeStoredEvent(first({ trigger, occurredAt: LATER }))).toMatchObject({ at: LATER.start });
  });

  it('stands at its sent time where the field is empty or deleted', () => {
    for (const encounter of [{}, { start: null }]) {
      expect(upgradeStoredEvent(first({ encounter }))).toMatchObject({ at: SENT });
    }
  });

  it('is upgraded once: a body of today is answered as it is', () => {
    const today = upgradeStoredEvent(first());
    expect(upgradeStoredEvent(today)).toBe(today);
    expect(upgradeStoredEvent(JSON.parse(JSON.stringify(today)))).toEqual(today);
  });

  it.each([
    ['null', null],
    ['a text', 'A01'],
    ['an empty object', {}],
    ['of another trigger', first({ trigger: 'A99' })],
  ])('is nothing else: %s', (_what, body) => {
    expect(() => upgradeStoredEvent(body)).toThrow(TypeError);
  });
});
