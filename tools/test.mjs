// @ts-check
import { mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { bootstrap, isStopped, node, root, run } from './bootstrap.mjs';

// npm test: every gate and every test, all steps even when one fails, and the sum as the last line.

const reports = join(root, '.cache/reports');
const unitReports = join(root, '.cache/unit');

/** @typedef {{ passed: number, failed: number, skipped: number }} Totals */

/**
 * @typedef {object} Step
 * @property {string} title
 * @property {(log?: string) => Promise<number>} run answers the exit code; `log` gets what it prints instead of the terminal
 * @property {() => readonly string[]} reports
 */

/** @param {string} config @param {string} report @param {{ log?: string, more?: readonly string[] }} [options] */
const vitest = (config, report, { log, more = [] } = {}) => {
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  return run('vitest', ['run', '--config', config, ...reporters, ...more], log);
};

/** @type {Step} */
const gates = {
  title: 'Gates and unit tests',
  run: () => run('npm', ['run', '--silent', 'check']),
  reports: () => listed(unitReports),
};

/** One after the other. @type {readonly Step[]} */
const contracts = [
  {
    title: 'Contract suites on PostgreSQL',
    run: (log) => vitest('vitest.pg.config.ts', join(reports, 'pg.json'), { log }),
    reports: () => [join(reports, 'pg.json')],
  },
  {
    title: 'Suites on Kafka, ClickHouse, Redis Cluster, PostgreSQL with a replica',
    run: (log) => vitest('vitest.stack.config.ts', join(reports, 'stack.json'), { log }),
    reports: () => [join(reports, 'stack.json')],
  },
];

/** @type {Step} */
const endToEnd = {
  title: 'End to end: Starter',
  run: async () =>
    (await run(node, ['tools/src/build.ts'])) ||
    vitest('vitest.e2e.config.ts', join(reports, 'e2e.json'), { more: ['--exclude', 'e2e/src/scale/**'] }),
  reports: () => [join(reports, 'e2e.json')],
};

/** @type {Step} */
const scale = {
  title: 'End to end: Scale',
  run: () => vitest('vitest.e2e.config.ts', join(reports, 'scale.json'), { more: ['e2e/src/scale/'] }),
  reports: () => [join(reports, 'scale.json')],
};

/** @param {string} folder */
function listed(folder) {
  try {
    return readdirSync(folder).map((name) => join(folder, name));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}

/** Sum of one step. A step that failed without a failed test (a gate, a suite that did not load) counts as one. @param {number} code @param {readonly string[]} files @returns {Totals} */
function totals(code, files) {
  const sum = { passed: 0, failed: 0, skipped: 0 };
  for (const file of files) {
    const report = readReport(file);
    sum.passed += report.numPassedTests;
    sum.failed += report.numFailedTests;
    sum.skipped += report.numPendingTests + report.numTodoTests;
  }
  if (code !== 0 && sum.failed === 0) sum.failed = 1;
  return sum;
}

/** @param {string} file */
function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      return { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0 };
    }
    throw error;
  }
}

const sum = { passed: 0, failed: 0, skipped: 0 };
let failed = false;

/** Runs a step and adds it to the sum. What it prints goes to the terminal, at its end when it has a log. @param {Step} step @param {string} [log] */
async function take(step, log) {
  const begin = Date.now();
  console.log(`\n━━ ${step.title}${log === undefined ? '' : ': beside the others, printed at its end'}`);
  const code = await step.run(log);
  if (isStopped()) process.exit(code);
  if (log !== undefined) process.stdout.write(readFileSync(log));
  const { passed, failed: lost, skipped } = totals(code, step.reports());
  sum.passed += passed;
  sum.failed += lost;
  sum.skipped += skipped;
  failed ||= code !== 0;
  console.log(`━━ ${step.title}: ${code === 0 ? 'passed' : `FAILED (exit code ${code})`} in ${seconds(begin)} s`);
}

async function takeContracts() {
  for (const [at, step] of contracts.entries()) await take(step, join(reports, `${at}.log`));
}

async function main() {
  bootstrap();
  rmSync(unitReports, { recursive: true, force: true });
  rmSync(reports, { recursive: true, force: true });
  mkdirSync(reports, { recursive: true });
  await take(gates);
  // Both wait for servers to come and go more than they compute. Scale has servers enough of its own.
  await Promise.all([takeContracts(), take(endToEnd)]);
  await take(scale);
  console.log(`\n${sum.passed} passed, ${sum.failed} failed${sum.skipped > 0 ? `, ${sum.skipped} skipped` : ''}`);
  process.exitCode = failed ? 1 : 0;
}

/** @param {number} begin */
const seconds = (begin) => ((Date.now() - begin) / 1000).toFixed(1);

await main();
