import { describe, expect, it } from '@jest/globals';
import { routingEventOf, type OperatorStatement, type PersonEvent } from '#libs/domain';
import { breachesOf } from '../../../../test/conformance/contracts.ts';
import { isUnreadable } from '../resource.ts';
import { readArrivedEvent } from './event-records.ts';
import { writeSenderEvent } from './person-event-bundle.ts';
import { readOperatorEvent, writeOperatorEvent } from './operator-event-bundle.ts';

const ID = '000000a1-0000-8000-8000-000000000001';
const STAY = '00000051-0000-8000-8000-000000000001';
const AT = Date.parse('2026-05-10T12:00:00Z');
const event = (says: OperatorStatement) => ({
  ...{ eventId: ID, inboundId: ID, ordinal: 0, revision: 3, intakeAt: AT, intakeStamp: AT * 1000 },
  ...{ stayId: STAY, operator: 'operator', reason: 'Enligt samtal med kommunen', says },
});
const SAID: readonly OperatorStatement[] = [
  { kind: 'released', recipient: '0184', scopes: ['SOC', 'ROV'], ground: 'LUS_2KAP', role: 'municipality' },
  { kind: 'released', recipient: 'SE2321000016-2001', scopes: ['SOC', 'KHSL', 'ROV'], ground: 'MENPROVNING' },
  { kind: 'call-recorded', recipient: '0184', at: AT - 60_000, notice: 'INS', channel: 'telephone' },
  { kind: 'directory-changed', version: 'kTq2fXb4eYl_0a1B', at: AT - 30_000 },
  { kind: 'undone', eventId: '000000a1-0000-8000-8000-000000000002' },
];

describe('the record of what the operator says', () => {
  it.each(SAID)('is read as it was written: %j', (says) => {
    const bundle: unknown = JSON.parse(JSON.stringify(writeOperatorEvent(event(says))));
    expect(breachesOf('events', bundle)).toEqual([]);
    expect(readOperatorEvent(bundle)).toEqual(event(says));
    expect(readArrivedEvent('operator-event', bundle)).toEqual(routingEventOf(event(says)));
  });

  const person = (says: PersonEvent['says']): PersonEvent => ({
    ...{ eventId: ID, inboundId: ID, ordinal: 0, revision: 3, intakeAt: AT, intakeStamp: AT * 1000 },
    ...{ patientIds: [STAY, ID], saidBy: 'operator', trigger: says.kind, at: AT, sentAt: AT, says, findings: [] },
  });

  it.each<PersonEvent['says']>([
    { kind: 'protection-lifted', reason: 'Enligt registret', visit: STAY },
    { kind: 'stays-joined', from: ID, into: STAY, reason: 'Samma vård, registrerad två gånger' },
    { kind: 'undone', eventId: '000000a1-0000-8000-8000-000000000002' },
  ])('of a person is read as it was written: %j', (says) => {
    const bundle: unknown = JSON.parse(JSON.stringify(writeSenderEvent(person(says), { controlId: '' })));
    expect(breachesOf('events', bundle)).toEqual([]);
    expect(readArrivedEvent('event', bundle)).toEqual(person(says));
  });

  it.each([null, {}, { resourceType: 'Bundle', entry: [] }])(
    'of anything else it says where it is unreadable',
    (value) => {
      expect(isUnreadable(readOperatorEvent(value))).toBe(true);
    },
  );
});
