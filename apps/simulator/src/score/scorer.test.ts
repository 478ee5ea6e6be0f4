import { describe, expect, it } from '@jest/globals';
import type { StayPlan } from '../county/county.ts';
import { HOSPITALS } from '../county/hospitals.ts';
import { CODES, TruthDraft, type Code } from '../county/truth.ts';
import type { Attributed, SeenStay } from './observation.ts';
import { reportOf } from './report.ts';
import { precision, recall, score, type Measure, type Score } from './scorer.ts';

function plan(visit: string, write: (truth: TruthDraft) => void = () => undefined): StayPlan {
  const truth = new TruthDraft();
  write(truth);
  return { visit, scenario: 'made-up', hospital: 'KS', sendings: [], truth };
}

/** The party of the hospital of these plans. */
const SENDER = HOSPITALS.KS.organisation;
const partyOf = (code: string): string => (code.startsWith('TEK') ? 'hub' : SENDER);

const seen = (
  deviations: readonly string[],
  notices: Record<string, Record<string, number>> = {},
  tasks: Attributed[] = [],
): SeenStay => ({
  deviations: deviations.map((code) => ({ code, party: partyOf(code) })),
  notices: new Map(Object.entries(notices).map(([party, counted]) => [party, new Map(Object.entries(counted))])),
  information: new Map(),
  tasks,
  statements: [],
});

/** A county in which every code is injected once, each in a stay of its own. */
const PLANS: readonly StayPlan[] = CODES.map((code) =>
  plan(code, (truth) => {
    truth.flagged(code);
    truth.told('0184', { INS: 1 });
    truth.tellsReadmissions = true;
  }),
);
const asInjected = (): Map<string, SeenStay> =>
  new Map(CODES.map((code) => [code, seen([code], { '0184': { INS: 1 } })]));

const measureOf = ({ codes }: Score, code: string): Measure => codes.find(({ name }) => name === code)!;

function changed(change: (observation: Map<string, SeenStay>) => void): Score {
  const observation = asInjected();
  change(observation);
  return score(PLANS, observation);
}

describe('scoring what the hub flagged', () => {
  it('passes when everything is as injected', () => {
    const result = changed(() => undefined);
    expect(result.passed).toBe(true);
    expect(result.differences).toEqual([]);
    expect(reportOf(result)).toContain('precision and recall are 1');
  });

  it.each([...CODES])('a %s that is missing lowers its recall and fails', (code: Code) => {
    const result = changed((observation) => observation.set(code, seen([], { '0184': { INS: 1 } })));
    expect(recall(measureOf(result, code))).toBe(0);
    expect(precision(measureOf(result, code))).toBe(1);
    expect(result.passed).toBe(false);
    expect(result.differences).toEqual([
      { visit: code, scenario: 'made-up', of: 'deviations', expected: `${code} of ${partyOf(code)}`, found: 'nothing' },
    ]);
  });

  it('a deviation that was said before its deadline fails, also when it is right in the end', () => {
    const early = { code: 'INS-01', party: SENDER, status: 'preliminary', due: 1000, said: 0 };
    const statements = [early, { ...early, status: 'final', said: 2000 }];
    const result = changed((observation) =>
      observation.set('INS-01', { ...seen(['INS-01'], { '0184': { INS: 1 } }), statements }),
    );
    expect(result.passed).toBe(false);
    expect(result.differences).toMatchObject([{ visit: 'INS-01', of: 'time' }]);
  });

  it.each([...CODES])('a %s too much lowers its precision and fails', (code: Code) => {
    const result = changed((observation) => observation.set(code, seen([code, code], { '0184': { INS: 1 } })));
    expect(precision(measureOf(result, code))).toBe(0.5);
    expect(recall(measureOf(result, code))).toBe(1);
    expect(result.passed).toBe(false);
    const flag = `${code} of ${partyOf(code)}`;
    expect(reportOf(result)).toContain(`expected ${flag}; found ${flag} x2`);
  });

  it('does not let one stay make up for another', () => {
    const result = changed((observation) => {
      observation.set('INS-01', seen(['INS-02'], { '0184': { INS: 1 } }));
      observation.set('INS-02', seen(['INS-01'], { '0184': { INS: 1 } }));
    });
    expect([precision(measureOf(result, 'INS-01')), recall(measureOf(result, 'INS-01'))]).toEqual([0, 0]);
    expect(result.differences).toHaveLength(2);
  });

  it('fails for a code that is in no list, and for a stay that no plan explains', () => {
    const unknown = changed((observation) =>
      observation.set('INS-01', seen(['INS-01', 'XYZ-99'], { '0184': { INS: 1 } })),
    );
    expect(precision(measureOf(unknown, 'XYZ-99'))).toBe(0);
    expect(unknown.passed).toBe(false);
    const stray = changed((observation) => observation.set('a stay id', seen(['TEK-01'])));
    expect(stray.differences[0]).toMatchObject({ visit: 'a stay id', found: 'TEK-01 of hub' });
    expect(stray.passed).toBe(false);
  });

  it('fails for a code that was never injected', () => {
    const without = PLANS.filter(({ visit }) => visit !== 'UTS-02');
    const observation = asInjected();
    observation.delete('UTS-02');
    const result = score(without, observation);
    expect(result.neverInjected).toEqual(['UTS-02']);
    expect(result.passed).toBe(false);
    expect(reportOf(result)).toContain('Never injected, so not examined: UTS-02');
  });

  it('fails for a notice too few, too many, or at another party', () => {
    const tooFew = changed((observation) => observation.set('INS-01', seen(['INS-01'])));
    expect(tooFew.recipients).toEqual([
      { name: '0184', injected: CODES.length, flagged: CODES.length - 1, hits: CODES.length - 1 },
    ]);
    const tooMany = changed((observation) =>
      observation.set('INS-01', seen(['INS-01'], { '0184': { INS: 1, UTS: 1 } })),
    );
    const elsewhere = changed((observation) => observation.set('INS-01', seen(['INS-01'], { '0182': { INS: 1 } })));
    for (const result of [tooFew, tooMany, elsewhere]) expect(result.passed).toBe(false);
    expect(elsewhere.differences.map(({ of }) => of)).toEqual(['0182', '0184']);
  });

  it('fails for a Task too few or too many', () => {
    const task = { code: 'COMPLETE-INS', party: SENDER };
    expect(
      changed((observation) => observation.set('INS-01', seen(['INS-01'], { '0184': { INS: 1 } }, [task]))).passed,
    ).toBe(false);
    const asked = [...PLANS, plan('more', (truth) => truth.leaves('STATE-GROUND'))];
    const ground = { ...task, code: 'STATE-GROUND' };
    const scored = (...tasks: Attributed[]) => score(asked, new Map([...asInjected(), ['more', seen([], {}, tasks)]]));
    expect(score(asked, asInjected()).passed).toBe(false);
    expect(scored(ground).passed).toBe(true);
    expect(scored(ground, ground).passed).toBe(true);
    expect(scored({ ...ground, party: 'operator' }).passed).toBe(false);
    // What nobody did has gone on to the other.
    const withOne = [...PLANS, plan('more', (truth) => truth.leaves('COMPLETE-INS'))];
    const gone = new Map([...asInjected(), ['more', seen([], {}, [task, { ...task, party: 'operator' }])]]);
    expect([score(withOne, gone).passed, score(withOne, asInjected()).passed]).toEqual([true, false]);
  });

  it('fails for a deviation that is laid on another party, and says on whom', () => {
    const result = changed((observation) =>
      observation.set('INS-01', {
        ...seen([], { '0184': { INS: 1 } }),
        deviations: [{ code: 'INS-01', party: 'hub' }],
      }),
    );
    expect(result.passed).toBe(false);
    expect(result.differences.map(({ expected, found }) => [expected, found])).toEqual([
      [`INS-01 of ${SENDER}`, 'INS-01 of hub'],
    ]);
  });

  it('fails for information in other words than the ward wrote last', () => {
    const told = plan('told', (truth) => {
      truth.told('0184', { INFO: 1 });
      truth.information.push(
        [{ scopes: ['SOC'], text: 'Först.' }],
        [{ scopes: ['SOC', 'ROV'], text: 'Sår & dränage.' }],
      );
      truth.information.push([{ scopes: ['ROV'], text: 'Till kliniken.' }]);
    });
    const having = (...texts: string[]) => {
      const shown = { ...seen([], { '0184': { INFO: 1 } }), information: new Map([['0184', texts]]) };
      return score([...PLANS, told], new Map([...asInjected(), ['told', shown]]));
    };
    expect(having('Först.', 'Sår & dränage.\nMer.').passed).toBe(true);
    for (const texts of [[], ['Först.'], ['SÃ¥r & dränage.'], ['Sår \\T\\ dränage.'], ['Till kliniken.']]) {
      expect([texts, having(...texts).passed]).toEqual([texts, false]);
    }
  });

  it('counts a stay without need that leads to nothing as right, and to anything as wrong', () => {
    expect(score([...PLANS, plan('ordinary')], asInjected()).passed).toBe(true);
    expect(
      score([...PLANS, plan('ordinary')], new Map([...asInjected(), ['ordinary', seen([], { '0184': { INS: 1 } })]]))
        .passed,
    ).toBe(false);
  });
});
