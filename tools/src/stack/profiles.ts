import type { ProductPlan } from './product.ts';

/** What a stack consists of; a kind that is absent is not started. */
export interface Plan {
  /** `fullJit`: Java's best compiler, for benchmarks; a test's broker does not live long enough for it. */
  readonly kafka?: { readonly brokers: number; readonly fullJit?: boolean };
  readonly clickhouse?: { readonly shards: number };
  /** One node by itself, a cluster of masters with one replica each, or both. */
  readonly redis?: { readonly single: boolean; readonly masters: number };
  readonly postgres?: { readonly replica: boolean };
  readonly s3?: { readonly bucket: string };
  /** The product's own processes; they need Kafka, ClickHouse, Redis and PostgreSQL. */
  readonly product?: ProductPlan;
}

const s3 = { bucket: 'productgraph' };

/**
 * Profiles by name. `test` is the servers of `scale` with a single Redis besides, since adapters are tested on both. Topics have few
 * partitions: each makes inserts of its own, and one machine does no more in parallel.
 */
export const profiles = {
  growth: {
    kafka: { brokers: 1 },
    clickhouse: { shards: 1 },
    redis: { single: true, masters: 0 },
    postgres: { replica: false },
    s3,
    product: { ingestion: 1, graphql: 1, 'event-writer': 1, 'session-processor': 1, partitions: 4 },
  },
  scale: {
    kafka: { brokers: 3 },
    clickhouse: { shards: 2 },
    redis: { single: false, masters: 3 },
    postgres: { replica: true },
    s3,
    product: { ingestion: 2, graphql: 1, 'event-writer': 2, 'session-processor': 2, partitions: 6 },
  },
  test: {
    kafka: { brokers: 3 },
    clickhouse: { shards: 2 },
    redis: { single: true, masters: 3 },
    postgres: { replica: true },
    s3,
  },
} as const satisfies Readonly<Record<string, Plan>>;

/** Name of a profile. */
export type Profile = keyof typeof profiles;

/** Kinds of server that a plan may name. */
export const SERVER_KINDS = ['kafka', 'clickhouse', 'redis', 'postgres', 's3'] as const;
export type ServerName = (typeof SERVER_KINDS)[number];

/** What a plan may name. */
export const KINDS = [...SERVER_KINDS, 'product'] as const satisfies readonly (keyof Plan)[];

/** The plan with only these kinds. */
export function only(plan: Plan, kinds: readonly (keyof Plan)[]): Plan {
  return Object.fromEntries(Object.entries(plan).filter(([kind]) => kinds.includes(kind as keyof Plan)));
}
