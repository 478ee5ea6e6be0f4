import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  actsIn,
  CASE_ACTS,
  CASE_ROLES,
  CASE_SIDES,
  CASE_STATES,
  isEscalated,
  isOpenCase,
  transition,
  type CaseState,
  type DoneAct,
} from './case-life.ts';
import {
  type CaseMatter,
  caseOf,
  type DeviationReport,
  failureOf,
  REPORT_CODES,
  type StandingDeviation,
  stepOf,
} from './deviation-case.ts';

const deviation = (id: string, more: Partial<StandingDeviation> = {}): StandingDeviation => ({
  ...{
    id,
    code: 'INS-01',
    name: 'saknas',
    party: 'unit',
    severity: 4,
    due: 10,
    open: true,
    identified: 20,
    changed: 20,
  },
  ...more,
});
const report = (id: string, more: Partial<DeviationReport> = {}): DeviationReport => ({
  ...{ id, at: 30, by: '0184', code: 'INS-01', consequence: 'delay', on: '2026-05-04', consent: false },
  ...more,
});
const act = (name: DoneAct['act'], at: number, from: CaseState, more: Partial<DoneAct> = {}): DoneAct => ({
  ...{ id: `${name}${at}`, act: name, at, stamp: at, by: 'unit', role: 'unit', side: 'region', from, standing: ['d'] },
  ...(name === 'answer' && { cause: 'staffing', action: 'routine-changed' }),
  ...more,
});
const matter = (more: Partial<CaseMatter>): CaseMatter => ({
  ...{ deviations: [deviation('d')], reports: [], acts: [], organisation: 'unit', dayAt: () => 5 },
  ...more,
});
const stateOf = (more: Partial<CaseMatter>): string | undefined => caseOf(matter(more))?.state;

describe('the life of a case', () => {
  it.each<[from: CaseState, unit: string, reporter: string, reviewer: string]>([
    ['new', 'take answer escalate reject', 'escalate withdraw', ''],
    ['with-unit', 'answer escalate reject', 'escalate withdraw', ''],
    ['answered', 'answer escalate close', 'ask escalate close withdraw', ''],
    ['storsthlm', 'answer', 'withdraw', 'ask escalate close reject'],
    ['region', 'answer', 'withdraw', 'ask escalate close reject'],
    ['working-group', 'answer', 'withdraw', 'ask close reject'],
    ['closed', 'reopen', 'reopen withdraw', 'reopen'],
    ['rejected', 'reopen', 'reopen withdraw', 'reopen'],
  ])('%s: who may do what', (from, ...expected) => {
    const acts = (['unit', 'reporter', 'reviewer'] as const).map((role) =>
      actsIn(from, { role, side: 'municipal', isReported: false }).join(' '),
    );
    expect(acts).toEqual(expected);
  });

  it('goes to Storsthlm from a municipality and to HSF from anybody else, and to the working group from either', () => {
    const of = { role: 'reporter', isReported: true } as const;
    expect(transition('answered', 'escalate', { ...of, side: 'municipal' })).toBe('storsthlm');
    expect(transition('answered', 'escalate', { ...of, side: 'region' })).toBe('region');
    expect(transition('region', 'escalate', { ...of, role: 'reviewer', side: 'region' })).toBe('working-group');
  });

  it('is not closed over the head of who reported it', () => {
    const unit = { role: 'unit', side: 'region' } as const;
    expect(transition('answered', 'close', { ...unit, isReported: true })).toBeUndefined();
    expect(transition('answered', 'close', { ...unit, isReported: false })).toBe('closed');
  });

  it('leads everywhere, and never to an unknown state', () => {
    const reached = CASE_STATES.flatMap((from) =>
      CASE_ACTS.flatMap((name) =>
        CASE_ROLES.flatMap((role) =>
          CASE_SIDES.flatMap((side) => transition(from, name, { role, side, isReported: false }) ?? []),
        ),
      ),
    );
    expect([...new Set(reached)].sort()).toEqual([...CASE_STATES].sort());
    expect(CASE_STATES.filter((state) => isEscalated(state) && !isOpenCase(state))).toEqual([]);
  });
});

describe('one failure is one case', () => {
  it('whatever code it has as time goes on', () => {
    expect(['INS-01', 'INS-02', 'INS-03', 'INS-04'].map(failureOf)).toEqual(Array(4).fill('INS-01'));
    expect(failureOf('PLA-02')).toBe('PLA-02');
    expect(['INS-01', 'PLA-01', 'SIP-04', 'SIP-05', 'TVG-01', 'ATI-01'].map(stepOf)).toEqual([1, 3, 4, 7, 5, 8]);
    expect(REPORT_CODES.filter((code) => code.startsWith('TEK-') || code === 'INS-11')).toEqual([]);
  });

  it('a report joins what the hub found, and keeps the case when the hub finds it no more', () => {
    const closed = deviation('d', { open: false, closedReason: 'disproved', changed: 40 });
    expect(caseOf(matter({ reports: [report('r')] }))).toMatchObject({
      state: 'new',
      standing: ['d', 'r'],
      reporters: ['0184'],
    });
    expect(stateOf({ deviations: [closed] })).toBe('closed');
    expect(stateOf({ deviations: [closed], reports: [report('r')] })).toBe('new');
    const taken = act('withdraw', 50, 'new', { by: '0184', role: 'reporter', report: 'r' });
    expect(caseOf(matter({ deviations: [closed], reports: [report('r')], acts: [taken] }))).toMatchObject({
      ...{ state: 'closed', closedByHub: true },
    });
  });
});

describe('facts and people', () => {
  const answered = [act('answer', 30, 'new'), act('close', 40, 'answered')];

  it('a case that people closed stays closed on what they knew, and opens on what they did not', () => {
    expect(stateOf({ acts: answered })).toBe('closed');
    const late = [deviation('d', { open: false, closedReason: 'came-late' }), deviation('e', { code: 'INS-03' })];
    expect(caseOf(matter({ deviations: late, acts: answered }))).toMatchObject({ state: 'new', code: 'INS-03' });
    const again = [
      ...answered,
      act('answer', 50, 'new', { standing: ['e'] }),
      act('close', 60, 'answered', { standing: ['e'] }),
    ];
    expect(stateOf({ deviations: late, acts: again })).toBe('closed');
  });

  it('both versions stand in its history', () => {
    const late = [
      deviation('d', { open: false, closedReason: 'came-late', changed: 25 }),
      deviation('e', { code: 'INS-03', identified: 25 }),
    ];
    expect(caseOf(matter({ deviations: late }))?.history).toEqual([
      { at: 20, by: 'hub', what: 'found', code: 'INS-01' },
      { at: 25, by: 'hub', what: 'ended', code: 'INS-01', reason: 'came-late' },
      { at: 25, by: 'hub', what: 'found', code: 'INS-03' },
    ]);
  });

  it('a suspicion is put to nobody', () => {
    expect(stateOf({ deviations: [deviation('d', { open: false })] })).toBe('closed');
  });

  it('an act that came when the case had gone on changes nothing', () => {
    const late = [act('take', 30, 'new'), act('reject', 35, 'new', { id: 'second', reason: 'wrong-unit' })];
    expect(stateOf({ acts: late })).toBe('with-unit');
  });

  it('of two acts at one instant the one that was taken in first comes first, whatever they are called (DEC-20)', () => {
    const first = { id: 'z', stamp: 1, by: '0184', role: 'reporter', side: 'municipal' } as const;
    const asked = { id: 'a', stamp: 2, by: 'storsthlm', role: 'reviewer', question: 'cause' } as const;
    const acts = [act('escalate', 30, 'new', first), act('ask', 30, 'storsthlm', asked)];
    expect(caseOf(matter({ acts }))).toMatchObject({ state: 'storsthlm', question: 'cause' });
  });

  it('an answer to an escalated case leaves it where it is, and a question is open until then', () => {
    const asked = [
      act('escalate', 30, 'new', { by: '0184', role: 'reporter', side: 'municipal' }),
      act('ask', 40, 'storsthlm', { by: 'storsthlm', role: 'reviewer', question: 'cause' }),
    ];
    expect(caseOf(matter({ acts: asked }))).toMatchObject({ state: 'storsthlm', question: 'cause' });
    const told = caseOf(matter({ acts: [...asked, act('answer', 50, 'storsthlm')] }));
    expect(told).toMatchObject({ state: 'storsthlm', answer: { cause: 'staffing' } });
    expect(told?.question).toBeUndefined();
  });
});

it('is the same in whatever order its matter is read', () => {
  const acts = fc.array(
    fc.record({
      ...{
        act: fc.constantFrom(...CASE_ACTS),
        from: fc.constantFrom(...CASE_STATES),
        role: fc.constantFrom(...CASE_ROLES),
      },
      ...{ at: fc.integer({ min: 20, max: 30 }), side: fc.constantFrom(...CASE_SIDES) },
    }),
    { maxLength: 8 },
  );
  fc.assert(
    fc.property(acts, fc.boolean(), (done, open) => {
      const all = done.map((one, n) => act(one.act, one.at, one.from, { ...one, id: `a${n}` }));
      const of = {
        deviations: [deviation('d', { open }), deviation('e', { code: 'INS-04' })],
        reports: [report('r'), report('s')],
      };
      const reversed = {
        deviations: of.deviations.toReversed(),
        reports: of.reports.toReversed(),
        acts: all.toReversed(),
      };
      const one = caseOf(matter({ ...of, acts: all }));
      const other = caseOf(matter(reversed));
      expect(other).toEqual(one);
    }),
    { numRuns: 200 },
  );
});
