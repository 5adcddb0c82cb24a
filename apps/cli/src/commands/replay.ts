import { keyKindOf } from '@productgraph/contracts';
import { withBorrowedKey } from '../borrowed-key.ts';
import type { CliContext } from '../context.ts';
import { CliFault } from '../fault.ts';
import { createGraphqlClient, type GraphqlClient } from '../graphql.ts';
import { count, counted, type Result } from '../output.ts';
import { serverUrl } from '../server.ts';

export interface ReplayOptions {
  readonly url?: string;
  readonly key?: string;
  readonly project?: string;
  readonly code?: string;
  readonly stage?: string;
  /** `field=JSON value`; without `=` the field is removed. */
  readonly fix?: readonly string[];
  /** At most so many entries. */
  readonly limit: number;
}

const PAGE = 500;

const LIST = `query ($projectId: ID, $code: String, $stage: QuarantineStage, $first: Int!, $after: String) {
  quarantine(projectId: $projectId, code: $code, stage: $stage, first: $first, after: $after) {
    edges { node { id } } pageInfo { hasNextPage endCursor } } }`;

const REPLAY = `mutation ($projectId: ID, $ids: [ID!]!, $fix: [FieldFixInput!]!) {
  replayQuarantine(projectId: $projectId, ids: $ids, fix: $fix) { accepted rejected errors { id code message } } }`;

const PROJECTS = `query { projects { id name } }`;

/** `replay quarantine`: sends refused events through ingestion again. What is refused again becomes a new entry. */
export async function replayQuarantine(context: CliContext, options: ReplayOptions): Promise<Result> {
  const config = context.config();
  const url = serverUrl(config, options.url);
  const key = options.key ?? config.client.key ?? undefined;
  if (key !== undefined) {
    if (keyKindOf(key) !== 'pgt') throw new CliFault('A replay needs an API token (pgt_…) of the role admin or owner.');
    return replayWith(createGraphqlClient(url, key), options);
  }
  const borrowing = { kind: 'pgt', role: 'admin', purpose: 'Replay of quarantine', project: options.project } as const;
  return withBorrowedKey(context, borrowing, (token) => replayWith(createGraphqlClient(url, token), options));
}

interface Page {
  readonly quarantine: {
    readonly edges: readonly { readonly node: { readonly id: string } }[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  };
}

interface Replayed {
  readonly accepted: number;
  readonly rejected: number;
  readonly errors: readonly { readonly id: string; readonly code: string; readonly message: string }[];
}

async function replayWith(client: GraphqlClient, options: ReplayOptions): Promise<Result> {
  const fix = (options.fix ?? []).map(toFix);
  const projectId = await projectIdOf(client, options.project);
  const totals = { entries: 0, accepted: 0, rejected: 0 };
  const errors: Replayed['errors'][number][] = [];
  // All ids first: what is refused again becomes a new entry, and must not be met on a later page.
  const ids = await listIds(client, { projectId, options });
  for (let at = 0; at < ids.length; at += PAGE) {
    const page = ids.slice(at, at + PAGE);
    const answer = await client.ask<{ replayQuarantine: Replayed }>(REPLAY, { projectId, ids: page, fix });
    totals.entries += page.length;
    totals.accepted += answer.replayQuarantine.accepted;
    totals.rejected += answer.replayQuarantine.rejected;
    errors.push(...answer.replayQuarantine.errors);
  }
  const shown = errors.slice(0, 5).map(({ id, code, message }) => `  ${id}: ${code}: ${message}\n`);
  const text = `${counted(totals.entries, 'entry', 'entries')} replayed: ${count(totals.accepted)} accepted, ${count(totals.rejected)} refused again\n`;
  return { json: { ...totals, errors }, text: text + shown.join('') };
}

async function listIds(
  client: GraphqlClient,
  { projectId, options }: { projectId: string | null; options: ReplayOptions },
): Promise<string[]> {
  const { code = null, stage = null, limit } = options;
  const ids: string[] = [];
  let after: string | null = null;
  while (ids.length < limit) {
    const first = Math.min(PAGE, limit - ids.length);
    const page: Page = await client.ask<Page>(LIST, { projectId, code, stage, first, after });
    ids.push(...page.quarantine.edges.map(({ node }) => node.id));
    if (!page.quarantine.pageInfo.hasNextPage) break;
    after = page.quarantine.pageInfo.endCursor;
  }
  return ids;
}

async function projectIdOf(client: GraphqlClient, wanted: string | undefined): Promise<string | null> {
  if (wanted === undefined) return null;
  const { projects } = await client.ask<{ projects: readonly { id: string; name: string }[] }>(PROJECTS, {});
  const found = projects.find(({ id, name }) => id === wanted || name === wanted);
  if (found === undefined) throw new CliFault(`The token sees no project "${wanted}".`);
  return found.id;
}

/** `event.type="page.view"`: the value is JSON; what is no JSON is taken as text. */
export function toFix(text: string): { readonly field: string; readonly value?: unknown } {
  const at = text.indexOf('=');
  if (at < 0) return { field: text };
  const value = text.slice(at + 1);
  try {
    return { field: text.slice(0, at), value: JSON.parse(value) as unknown };
  } catch {
    return { field: text.slice(0, at), value };
  }
}
