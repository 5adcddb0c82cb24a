import { partitionOf } from '@productgraph/contracts';

/** How rows are spread over shards. Writer and readers ask the same function. */
export interface Routing {
  /** Number of shards, 1 to 1,000. */
  readonly shards: number;
  /** Projects too big for one shard: their rows are spread by user. */
  readonly spread: ReadonlySet<string>;
}

const SHARD_OF_PROJECT = '';

/**
 * Shard (from 0) of a row: hash of the project modulo shards; of a spread project hash of project and user key. The hash is the one
 * that partitions of the log are made by. Test vectors in `routing.spec.ts` fix it.
 */
export function shardOf({ shards, spread }: Routing, projectId: string, userKey: string): number {
  return partitionOf(projectId, spread.has(projectId) ? userKey : SHARD_OF_PROJECT, shards);
}

/** The routing of a block in words, to be kept with its range: of the spread projects those that the block is about. */
export function routingText({ shards, spread }: Routing, projectIds: Iterable<string>): string {
  return JSON.stringify({ shards, spread: [...new Set(projectIds)].filter((id) => spread.has(id)).sort() });
}

/** Back from {@link routingText}. */
export function parseRouting(text: string): Routing {
  const { shards, spread } = JSON.parse(text) as { readonly shards: number; readonly spread: readonly string[] };
  return { shards, spread: new Set(spread) };
}
