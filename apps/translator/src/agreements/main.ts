import { loadCounty, readAgreementTests } from '#libs/county';
import { processConfiguration, startFailure } from '#libs/platform';
import { differencesOf } from './agreement-tests.ts';

/**
 * `npm run agreements`: reads the county's folder (BRYGGAN_COUNTY) as a start does, and runs the tests that lie beside its
 * agreements. Exit code 0: nothing is wrong and every test passes; 1: else.
 */
const say = (line: string): void => void process.stdout.write(`${line}\n`);

try {
  const { countyDir } = processConfiguration({ embedded: true });
  const county = loadCounty(countyDir);
  const problems: string[] = [];
  let failed = 0;
  for (const { label, agreement, tests } of readAgreementTests(countyDir, problems)) {
    const { id, revision, from, to = '' } = agreement;
    say(`${label}: ${id}, revision ${revision}, ${from}–${to}`);
    for (const test of tests) {
      const differences = differencesOf(test, agreement, county);
      if (differences.length > 0) failed++;
      say(`  ${differences.length === 0 ? 'rätt' : 'FEL '}  ${test.name}`);
      for (const line of differences) say(`        ${line}`);
    }
  }
  for (const problem of problems) say(problem);
  process.exitCode = failed + problems.length === 0 ? 0 : 1;
} catch (error) {
  const line = startFailure(error);
  if (line === undefined) throw error;
  process.stderr.write(`${line}\n`);
  process.exitCode = 1;
}
