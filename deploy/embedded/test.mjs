// `npm test`. Runs on Node 20 without any dependency.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { checkTools, endSteps, fetchKafka, installPackages, node24, root, SetupProblem } from './setup.mjs';
import { onStopRequest } from './watch-parent.mjs';

const REPORT = join(root, 'dist', 'tests.json');
const tool = (name, path, ...args) => ({ name, args: [`node_modules/${path}`, ...args] });

/** What is checked before the tests; one that fails is counted and stops none after it. */
const CHECKS = [
  {
    name: 'lint',
    commands: [
      tool('eslint', 'eslint/bin/eslint.js', '.'),
      tool('prettier', 'prettier/bin/prettier.cjs', '--check', '--log-level=warn', '.'),
    ],
  },
  // Of all files, those of the tests too, and builds what tests start.
  { name: 'types and build', commands: [tool('tsc', 'typescript/bin/tsc', '-p', 'tsconfig.json')] },
  {
    name: 'layers',
    commands: [
      tool(
        'depcruise',
        'dependency-cruiser/bin/dependency-cruise.mjs',
        '--config',
        '.dependency-cruiser.cjs',
        'apps',
        'libs',
        'deploy',
      ),
    ],
  },
  { name: 'unused', commands: [tool('knip', 'knip/bin/knip.js', '--no-progress')] },
];

const running = new Set();

/** @returns {Promise<boolean>} whether the command ended well */
function run(args) {
  return new Promise((resolve) => {
    const environment = { ...process.env, KAFKAJS_NO_PARTITIONER_WARNING: '1' };
    const child = spawn(node24, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], env: environment });
    const end = (well) => {
      running.delete(child);
      resolve(well);
    };
    running.add(child);
    child.once('error', () => end(false));
    child.once('exit', (code) => end(code === 0));
  });
}

async function check({ name, commands }) {
  const began = Date.now();
  const failed = [];
  for (const command of commands) if (!(await run(command.args))) failed.push(command.name);
  const seconds = ((Date.now() - began) / 1000).toFixed(1);
  console.log(`${name}: ${failed.length === 0 ? 'passed' : `FAILED (${failed.join(', ')})`} in ${seconds} s`);
  return failed.length === 0;
}

/** Runs all rings of tests. @returns {Promise<{passed: number, failed: number}>} */
async function tests() {
  mkdirSync(join(root, 'dist'), { recursive: true });
  rmSync(REPORT, { force: true });
  const flags = [
    '--experimental-vm-modules',
    '--disable-warning=TimeoutNegativeWarning',
    '--disable-warning=ExperimentalWarning',
  ];
  const watch = setInterval(endAfterReport, 1_000);
  const endedWell = await run([...flags, 'node_modules/jest/bin/jest.js', '--json', `--outputFile=${REPORT}`]);
  clearInterval(watch);
  if (!existsSync(REPORT)) {
    console.log('jest: FAILED, it left no report');
    return { passed: 0, failed: 1 };
  }
  const report = JSON.parse(readFileSync(REPORT, 'utf8'));
  tellSkipped(report);
  // A suite that could not be loaded has no test that failed.
  const failed = report.numFailedTests + report.numRuntimeErrorTestSuites;
  return { passed: report.numPassedTests, failed: failed === 0 && !endedWell ? 1 : failed };
}

let reportedFor = 0;

/** The report comes last: a run that lives on for half a minute after it has left something open, and would for ever. */
function endAfterReport() {
  if (!existsSync(REPORT) || (reportedFor += 1) < 30) return;
  console.log('jest: FAILED, a test left something open and the run did not end');
  for (const child of running) child.kill('SIGKILL');
}

function tellSkipped(report) {
  const all = report.testResults.flatMap((suite) => suite.assertionResults);
  for (const test of all.filter(({ status }) => status !== 'passed' && status !== 'failed')) {
    console.log(`skipped: ${test.fullName}`);
  }
}

async function prepare() {
  checkTools();
  await installPackages((doing) => console.log(`Packages: ${doing} ...`));
  await fetchKafka((doing) => console.log(`Kafka: ${doing} ...`));
}

onStopRequest(() => {
  endSteps();
  for (const child of running) child.kill('SIGTERM');
  process.exit(130);
});
try {
  await prepare();
} catch (error) {
  if (!(error instanceof SetupProblem)) throw error;
  console.log(`${error.message}\n0 passed, 1 failed`);
  process.exit(1);
}
// Lint takes as long as all others together, and one core: nothing waits for it.
const [lint, ...others] = CHECKS;
const linted = check(lint);
const results = [];
for (const one of others) results.push(await check(one));
const { passed, failed } = await tests();
results.push(await linted);
const failedChecks = results.filter((result) => !result).length;
console.log(`${passed + results.length - failedChecks} passed, ${failed + failedChecks} failed`);
process.exit(failed + failedChecks === 0 ? 0 : 1);
