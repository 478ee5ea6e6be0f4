import { isPerfect, precision, recall, type Difference, type Measure, type Score } from './scorer.ts';

const MOST_DIFFERENCES = 40;

/** The score for a person at a terminal: a table per code, notices and recipients, and every stay that differs. */
export function reportOf(score: Score): string {
  const { codes, differences, neverInjected, notices, passed, recipients } = score;
  return [
    table('Open deviations', codes),
    table('Notices that hold', notices),
    table('Admission notices by recipient', recipients),
    ...(differences.length === 0 ? [] : [differing(differences)]),
    ...(neverInjected.length === 0 ? [] : [`Never injected, so not examined: ${neverInjected.join(', ')}`]),
    passed ? 'Everything as injected: precision and recall are 1.' : 'NOT as injected.',
  ].join('\n\n');
}

function table(title: string, measures: readonly Measure[]): string {
  const head = `${title.padEnd(34)}${'injected'.padStart(9)}${'flagged'.padStart(9)}${'precision'.padStart(11)}${'recall'.padStart(8)}`;
  const lines = measures.map(
    (measure) =>
      `  ${measure.name.padEnd(32)}${`${measure.injected}`.padStart(9)}${`${measure.flagged}`.padStart(9)}` +
      `${precision(measure).toFixed(3).padStart(11)}${recall(measure).toFixed(3).padStart(8)}${isPerfect(measure) ? '' : '  <--'}`,
  );
  return [head, '-'.repeat(71), ...lines].join('\n');
}

function differing(differences: readonly Difference[]): string {
  const lines = differences
    .slice(0, MOST_DIFFERENCES)
    .map(
      ({ visit, scenario, of, expected, found }) =>
        `  ${visit}  ${scenario}\n      ${of}: expected ${expected}; found ${found}`,
    );
  const more = differences.length - MOST_DIFFERENCES;
  return [`Stays that differ (${differences.length}):`, ...lines, ...(more > 0 ? [`  ... and ${more} more`] : [])].join(
    '\n',
  );
}
