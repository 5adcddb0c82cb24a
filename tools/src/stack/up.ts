import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { checksum } from './cache.ts';
import { clickhouse } from './clickhouse.ts';
import { externalServers, type External } from './external.ts';
import { identify } from './identity.ts';
import { kafka } from './kafka.ts';
import { alone, killAll, reapOrphans, runningOf, stacksFolder } from './places.ts';
import { pickPorts, requireFree, type PortChoice } from './ports.ts';
import { postgres } from './postgres.ts';
import { product, productSettings } from './product.ts';
import { KINDS, only, SERVER_KINDS, type Plan, type ServerName } from './profiles.ts';
import { redis } from './redis.ts';
import { StartingState, subfolder, type Run, type ServerKind, type ServerKinds } from './run.ts';
import { s3 } from './s3.ts';
import { Stack } from './stack.ts';
import { readState, type Launch, type Settings, type StackState } from './state.ts';

const servers: ServerKinds = { kafka, clickhouse, redis, postgres, s3 };

/** How a stack is started. */
export interface StackOptions {
  /** Of its folder; at most one stack of a name runs. */
  readonly name: string;
  readonly plan: Plan;
  /** The folder goes at the end, and the stack at the next start of any when this process has died. */
  readonly temporary: boolean;
  /** Default: free ones. Data that were kept keep their ports. */
  readonly ports?: PortChoice;
  /** Where `KAFKA_BROKERS`, `CLICKHOUSE_URLS`, `REDIS_URL(S)`, `DATABASE_URL`, `S3_ENDPOINT` name servers that exist. Default: none. */
  readonly environment?: NodeJS.ProcessEnv;
  /** Processes to start when the servers are there, for example the product's. */
  readonly apps?: (settings: Settings) => readonly Launch[];
  /** Progress for the person who waits. */
  readonly say?: (text: string) => void;
}

/**
 * Starts a stack of real servers, or finds it running. What does not come up takes the others down with it.
 * @throws with all reasons when the machine lacks something, a server does not start, or another plan runs under this name
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const { name, say = () => undefined, environment = {} } = options;
  const base = stacksFolder();
  const ended = await reapOrphans(base);
  if (ended.length > 0) say(`Ended what an earlier run had left: ${ended.join(', ')}`);
  const external = externalServers(kindsOf(options.plan), environment);
  const own = KINDS.filter((kind) => kind === 'product' || !external.kinds.includes(kind));
  const plan = only(options.plan, own);
  const builds = plan.product === undefined ? [] : [product.install(say)];
  await together<unknown>([...kindsOf(plan).map((kind) => servers[kind].install(say)), ...builds]);
  const folder = join(base, name);
  return alone(folder, async () => {
    const fingerprint = checksum(JSON.stringify(plan)).slice(0, 12);
    const before = await previous(folder, fingerprint, say);
    if (before === 'running') return new Stack(folder);
    const ports = await choosePorts(plan, options.ports ?? 'free', before);
    const state = new StartingState(subfolder(folder), {
      version: 1,
      name,
      plan: fingerprint,
      ...ownedByThisProcess(),
      temporary: options.temporary,
      complete: before !== undefined,
      ports,
      settings: external.settings,
      external: external.kinds,
      processes: [],
    });
    try {
      await bringUp({ ...options, plan, say }, { folder, state, external });
    } catch (error) {
      await killAll(folder, state.current);
      if (options.temporary) rmSync(folder, { recursive: true, force: true });
      throw error;
    }
    return new Stack(folder);
  });
}

interface Starting {
  readonly folder: string;
  readonly state: StartingState;
  readonly external: External;
}

async function bringUp(
  { plan, apps, say = () => undefined }: StackOptions,
  { folder, state, external }: Starting,
): Promise<void> {
  const run: Run = {
    folder,
    say,
    port: (name) => {
      const port = state.current.ports[name];
      if (port === undefined) throw new Error(`No port was picked for ${name}.`);
      return port;
    },
    launch: (launch) => state.launch(launch),
  };
  const begin = performance.now();
  const started = await together(
    kindsOf(plan).map(async (kind) => {
      const settings = await serverOf(kind).start(run, plan[kind]);
      say(`${kind}: up after ${((performance.now() - begin) / 1000).toFixed(1)} s`);
      return settings;
    }),
  );
  const settings = Object.assign({}, external.settings, ...started) as Settings;
  const ours = plan.product && productSettings(plan.product, run.port);
  state.change({ settings: { ...settings, ...ours } });
  const launches = plan.product === undefined ? [] : product.launches(plan.product, { settings, port: run.port });
  await together([...launches, ...(apps?.(settings) ?? [])].map(run.launch));
  if (ours) say(`product: up after ${((performance.now() - begin) / 1000).toFixed(1)} s`);
  state.complete();
}

/** The kinds and the plan have the same keys, each with its own type, which the compiler cannot follow through a variable. */
const serverOf = (kind: ServerName): ServerKind<unknown> => servers[kind] as ServerKind<unknown>;

const kindsOf = (plan: Plan): ServerName[] => SERVER_KINDS.filter((kind) => plan[kind] !== undefined);

/** What the folder holds of an earlier run: nothing, a stack that runs, or data that were kept or left by a crash. */
async function previous(
  folder: string,
  plan: string,
  say: (text: string) => void,
): Promise<StackState | 'running' | undefined> {
  const state = readState(folder);
  if (!state) {
    // No state was written: what else is there is nobody's.
    if (existsSync(folder)) rmSync(folder, { recursive: true });
    return undefined;
  }
  const running = runningOf(state);
  requirePlan(state, plan, running.length);
  if (running.length > 0 && running.length === state.processes.length) return 'running';
  if (running.length > 0) say(`Ending what is left of the last run: ${running.map(({ name }) => name).join(', ')}`);
  await killAll(folder, state);
  if (state.complete) return state;
  // A first start that was cut short may have left half a cluster.
  rmSync(folder, { recursive: true });
  return undefined;
}

/** @throws when the folder belongs to a stack of other servers */
function requirePlan(state: StackState, plan: string, running: number): void {
  if (state.plan === plan || (running === 0 && !state.complete)) return;
  const what = running > 0 ? 'runs' : 'has kept its data';
  throw new Error(`A stack of other servers ${what} under this name: take it down first.`);
}

async function choosePorts(
  plan: Plan,
  choice: PortChoice,
  before: StackState | undefined,
): Promise<Readonly<Record<string, number>>> {
  const names = [
    ...kindsOf(plan).flatMap((kind) => serverOf(kind).ports(plan[kind])),
    ...(plan.product === undefined ? [] : product.ports(plan.product)),
  ];
  if (!before) return pickPorts(names, choice);
  await requireFree(before.ports);
  return before.ports;
}

function ownedByThisProcess(): Pick<StackState, 'owner'> {
  const owner = identify(process.pid);
  return owner ? { owner } : {};
}

/** All results, once every one has come to its end. @throws with all reasons when some fail */
async function together<T>(work: readonly Promise<T>[]): Promise<T[]> {
  const results = await Promise.allSettled(work);
  const reasons = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
  if (reasons.length > 0) {
    const texts = reasons.map((reason) => (reason instanceof Error ? reason.message : String(reason)));
    throw new AggregateError(reasons, texts.join('\n'));
  }
  return results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
}
