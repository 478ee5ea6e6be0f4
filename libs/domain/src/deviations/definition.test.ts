import { describe, expect, it } from '@jest/globals';
import { oncePerJudgement } from './definition.ts';

describe('what several codes of one judgement ask', () => {
  it('is worked out once for them, and anew for the next judgement', () => {
    const worked: object[] = [];
    const ask = oncePerJudgement((history: object, circumstances: object) => worked.push(history, circumstances));
    const [history, now, later] = [{ of: 'a stay' }, { watermark: 1 }, { watermark: 2 }];
    expect([ask(history, now), ask(history, now)]).toEqual([2, 2]);
    expect([ask(history, later), ask({ of: 'another' }, later), ask(history, now)]).toEqual([4, 6, 8]);
  });
});
