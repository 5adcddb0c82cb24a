import { statfsSync } from 'node:fs';
import {
  checkServer,
  createPools,
  migrationsFolder,
  missingGrants,
  readLedgerSums,
  readMigrationState,
  readServerTime,
  readStages,
  readUnknownProjects,
} from '@productgraph/adapter-postgres';
import { allSettings, ConfigError, loadConfig } from '@productgraph/platform-config';
import type { CliContext } from '../context.ts';
import { dataFolder, findDatabase, runningServer } from '../database.ts';
import { fault, ok, warning, type Finding } from '../doctor/finding.ts';
import {
  judgeClock,
  judgeDisk,
  judgeGrants,
  judgeLedger,
  judgeMigrations,
  judgeReady,
  judgeStages,
  judgeUnknownProjects,
  type ReadyAnswer,
} from '../doctor/judge.ts';
import { explain } from '../explain.ts';
import { CliFault } from '../fault.ts';
import type { Result } from '../output.ts';
import { serverUrl } from '../server.ts';

/** `doctor`: looks at everything and says what is wrong. Exit code 1 when something is. */
export async function doctor(context: CliContext, options: { readonly url?: string }): Promise<Result> {
  const findings: Finding[] = [];
  const configured = checkConfiguration();
  findings.push(...configured);
  if (!configured.some(({ state }) => state === 'fault')) {
    findings.push(checkDisk(context), await checkHttp(context, options.url), ...(await checkDatabase(context)));
  }
  const broken = findings.some(({ state }) => state === 'fault');
  return { json: { healthy: !broken, findings }, text: render(findings), exitCode: broken ? 1 : 0 };
}

const MARKS = { ok: '✓', warning: '!', fault: '✗' } as const;

function render(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map(({ check }) => check.length));
  return findings.map(({ check, state, message }) => `${MARKS[state]} ${check.padEnd(width)}  ${message}\n`).join('');
}

function checkConfiguration(): Finding[] {
  try {
    const { warnings } = loadConfig(allSettings);
    const good = ok('configuration', 'every setting is valid');
    return [good, ...warnings.map((text) => warning('configuration', text))];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.message.split('\n').map((text) => fault('configuration', text));
  }
}

function checkDisk({ config }: CliContext): Finding {
  const folder = dataFolder(config());
  try {
    const { bavail, bsize } = statfsSync(folder);
    return judgeDisk(folder, bavail * bsize);
  } catch (error) {
    return warning(
      'disk',
      `the data folder ${folder} is not there yet (${(error as NodeJS.ErrnoException).code ?? ''})`,
    );
  }
}

async function checkHttp({ config }: CliContext, told: string | undefined): Promise<Finding> {
  try {
    const url = serverUrl(config(), told);
    return judgeReady(url, await askReady(url));
  } catch (error) {
    if (error instanceof CliFault) return fault('server', error.message);
    throw error;
  }
}

async function askReady(url: string): Promise<ReadyAnswer | null> {
  try {
    const answer = await fetch(`${url}/ready`, { signal: AbortSignal.timeout(5_000) });
    return (await answer.json()) as ReadyAnswer;
  } catch {
    // No server, or one of somebody else: both are told as "nothing answers".
    return null;
  }
}

async function checkDatabase(context: CliContext): Promise<Finding[]> {
  const config = context.config();
  try {
    const place = await findDatabase(config);
    try {
      const { version } = await checkServer(place.url);
      const found = [ok('database', `PostgreSQL ${version} (${place.from})`)];
      const migrations = await readMigrationState(place.url, migrationsFolder(import.meta.dirname));
      found.push(judgeMigrations(migrations));
      if (migrations.missing.length > 0) return found;
      return [...found, ...(await lookInside(context, place.url))];
    } finally {
      await place.leave();
    }
  } catch (error) {
    return [fault('database', explain(error))];
  }
}

const WEEK_MINUTES = 7 * 24 * 60;

async function lookInside({ clock, config }: CliContext, url: string): Promise<Finding[]> {
  const pools = createPools({ url, appConnections: 1, writerConnections: 1 });
  try {
    const asked = clock.now();
    const serverTime = await readServerTime(pools);
    const fromMinute = Math.floor(asked / 60_000) - WEEK_MINUTES;
    return [
      judgeClock("the database's clock", serverTime - (asked + clock.now()) / 2),
      judgeGrants(await missingGrants(pools)),
      ...judgeStages(await readStages(pools), runningServer(config()) !== null),
      judgeLedger(await readLedgerSums(pools, fromMinute)),
      judgeUnknownProjects(await readUnknownProjects(pools, fromMinute)),
    ];
  } finally {
    await pools.end();
  }
}
