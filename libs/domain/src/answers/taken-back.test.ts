import { describe, expect, it } from '@jest/globals';
import type { OperatorEvent, OperatorStatement } from '../events/operator-event.ts';
import type { PartyEvent, PartyStatement } from '../events/party-event.ts';
import { may, SOLNA, TERMS } from '../ward.fixture.ts';
import { PartyWords, wordEventOf } from './party-words.ts';
import { routingEventOf, RoutingStatements } from './routing-statements.ts';
import type { Stay } from '../stay/stay.ts';

/*
 * What is taken back never was, whichever of the two a fold comes to first: two that were taken in at one moment, or by two
 * processes whose clocks differ, stand in either order.
 */

const AT = may('04 10:00');
const STAY = { personKey: 'a', revival: 0, terms: TERMS } as unknown as Stay;
const OWN = { inboundId: 'i', ordinal: 0, revision: 1, intakeAt: AT, intakeStamp: AT * 1000, stayId: 's' };
const ANYBODY = { isTold: () => true, partyOf: () => undefined };

const operator = (eventId: string, says: OperatorStatement): OperatorEvent => ({
  ...{ ...OWN, eventId, operator: 'o', reason: 'r', says },
});
const party = (eventId: string, by: string, says: PartyStatement): PartyEvent => ({
  ...{ ...OWN, eventId, party: by, sentAt: AT, says },
});

function routing(events: readonly (OperatorEvent | PartyEvent)[]): RoutingStatements {
  const statements = new RoutingStatements();
  for (const event of events) {
    const kept = routingEventOf(event);
    if (kept) statements.take(kept, AT, STAY, () => true);
  }
  return statements;
}

describe('what is taken back', () => {
  const released = operator('release', {
    ...{ kind: 'released', recipient: SOLNA, scopes: ['SOC'], ground: 'LUS_2KAP' },
  });
  const returned = party('return', SOLNA, { kind: 'returned' });
  const undoing = { kind: 'undone', eventId: 'release' } as const;

  it('of the operator and of a party never was, in either order', () => {
    const ofOperator = [released, operator('undo', undoing)];
    const ofParty = [returned, party('undo', SOLNA, { kind: 'undone', eventId: 'return', code: 'RET' })];
    for (const events of [ofOperator, ofParty, ofOperator.toReversed(), ofParty.toReversed()])
      expect(routing(events).of(STAY)).toEqual({});
    expect(routing([released]).of(STAY).released).toHaveLength(1);
    expect(routing([returned]).returns(STAY)).toHaveLength(1);
  });

  it('is taken back by nobody else', () => {
    const byAnother = party('undo', SOLNA, { ...undoing, code: 'RET' });
    for (const events of [
      [released, byAnother],
      [byAnother, released],
    ])
      expect(routing(events).of(STAY).released).toHaveLength(1);
  });

  it('of the words for the planning never was either, in either order', () => {
    const ward = TERMS.organisation;
    const said = wordEventOf(party('word', ward, { kind: 'sip-declined', by: 'PERSON' }), undefined);
    const undo = (by: string) =>
      wordEventOf(party('undo', by, { ...undoing, eventId: 'word', code: 'SIP-DECLINED' }), undefined);
    const standing = (events: readonly (typeof said)[]) => {
      const words = new PartyWords();
      for (const event of events) words.take(event, AT, STAY, ANYBODY);
      return words.of(STAY).length;
    };
    expect(standing([said])).toBe(1);
    expect([standing([said, undo(ward)]), standing([undo(ward), said])]).toEqual([0, 0]);
    expect([standing([said, undo(SOLNA)]), standing([undo(SOLNA), said])]).toEqual([1, 1]);
  });
});
