import { describe, expect, it } from '@jest/globals';
import { ANSWER_CODES, type PartyStatement } from '../events/party-event.ts';
import type { LegalForm } from '../events/terms.ts';
import type { Ground } from '../notices/grounds.ts';
import { answerPassage, mayAnswer, needsGround } from './answer-gate.ts';

const DAY = '2026-05-10';
const INFORMED: PartyStatement = { kind: 'informed', text: 'Hemtjänst två gånger om dagen' };
const passage = (
  from: LegalForm,
  ward: LegalForm,
  grounds: Ground[] = [],
  says: PartyStatement = INFORMED,
  date = DAY,
) => answerPassage({ says, grounds }, { legalForms: [from] }, [ward], date);

describe('what goes on to the ward', () => {
  it('is free for what only says whether this is the right recipient, and for nothing else', () => {
    expect(ANSWER_CODES.filter((code) => !needsGround(code))).toEqual(['KVI', 'RET', 'PLAN']);
    expect(passage('municipal-authority', 'private', [], { kind: 'acknowledged' })).toEqual({ passes: 'free' });
  });

  it.each<[LegalForm, LegalForm, Ground[], object]>([
    ['municipal-authority', 'region-authority', [], { passes: 'withheld' }],
    ['municipal-authority', 'region-authority', ['CONSENT'], { passes: 'on-ground', ground: 'CONSENT' }],
    ['municipal-authority', 'private', ['CONSENT'], { passes: 'on-ground', ground: 'CONSENT' }],
    ['region-authority', 'region-authority', [], { passes: 'on-ground', ground: 'SAME_REGION' }],
    ['region-authority', 'region-authority', ['CONSENT'], { passes: 'on-ground', ground: 'CONSENT' }],
    // Between the region and a company that it pays, and back, there is secrecy.
    ['region-authority', 'private', [], { passes: 'withheld' }],
    ['private', 'region-authority', [], { passes: 'withheld' }],
    ['private', 'region-authority', ['PRIVATE_PROVIDER'], { passes: 'on-ground', ground: 'PRIVATE_PROVIDER' }],
    ['municipal-authority', 'private', ['CHILD_OR_ABUSE_OR_COMPULSORY'], { passes: 'withheld' }],
    // A ground of the law's chapter 2 is the ward's, for its admission notice.
    ['municipal-authority', 'region-authority', ['LUS_2KAP', 'LPT_7A'], { passes: 'withheld' }],
  ])('from %s to %s on %j: %j', (from, ward, grounds, expected) => {
    expect(passage(from, ward, grounds)).toEqual(expected);
  });

  it('may rest on any legal form that the party has', () => {
    const both = { legalForms: ['municipal-authority', 'region-authority'] as const };
    expect(answerPassage({ says: INFORMED }, both, ['region-authority'], DAY)).toEqual({
      passes: 'on-ground',
      ground: 'SAME_REGION',
    });
  });
});

describe('who may answer', () => {
  it('is any recipient, but a fixed care contact is appointed by a clinic', () => {
    expect(ANSWER_CODES.filter((code) => !mayAnswer(code, { kind: 'municipality' }))).toEqual(['FVK']);
    expect(ANSWER_CODES.filter((code) => !mayAnswer(code, { kind: 'clinic' }))).toEqual([]);
  });
});
