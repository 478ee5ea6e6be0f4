import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  ABSENCE_REASONS,
  ANSWER_CODES,
  DECLINED_BY,
  GROUNDS,
  PLAN_ITEMS,
  PLAN_PARTICIPANTS,
  PLAN_STATES,
  RETURN_REASONS,
  SCOPES,
  UNCHANGED,
  type PartyEvent,
  type PartyStatement,
} from '#libs/domain';
import { readEventBundle, readPartyEventBundle, writePartyEventBundle } from '../index.ts';

const instant = fc.integer({ min: Date.UTC(2000, 0, 1), max: Date.UTC(2150, 0, 1) });
const text = fc.string({ minLength: 1, maxLength: 40 });
const party = fc.constantFrom('0184', '0180-jarva', 'SE2321000016-2001');
const uuid = fc.uuid();
const TIME = { iso: '2026-05-12T10:00+02:00', precision: 'minute', start: 1, end: 60_001 } as const;

const statement: fc.Arbitrary<PartyStatement> = fc.oneof(
  fc.constantFrom<PartyStatement>({ kind: 'acknowledged' }, { kind: 'planning-begun' }),
  fc.record(
    { kind: fc.constant('returned' as const), reason: fc.constantFrom(...RETURN_REASONS), proposal: party },
    { requiredKeys: ['kind'] },
  ),
  fc.record({ kind: fc.constant('obstacle' as const), exists: fc.constantFrom('yes', 'no', 'unknown') }),
  fc.record({ kind: fc.constant('found' as const), where: fc.constantFrom('admitted', 'home') }),
  fc.record({ kind: fc.constant('informed' as const), text }),
  fc.record(
    { kind: fc.constantFrom('asked' as const, 'answered' as const), thread: uuid, text },
    { requiredKeys: ['kind', 'thread'] },
  ),
  fc.record(
    {
      kind: fc.constant('contact-appointed' as const),
      confirmed: fc.boolean(),
      contact: fc.record({ name: text, role: text, unit: text, telephone: text }, { requiredKeys: ['name'] }),
    },
    { requiredKeys: ['kind', 'confirmed'] },
  ),
  fc.record(
    { kind: fc.constant('sip-called' as const), invited: fc.array(party), at: fc.constant(TIME), text },
    { requiredKeys: ['kind', 'invited'] },
  ),
  fc.record(
    { kind: fc.constant('sip-proposed' as const), at: fc.constant(TIME), text },
    { requiredKeys: ['kind', 'at'] },
  ),
  fc.record(
    {
      ...{ kind: fc.constant('sip-replied' as const), proposal: uuid, accepted: fc.boolean() },
      ...{ at: fc.constant(TIME), text },
    },
    { requiredKeys: ['kind', 'proposal', 'accepted'] },
  ),
  fc.record(
    { kind: fc.constant('sip-declined' as const), by: fc.constantFrom(...DECLINED_BY), text },
    { requiredKeys: ['kind', 'by'] },
  ),
  fc.record(
    {
      ...{ kind: fc.constant('sip-planned' as const), state: fc.constantFrom(...PLAN_STATES), consent: fc.boolean() },
      ...{ items: fc.subarray([...PLAN_ITEMS]), tookPart: fc.subarray([...PLAN_PARTICIPANTS]) },
      ...{ absence: fc.constantFrom(...ABSENCE_REASONS), text },
    },
    { requiredKeys: ['kind', 'state', 'consent', 'items', 'tookPart'] },
  ),
  fc.record(
    {
      ...{ kind: fc.constant('care-planned' as const), state: fc.constantFrom(...PLAN_STATES) },
      ...{ units: fc.array(party), text },
    },
    { requiredKeys: ['kind', 'state', 'units'] },
  ),
  fc.record(
    { kind: fc.constant('care-plan-adjusted' as const), plan: uuid, unit: party },
    { requiredKeys: ['kind', 'plan'] },
  ),
  fc.record({ kind: fc.constant('opposed' as const), scopes: fc.subarray([...SCOPES]) }),
  fc.record(
    {
      kind: fc.constant('case-owned' as const),
      owner: fc.constantFrom('0180-farsta', '0184'),
      desk: fc.constant('aldre'),
    },
    { requiredKeys: ['kind', 'owner'] },
  ),
  fc.record(
    {
      kind: fc.constant('recipient-added' as const),
      recipient: fc.constant('SE5560000001-5001'),
      home: fc.record(
        {
          awayFrom: fc.constant(TIME),
          homeFrom: fc.constant(TIME),
          unchanged: fc.constantFrom(...UNCHANGED),
          call: fc.constant('Ann, 08'),
        },
        { requiredKeys: ['unchanged'] },
      ),
      text: fc.constant('Hemma'),
    },
    { requiredKeys: ['kind', 'recipient'] },
  ),
  fc.record({ kind: fc.constant('undone' as const), eventId: uuid, code: fc.constantFrom(...ANSWER_CODES) }),
);

const anyEvent: fc.Arbitrary<PartyEvent> = fc.record(
  {
    eventId: uuid,
    inboundId: uuid,
    ordinal: fc.nat(3),
    revision: fc.nat(9999),
    intakeAt: instant,
    intakeStamp: fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
    stayId: uuid,
    party,
    about: uuid,
    sentAt: instant,
    says: statement,
    grounds: fc.subarray([...GROUNDS], { minLength: 1 }),
    answeredBy: text,
  },
  {
    requiredKeys: [
      ...(['eventId', 'inboundId', 'ordinal', 'revision', 'intakeAt', 'intakeStamp'] as const),
      ...(['stayId', 'party', 'sentAt', 'says'] as const),
    ],
  },
);

/** As it comes from a topic. */
const onTopic = (event: PartyEvent): unknown => JSON.parse(JSON.stringify(writePartyEventBundle(event)));

describe('the record of what a party says', () => {
  it('is read as the very event that was written', () => {
    fc.assert(fc.property(anyEvent, (event) => expect(readPartyEventBundle(onTopic(event))).toEqual(event)));
  });

  it('is no event of a sender, and whatever else lies on the topic is a value, never a throw', () => {
    fc.assert(fc.property(anyEvent, (event) => expect(readEventBundle(onTopic(event))).toHaveProperty('unreadable')));
    fc.assert(fc.property(fc.anything(), (value) => expect(readPartyEventBundle(value)).toHaveProperty('unreadable')));
  });

  it('of a kind that this build does not know is unreadable', () => {
    const [event] = fc.sample(anyEvent, { numRuns: 1, seed: 7 });
    const foreign: unknown = JSON.parse(
      JSON.stringify(onTopic(event!)).replace(/"valueCode":"[a-z-]+"/, '"valueCode":"sung"'),
    );
    expect(readPartyEventBundle(foreign)).toEqual({ unreadable: 'party event: Communication.answer' });
  });
});
