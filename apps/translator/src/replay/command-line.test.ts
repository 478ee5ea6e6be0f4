import { describe, expect, it } from '@jest/globals';
import { isChosen, NOTHING_DONE, progressLine, readChoice, UsageProblem } from './command-line.ts';

const ID = '0f8d33d7-2b3b-839e-9fe1-fbc6e9942cd9';
const at = Date.parse('2026-05-10T14:30:00+02:00');
const REJECTION = ID.replace('0f', '2f');
const message = { ids: [ID, REJECTION], sender: 'KS', intakeAt: at };

describe('the choice of a replay', () => {
  it.each<[string[], boolean]>([
    [[], true],
    [['--sender', 'KS'], true],
    [['--sender', 'DS'], false],
    [['--from', '2026-05-10T14:30:00+02:00'], true],
    [['--from', '2026-05-10T14:30:01+02:00'], false],
    [['--to', '2026-05-10T14:30:00+02:00'], false],
    [['--to', '2026-05-10T14:30:01+02:00'], true],
    [['--id', ID, '--id', ID.replace('0f', '1f')], true],
    [['--id', REJECTION], true],
    [['--id', ID.replace('0f', '1f')], false],
  ])('%p', (args, chosen) => {
    expect(isChosen(message, readChoice(args))).toBe(chosen);
  });

  it.each([[['--id', 'x']], [['--rate', '0']], [['--from', 'yesterday']], [['--sender']], [['all']]])(
    'refuses %p',
    (args) => {
      expect(() => readChoice(args)).toThrow(UsageProblem);
    },
  );
});

describe('a line of progress', () => {
  it('tells share and time left while something is left', () => {
    const progress = { ...NOTHING_DONE, of: 4000, read: 1000, published: 900, unchanged: 90, rejected: 10 };
    const counts = 'published 900, unchanged 90, rejected 10';
    expect(progressLine(progress, 20)).toBe(`read 1000 of 4000 (25 %), ${counts}, 60 s left`);
    expect(progressLine({ ...progress, read: 4000 }, 80)).toBe(`read 4000 of 4000 (100 %), ${counts}`);
  });
});
