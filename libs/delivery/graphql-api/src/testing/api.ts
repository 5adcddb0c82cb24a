import type { Organisation, Project, Role } from '@productgraph/domain-tenant';
import type { GraphqlFacts } from '@productgraph/platform-telemetry';
import { mountNest } from '@productgraph/platform-runtime';
import { fastify, type FastifyInstance, type InjectOptions } from 'fastify';
import type { GraphqlApiDeps, HealthReport, ReplayQuarantine } from '../deps.ts';
import type { GraphqlLimits } from '../limits.ts';
import { GraphqlApiModule } from '../module.ts';
import { fakeEngine, type FakeEngine } from './fake-engine.ts';
import { FakeLedger } from './fake-ledger.ts';
import { FakeTenants } from './fake-tenants.ts';
import { manualClock, type ManualClock } from './manual-clock.ts';

export const NOW = Date.UTC(2026, 4, 20, 12);

/** What specs pick out of answers is theirs to know. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Loose = any;

/** An answer of `/graphql`. */
export interface Answer {
  readonly status: number;
  readonly data: Loose;
  readonly errors: readonly {
    readonly message: string;
    readonly path?: readonly (string | number)[];
    readonly extensions: Readonly<Record<string, Loose>>;
  }[];
  readonly text: string;
}

export interface Asking {
  readonly query?: string;
  readonly variables?: unknown;
  readonly operationName?: string;
  readonly extensions?: unknown;
}

/** What stands behind the edge: organisation `acme` with the projects shop and blog, `other` with one. */
interface World {
  readonly engine: FakeEngine;
  readonly tenants: FakeTenants;
  readonly ledger: FakeLedger;
  readonly clock: ManualClock;
  /** Facts told so far. */
  readonly told: { readonly fact: keyof GraphqlFacts; readonly value: Loose }[];
  readonly acme: Organisation;
  readonly other: Organisation;
  readonly shop: Project;
  readonly blog: Project;
  readonly foreign: Project;
  replay: ReplayQuarantine;
  health: HealthReport;
}

export interface Api extends World {
  readonly app: FastifyInstance;
  /** An API token of acme. */
  readonly token: (role: Role, projectId?: string | null) => string;
  /** By default as owner of acme; null = without a token. */
  readonly ask: (asking: Asking | string, token?: string | null) => Promise<Answer>;
  readonly send: (options: InjectOptions) => Promise<Answer>;
  readonly close: () => Promise<void>;
}

/** The edge on fakes, as an app mounts it. */
export async function startApi(limits: Partial<GraphqlLimits> = {}): Promise<Api> {
  const world = makeWorld();
  const app = fastify({ genReqId: () => 'req-7', routerOptions: { ignoreTrailingSlash: true } });
  const fail = (fields: unknown, message?: string): never => {
    throw new Error(`Nothing should be logged here: ${message ?? ''}`, { cause: fields });
  };
  const nest = await mountNest(GraphqlApiModule.forRoot(depsOf(world, limits)), {
    fastify: app,
    logger: { debug: () => undefined, warn: fail, error: fail },
    facts: { unexpected: fail },
  });
  const token = (role: Role, projectId: string | null = null): string =>
    world.tenants.addToken(world.acme.id, role, projectId);
  const send = async (options: InjectOptions): Promise<Answer> => {
    const { statusCode, body } = await app.inject(options);
    const parsed = body.startsWith('{') ? (JSON.parse(body) as Partial<Answer>) : {};
    return { status: statusCode, data: parsed.data as unknown, errors: parsed.errors ?? [], text: body };
  };
  return Object.assign(world, {
    app,
    token,
    send,
    ask: (asking: Asking | string, bearer: string | null = token('owner')) =>
      send({
        method: 'POST',
        url: '/graphql',
        headers: bearer === null ? {} : { authorization: `Bearer ${bearer}` },
        payload: typeof asking === 'string' ? { query: asking } : asking,
      }),
    close: () => nest.close(),
  });
}

function makeWorld(): World {
  const clock = manualClock(NOW);
  const tenants = new FakeTenants(() => clock.now());
  const acme = tenants.addOrganisation('Acme');
  const other = tenants.addOrganisation('Other');
  return {
    clock,
    tenants,
    acme,
    other,
    engine: fakeEngine(),
    ledger: new FakeLedger(() => clock.now()),
    told: [],
    shop: tenants.addProject(acme.id, 'Shop', { timeZone: 'Europe/Berlin' }),
    blog: tenants.addProject(acme.id, 'Blog'),
    foreign: tenants.addProject(other.id, 'Foreign'),
    replay: async (entries) => ({ accepted: entries.length, rejected: 0, errors: [] }),
    health: { components: [{ name: 'postgres', state: 'ok', detail: null }], lag: [] },
  };
}

function depsOf(world: World, limits: Partial<GraphqlLimits>): GraphqlApiDeps {
  const tell = (fact: keyof GraphqlFacts) => (value: unknown) => void world.told.push({ fact, value });
  return {
    queryEngine: world.engine,
    tenants: world.tenants,
    keys: world.tenants,
    ledger: world.ledger,
    clock: world.clock,
    replay: (entries) => world.replay(entries),
    health: async () => world.health,
    settledUpTo: async () => NOW - 86_400_000,
    facts: {
      operationAnswered: tell('operationAnswered'),
      questionAnswered: tell('questionAnswered'),
      operationFailed: tell('operationFailed'),
    },
    limits,
  };
}
