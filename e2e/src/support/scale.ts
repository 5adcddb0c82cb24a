import { only, profiles, startStack, type Stack } from '@productgraph/tools/stack';
import { graphqlClient, type GraphqlClient } from './graphql.ts';
import { cliJson } from './project.ts';

/** The Scale tier on this machine: real servers and the product's processes. */
export interface ScaleTier {
  readonly stack: Stack;
  /** One per ingestion process. */
  readonly ingestion: readonly string[];
  readonly graphql: string;
  /** Environment of the command line. */
  readonly env: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/** A project made by the command line, with the keys that it prints. */
export interface ScaleProject {
  readonly id: string;
  readonly write: string;
  readonly secret: string;
  readonly client: GraphqlClient;
}

/** Starts servers and processes in a folder that goes with them. */
export async function startScale(name: string, say: (text: string) => void = () => undefined): Promise<ScaleTier> {
  const plan = only(profiles.scale, ['kafka', 'clickhouse', 'redis', 'postgres', 'product']);
  const stack = await startStack({ name: `${name}-${String(process.pid)}`, plan, temporary: true, say });
  const { INGESTION_URLS = '', GRAPHQL_URL = '', DATABASE_URL = '' } = stack.settings;
  return {
    stack,
    ingestion: INGESTION_URLS.split(','),
    graphql: GRAPHQL_URL,
    env: { DATABASE_URL },
    stop: () => stack.down(),
  };
}

/** A new project in an organisation of its own. */
export async function newScaleProject(tier: ScaleTier, name: string): Promise<ScaleProject> {
  const made = await cliJson<{ id: string; keys: { write: string; secret: string; token: string } }>(tier, [
    'projects',
    'create',
    name,
    '--org',
    name,
  ]);
  const { write, secret, token } = made.keys;
  return { id: made.id, write, secret, client: graphqlClient(tier.graphql, token) };
}
