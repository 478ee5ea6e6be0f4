import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { PartyEvent, PartyStatement } from '../events/party-event.ts';
import { answersOf } from './party-answers.ts';

let made = 0;
const says = (statement: PartyStatement, more: Partial<PartyEvent> = {}): PartyEvent => {
  const intakeStamp = ++made;
  return {
    ...{ eventId: `e${intakeStamp}`, inboundId: `i${intakeStamp}`, ordinal: 0, revision: 1, intakeAt: intakeStamp },
    ...{ intakeStamp, stayId: 's', party: '0184', about: 'c1', sentAt: intakeStamp, says: statement },
    ...more,
  };
};

describe('what a party has answered', () => {
  it('is acknowledged at the first acknowledgement', () => {
    const answers = answersOf([
      says({ kind: 'acknowledged' }, { sentAt: 200 }),
      says({ kind: 'acknowledged' }, { sentAt: 100 }),
    ]);
    expect(answers.get('0184')?.acknowledged).toEqual(new Map([['c1', 100]]));
  });

  it('names who the right one is by the latest word', () => {
    const answers = answersOf([
      says({ kind: 'returned', reason: 'NOT-REGISTERED-HERE' }, { sentAt: 100 }),
      says({ kind: 'returned', reason: 'OTHER-UNIT', proposal: '0182' }, { sentAt: 200 }),
    ]);
    const returned = new Map([['c1', { at: 200, reason: 'OTHER-UNIT', proposal: '0182' }]]);
    expect(answers.get('0184')?.returned).toEqual(returned);
  });

  it('never was when the same party took it back, and stands when another party says so', () => {
    const word = says({ kind: 'planning-begun' });
    const own = says({ kind: 'undone', eventId: word.eventId, code: 'PLAN' });
    const foreign = says({ kind: 'undone', eventId: word.eventId, code: 'PLAN' }, { party: '0182' });
    expect(answersOf([word, own]).get('0184')?.planningBegunAt).toBeUndefined();
    expect(answersOf([word, foreign]).get('0184')?.planningBegunAt).toBe(word.sentAt);
  });

  it('leaves a question open until somebody answers it', () => {
    const question = says({ kind: 'asked', thread: 't1', text: 'Hjälpmedel?' });
    const answer = says({ kind: 'answered', thread: 't1', text: 'Rullator' }, { party: 'SE2321000016-2001' });
    expect(answersOf([question]).get('0184')?.openQuestions).toEqual(new Set(['t1']));
    expect(answersOf([question, answer]).get('0184')?.openQuestions ?? new Set()).toEqual(new Set());
  });

  it('is the same in whatever order the answers came', () => {
    const events = [
      says({ kind: 'acknowledged' }),
      says({ kind: 'obstacle', exists: 'no' }, { sentAt: 5 }),
      says({ kind: 'obstacle', exists: 'yes' }, { sentAt: 5 }),
      says({ kind: 'contact-appointed', confirmed: true, contact: { name: 'Test' } }),
      says({ kind: 'contact-appointed', confirmed: false, contact: { name: 'Prov' } }),
      says({ kind: 'asked', thread: 't1' }),
      says({ kind: 'answered', thread: 't1' }),
      says({ kind: 'undone', eventId: 'e1', code: 'KVI' }),
    ];
    const expected = answersOf(events);
    fc.assert(
      fc.property(fc.shuffledSubarray(events, { minLength: events.length }), (shuffled) => {
        expect(answersOf(shuffled)).toEqual(expected);
      }),
    );
  });
});
