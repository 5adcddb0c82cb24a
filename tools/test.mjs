// @ts-check
import { mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { bootstrap, isStopped, node, root, run } from './bootstrap.mjs';

// npm test: every gate and every test, all steps even when one fails, and the sum as the last line.

const reports = join(root, '.cache/reports');
const unitReports = join(root, '.cache/unit');

/** @typedef {{ passed: number, failed: number, skipped: number }} Totals */

/** @param {string} config @param {string} report */
const vitest = (config, report) =>
  run('vitest', ['run', '--config', config, '--reporter=default', '--reporter=json', `--outputFile.json=${report}`]);

const steps = [
  {
    title: 'Gates and unit tests',
    run: () => run('npm', ['run', '--silent', 'check']),
    reports: () => listed(unitReports),
  },
  {
    title: 'Contract suites on PostgreSQL',
    run: () => vitest('vitest.pg.config.ts', join(reports, 'pg.json')),
    reports: () => [join(reports, 'pg.json')],
  },
  {
    title: 'Suites on Kafka, ClickHouse, Redis Cluster, PostgreSQL with a replica',
    run: () => vitest('vitest.stack.config.ts', join(reports, 'stack.json')),
    reports: () => [join(reports, 'stack.json')],
  },
  {
    title: 'End to end',
    run: async () =>
      (await run(node, ['tools/src/build.ts'])) || vitest('vitest.e2e.config.ts', join(reports, 'e2e.json')),
    reports: () => [join(reports, 'e2e.json')],
  },
];

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

async function main() {
  bootstrap();
  rmSync(unitReports, { recursive: true, force: true });
  rmSync(reports, { recursive: true, force: true });
  mkdirSync(reports, { recursive: true });
  const sum = { passed: 0, failed: 0, skipped: 0 };
  let failed = false;
  for (const step of steps) {
    const begin = Date.now();
    console.log(`\n━━ ${step.title}`);
    const code = await step.run();
    if (isStopped()) process.exit(code);
    const { passed, failed: lost, skipped } = totals(code, step.reports());
    sum.passed += passed;
    sum.failed += lost;
    sum.skipped += skipped;
    failed ||= code !== 0;
    console.log(`━━ ${step.title}: ${code === 0 ? 'passed' : `FAILED (exit code ${code})`} in ${seconds(begin)} s`);
  }
  console.log(`\n${sum.passed} passed, ${sum.failed} failed${sum.skipped > 0 ? `, ${sum.skipped} skipped` : ''}`);
  process.exitCode = failed ? 1 : 0;
}

/** @param {number} begin */
const seconds = (begin) => ((Date.now() - begin) / 1000).toFixed(1);

await main();
