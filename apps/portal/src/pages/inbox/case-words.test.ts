import { describe, expect, it } from '@jest/globals';
import type { AnswerCode } from '#libs/domain';
import { statementOf, type Word } from '#libs/forms';
import type { GivenAnswer } from '../answers/given-answers.ts';
import type { ToldCase } from '../told-cases.ts';
import { dutiesOf, numberName, replaced, unacknowledged } from './case-words.ts';

const at = (text: string): number => Date.parse(text);
const notice = (id: string, kind: string, sent: string) => ({
  ...{ id, kind, name: kind, sent: at(sent), texts: [], takesBack: [], withdrawn: false },
});
const INS = notice('n1', 'INS', '2026-03-24T10:00:00+01:00');
/** Three calendar days on, the clocks have been moved. */
const UTK = notice('n2', 'UTK', '2026-03-27T23:30:00+01:00');
const told = (notices: ToldCase['notices'], more: Partial<ToldCase> = {}): ToldCase => ({
  ...{ stayId: 's', state: 'in hospital', changedAt: 0, answers: [], person: { name: 'x', isProtected: false } },
  ...{ notices, ...more },
});
let ordinal = 0;
const gave = (code: string, about = 'n1', undone = false): GivenAnswer => ({
  ...{ ordinal: ++ordinal, replyId: `r${ordinal}`, by: 'Anna', at: 0, undone },
  ...{ code: code as AnswerCode, about, says: statementOf({ code } as Word, '') },
});
const duties = (of: ToldCase, given: readonly GivenAnswer[] = [], isOpenCare = true): string[] =>
  dutiesOf(of, given, isOpenCare).map(
    ({ code, due }) => `${code} ${due === undefined ? '' : new Date(due).toISOString()}`,
  );

describe('what a unit has to do', () => {
  it.each<[string, ToldCase, GivenAnswer[], boolean, string[]]>([
    ['a municipality', told([INS]), [], false, ['KVI 2026-03-25T09:00:00.000Z', 'PLAN ']],
    [
      'a clinic, before the discharge (LUS 2:5)',
      told([INS], { expected: '2026-03-24' }),
      [],
      true,
      ['FVK 2026-03-24T23:00:00.000Z', 'KVI 2026-03-25T09:00:00.000Z', 'PLAN '],
    ],
    [
      'a clinic when the patient is ready: three calendar days (LUS 4:3)',
      told([INS, UTK]),
      [gave('KVI'), gave('KVI', 'n2'), gave('FVK')],
      true,
      ['SIP-CALL 2026-03-30T22:00:00.000Z'],
    ],
    ['who is not the right one', told([INS, UTK]), [gave('RET')], true, []],
    ['where nothing is left in force', told([{ ...INS, withdrawn: true }], { state: 'ended' }), [], true, []],
    ['after the discharge', told([INS], { state: 'discharged' }), [gave('KVI')], true, []],
  ])('%s', (_who, of, given, isOpenCare, expected) => expect(duties(of, given, isOpenCare)).toEqual(expected));

  it('is back when an answer is taken back', () => {
    expect(unacknowledged(told([INS]), [gave('KVI')])).toEqual([]);
    expect(unacknowledged(told([INS]), [gave('KVI', 'n1', true)])).toEqual([INS]);
  });
});

describe('what a number is called', () => {
  it.each<[string, string | undefined]>([
    ['Personnummer', '191212121212'],
    ['Samordningsnummer', '196109732393'],
    ['Nummer', '991981000010'],
    ['Nummer', '98240301AA06'],
    ['Nummer', 'LOKAL-1'],
    ['Nummer', undefined],
  ])('%s: %s', (name, number) => expect(numberName(number)).toBe(name));
});

describe('what a later version has come in the place of', () => {
  const left = notice('left', 'UTS', '2026-03-28T10:00:00+01:00');
  const corrected = notice('corrected', 'UTS', '2026-03-28T12:00:00+01:00');
  const taking = { ...corrected, id: 'taking', takesBack: ['left'] };

  it.each<[string, ToldCase['notices'], string[]]>([
    ['a corrected discharge', [INS, left, corrected], ['left']],
    ['one that was taken back and told anew', [INS, { ...left, withdrawn: true }, taking, corrected], []],
    [
      'texts of information stand beside each other',
      [notice('a', 'INFO', '2026-03-28T10:00:00+01:00'), notice('b', 'INFO', '2026-03-28T11:00:00+01:00')],
      [],
    ],
    ['three of a kind', [left, corrected, { ...corrected, id: 'again' }], ['left', 'corrected']],
  ])('%s', (_name, notices, expected) => expect([...replaced(told(notices))]).toEqual(expected));
});
