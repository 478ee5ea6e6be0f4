import { describe, expect, it } from '@jest/globals';
import type { Act, Fact, StayEvent } from '#libs/domain';
import { IdMaker } from '#libs/platform';
import { receivedActs } from './judge-stay.ts';

const ids = new IdMaker(Buffer.from('a secret for the tests alone'));
const STATED_AT = 1_799_048_000_000;
const fact: Fact = {
  code: 'INFO',
  scopes: ['ROV'],
  values: ['Rullator'],
  status: 'F',
  at: STATED_AT,
  stated: '20270104',
};
const actOf = (kind: string, slot: string): Act =>
  ({ kind, slot, statedBy: 'e1', key: `${kind}|0184|${slot}|e1` }) as unknown as Act;
const INFO = actOf('INFO', 'INFO|ROV@20270104');

function received(acts: readonly Act[], receipts: Readonly<Record<string, number>>): Record<string, number> {
  const events = new Map([['e1', { facts: [fact] } as unknown as StayEvent]]);
  const idOf = (key: string): string => ids.delivery('s1', key, 0);
  const first = new Map(Object.entries(receipts).map(([key, at]) => [idOf(key), at]));
  return Object.fromEntries(receivedActs(first, events, { acts }, [idOf]));
}

describe('when an act was received', () => {
  it('is told by the receipt of its own name', () => {
    expect(received([INFO], { [INFO.key]: 5 })).toEqual({ [INFO.key]: 5 });
    expect(received([INFO], {})).toEqual({});
  });

  it('is told by the receipt of the name that the version before gave an INFO', () => {
    expect(received([INFO], { [`INFO|0184|INFO|ROV@${STATED_AT}|e1`]: 5 })).toEqual({ [INFO.key]: 5 });
    expect(received([INFO], { [`INFO|0184|INFO|ROV@${STATED_AT + 1}|e1`]: 5 })).toEqual({});
  });

  it('is no other kind’s by such a name', () => {
    const other = actOf('UTK', 'INFO|ROV@20270104');
    expect(received([other], { [`UTK|0184|INFO|ROV@${STATED_AT}|e1`]: 5 })).toEqual({});
  });
});
