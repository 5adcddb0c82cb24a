import { join } from 'node:path';
import { runProgram } from './programs.ts';
import type { Launch, Settings } from './state.ts';

/** How many processes of each app. */
export interface ProductPlan {
  readonly ingestion: number;
  readonly graphql: number;
  readonly 'event-writer': number;
  readonly 'session-processor': number;
  /** Partitions of each topic. */
  readonly partitions: number;
}

const APPS = ['ingestion', 'graphql', 'event-writer', 'session-processor'] as const;
type App = (typeof APPS)[number];

const root = join(import.meta.dirname, '../../..');

/** Memory of each process: a heap that is kept small, as in the product's own deployments. */
const NODE_FLAGS = ['--max-semi-space-size=8', '--max-old-space-size=512', '--disable-warning=TimeoutNegativeWarning'];

/** `ingestion-1`, `ingestion-2`, … */
const namesOf = (plan: ProductPlan): { readonly app: App; readonly name: string }[] =>
  APPS.flatMap((app) => Array.from({ length: plan[app] }, (_, at) => ({ app, name: `${app}-${at + 1}` })));

/** The zone that a process of the local stack stands for, as the brokers' racks: the first process az-a, the second az-b, … */
const zoneOf = (name: string): string => `az-${'abc'[(Number(name.split('-').at(-1)) - 1) % 3] ?? 'a'}`;

/** Where the servers are, and which ports the product has. */
export interface ProductPlaces {
  readonly settings: Settings;
  readonly port: (name: string) => number;
}

/** The product's own processes, which are started when the servers are up. */
export const product = {
  ports: (plan: ProductPlan): readonly string[] => namesOf(plan).map(({ name }) => name),
  install: async (say: (text: string) => void): Promise<void> => {
    say('Building the apps…');
    await runProgram(process.execPath, [join(root, 'tools/src/build.ts'), ...APPS], { cwd: root, from: 'npm ci' });
  },
  launches: (plan: ProductPlan, { settings, port }: ProductPlaces): readonly Launch[] =>
    namesOf(plan).map(({ app, name }) => ({
      name,
      kind: 'app',
      command: process.execPath,
      args: [...NODE_FLAGS, join(root, 'dist', app, 'main.js')],
      cwd: root,
      env: {
        ...settings,
        ...environmentOf(settings, plan),
        KAFKA_RACK: zoneOf(name),
        PORT: String(port(name)),
      },
      ready: { by: 'ready', url: `http://127.0.0.1:${port(name)}/ready` },
      stopWithinMs: 30_000,
    })),
};

function environmentOf({ KAFKA_BROKERS = '', REDIS_URL, REDIS_URLS }: Settings, plan: ProductPlan): Settings {
  const brokers = KAFKA_BROKERS.split(',').length;
  return {
    PATH: process.env.PATH ?? '',
    HOST: '127.0.0.1',
    LOG_FORMAT: 'json',
    KAFKA_PARTITIONS: String(plan.partitions),
    KAFKA_REPLICATION_FACTOR: String(Math.min(3, brokers)),
    KAFKA_MIN_IN_SYNC: String(Math.min(2, brokers)),
    ...((REDIS_URLS ?? REDIS_URL) !== undefined && { REDIS_URLS: REDIS_URLS ?? REDIS_URL ?? '' }),
  };
}

/** Where the product's processes are, for people and tests: `INGESTION_URLS`, `GRAPHQL_URL`. */
export function productSettings(plan: ProductPlan, port: (name: string) => number): Settings {
  const urls = (app: App): string[] =>
    namesOf(plan).flatMap((one) => (one.app === app ? [`http://127.0.0.1:${port(one.name)}`] : []));
  return { INGESTION_URLS: urls('ingestion').join(','), GRAPHQL_URL: urls('graphql')[0] ?? '' };
}
