import { describe, expect, it } from '@jest/globals';
import { ANSWER_CODES } from '../codes/answer-code.ts';
import type { PartyStatement } from '../events/party-event.ts';
import type { LegalForm } from '../codes/legal-form.ts';
import type { Ground } from '../codes/elements-and-grounds.ts';
import type { PartyKind } from '../parties/party.ts';
import { answerPassage, endOf, hospitalEnd, mayAnswer, needsGround } from './gate.ts';

const DAY = '2026-05-10';
const INFORMED: PartyStatement = { kind: 'informed', text: 'Hemtjänst två gånger om dagen' };
const party = (kind: PartyKind, ...legalForms: LegalForm[]) => ({ kind, legalForms });
const FROM: Readonly<Record<LegalForm, ReturnType<typeof party>>> = {
  'municipal-authority': party('municipality', 'municipal-authority'),
  'region-authority': party('clinic', 'region-authority'),
  private: party('clinic', 'private'),
};
const passage = (from: LegalForm, ward: LegalForm, grounds: Ground[] = [], says: PartyStatement = INFORMED) =>
  answerPassage({ says, grounds }, endOf(FROM[from]), hospitalEnd(ward), DAY);
const onGround = (ground: Ground) => ({ passes: 'on-ground', ground, elements: ['text'] });
const WITHHELD = { passes: 'withheld' };

describe('what goes on to the ward', () => {
  it('is free for what only says whether this is the right recipient, and for nothing else', () => {
    expect(ANSWER_CODES.filter((code) => !needsGround(code))).toEqual(['KVI', 'RET', 'PLAN']);
    const free = passage('municipal-authority', 'private', [], { kind: 'acknowledged' });
    expect(free).toEqual({ passes: 'free', elements: [] });
  });

  it.each<[LegalForm, LegalForm, Ground[], object]>([
    ['municipal-authority', 'region-authority', [], WITHHELD],
    ['municipal-authority', 'region-authority', ['CONSENT'], onGround('CONSENT')],
    ['municipal-authority', 'private', ['CONSENT'], onGround('CONSENT')],
    ['region-authority', 'region-authority', [], onGround('SAME_REGION')],
    ['region-authority', 'region-authority', ['CONSENT'], onGround('CONSENT')],
    // Between the region and a company that it pays, and back, there is secrecy.
    ['region-authority', 'private', [], WITHHELD],
    ['private', 'region-authority', [], WITHHELD],
    ['private', 'region-authority', ['PRIVATE_PROVIDER'], onGround('PRIVATE_PROVIDER')],
    ['municipal-authority', 'private', ['CHILD_OR_ABUSE_OR_COMPULSORY'], WITHHELD],
    // A ground of the law's chapter 2 is the ward's, for its admission notice.
    ['municipal-authority', 'region-authority', ['LUS_2KAP', 'LPT_7A'], WITHHELD],
  ])('from %s to %s on %j: %j', (from, ward, grounds, expected) => {
    expect(passage(from, ward, grounds)).toEqual(expected);
  });

  it('may rest on any legal form that the party has', () => {
    const both = party('federation', 'municipal-authority', 'region-authority');
    const told = answerPassage({ says: INFORMED }, endOf(both), hospitalEnd('region-authority'), DAY);
    expect(told).toEqual(onGround('SAME_REGION'));
  });

  it('goes to nobody but the ward, except what is for the plan', () => {
    const neighbour = endOf(FROM['municipal-authority']);
    const call: PartyStatement = { kind: 'sip-called', invited: ['0184'] };
    const told = (says: PartyStatement) =>
      answerPassage({ says, grounds: ['CONSENT'] }, endOf(FROM['region-authority']), neighbour, DAY).passes;
    expect([told(INFORMED), told({ kind: 'acknowledged' }), told(call)]).toEqual(['withheld', 'withheld', 'on-ground']);
  });
});

describe('who may answer', () => {
  it('is any recipient, but a fixed care contact is appointed by a clinic', () => {
    expect(ANSWER_CODES.filter((code) => !mayAnswer(code, { kind: 'municipality' }))).toEqual(['FVK']);
    expect(ANSWER_CODES.filter((code) => !mayAnswer(code, { kind: 'clinic' }))).toEqual(['CASE-OWNER', 'RECIPIENT']);
  });
});
