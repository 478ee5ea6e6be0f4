// `npm test`. Runs on Node 20 without any dependency.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  checkTools,
  endSteps,
  fetchKafka,
  installPackages,
  node24,
  noteBuilt,
  root,
  SetupProblem,
  sourcesStamp,
} from './setup.mjs';
import { onStopRequest } from './watch-parent.mjs';

const REPORT = join(root, 'dist', 'tests.json');
const tool = (path, ...args) => [`node_modules/${path}`, ...args];

/** What is checked before the tests, beside types, build and lint; one that fails is counted and stops none after it. */
const CHECKS = [
  { name: 'format', args: tool('prettier/bin/prettier.cjs', '--check', '--log-level=warn', '.') },
  {
    name: 'layers',
    args: tool(
      'dependency-cruiser/bin/dependency-cruise.mjs',
      '--config',
      '.dependency-cruiser.cjs',
      'apps',
      'libs',
      'deploy',
    ),
  },
  { name: 'unused', args: tool('knip/bin/knip.js', '--no-progress') },
];

const running = new Set();

/** @returns {Promise<boolean>} whether the command ended well */
function run(args, onMessage) {
  return new Promise((resolve) => {
    const environment = { ...process.env, KAFKAJS_NO_PARTITIONER_WARNING: '1' };
    const stdio = ['ignore', 'inherit', 'inherit', ...(onMessage ? ['ipc'] : [])];
    const child = spawn(node24, args, { cwd: root, stdio, env: environment });
    const end = (well) => {
      running.delete(child);
      resolve(well);
    };
    running.add(child);
    if (onMessage) child.on('message', onMessage);
    child.once('error', () => end(false));
    child.once('exit', (code) => end(code === 0));
  });
}

/** Waits for what a check found, and tells it. @returns {Promise<boolean>} the same */
async function check(name, result) {
  const began = Date.now();
  const passed = await result;
  console.log(`${name}: ${passed ? 'passed' : 'FAILED'} in ${((Date.now() - began) / 1000).toFixed(1)} s`);
  return passed;
}

/** Types, build and lint, by one process: without a word of the build there is none. */
function checkSources() {
  const stamp = sourcesStamp();
  let ended;
  const built = new Promise((resolve) => {
    ended = run(['deploy/embedded/check-sources.mjs'], (message) => resolve(message.built));
    void ended.then(() => resolve(false));
  }).then((well) => {
    if (well) noteBuilt(stamp);
    return well;
  });
  return { built: check('types and build', built), linted: check('lint', ended) };
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
const { built, linted } = checkSources();
const results = [];
for (const { name, args } of CHECKS) results.push(await check(name, run(args)));
// Tests start what was built. Nothing waits for lint, which goes on beside them.
results.push(await built);
const { passed, failed } = await tests();
results.push(await linted);
const failedChecks = results.filter((result) => !result).length;
console.log(`${passed + results.length - failedChecks} passed, ${failed + failedChecks} failed`);
process.exit(failed + failedChecks === 0 ? 0 : 1);
