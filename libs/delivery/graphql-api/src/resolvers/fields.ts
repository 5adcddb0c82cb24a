import { EVENT_FLAGS } from '@productgraph/contracts';
import { ACTIONS, effectiveLimits, permits } from '@productgraph/domain-tenant';
import type { ComponentState, GraphqlApiDeps } from '../deps.ts';
import type { EventFlag, QuarantineStage, Resolvers } from '../generated/schema.ts';
import { notFound } from '../request/fault.ts';
import { parseExact } from '../translate/json.ts';
import { organisationOf } from '../use-cases/organisation.ts';

type Deps = Pick<GraphqlApiDeps, 'tenants' | 'ledger' | 'settledUpTo'>;

/** Fields that are not simply there in the domain's value. All others are read by their name. */
export function fieldResolvers(deps: Deps): Resolvers {
  return { ...EVENT_FIELDS, ...STATE_FIELDS, ...tenantFields(deps), ...quarantineFields(deps) };
}

const jsonOrNull = (text: string | null): unknown => (text === null ? null : parseExact(text));

const FLAGS = Object.entries(EVENT_FLAGS) as [EventFlag, number][];

const EVENT_FIELDS: Resolvers = {
  Event: {
    uiStateBefore: ({ uiStateBefore }) => jsonOrNull(uiStateBefore),
    uiStateAfter: ({ uiStateAfter }) => jsonOrNull(uiStateAfter),
    properties: ({ properties }) => parseExact(properties),
    propertiesText: ({ properties }) => properties,
    context: ({ context }) => parseExact(context),
    contextText: ({ context }) => context,
    groups: ({ groups }) => parseExact(groups),
    groupsText: ({ groups }) => groups,
    flags: ({ flags }) => FLAGS.filter(([, bit]) => (flags & bit) !== 0).map(([name]) => name),
  },
};

const WORST_FIRST: readonly ComponentState[] = ['missing', 'behind', 'ok'];

const STATE_FIELDS: Resolvers = {
  Health: {
    state: ({ components }) =>
      WORST_FIRST.find((state) => components.some((component) => component.state === state)) ?? 'ok',
  },
};

function tenantFields({ tenants, settledUpTo }: Deps): Resolvers {
  return {
    Project: {
      limits: (project) => effectiveLimits(project),
      settledUpTo: ({ orgId, id }) => settledUpTo(orgId, id),
    },
    Me: {
      organisation: (principal) => organisationOf(tenants, principal),
      project: async ({ orgId, projectId }) => {
        if (projectId === null) return null;
        const project = await tenants.project(orgId, projectId);
        if (project === null) throw notFound('project');
        return project;
      },
      actions: (principal) => ACTIONS.filter((action) => permits(principal, action, principal.projectId)),
    },
  };
}

function quarantineFields({ ledger }: Deps): Resolvers {
  return {
    QuarantineConnection: {
      edges: ({ entries }) => entries.map((entry) => ({ cursor: entry.id, node: entry })),
      pageInfo: ({ entries, hasNextPage }) => ({ hasNextPage, endCursor: entries.at(-1)?.id ?? null }),
      counts: async ({ orgId, projectId }) => {
        const counts = await ledger.quarantineCounts(orgId, projectId);
        return counts.map(({ stage, ...count }) => ({ ...count, stage: stage as QuarantineStage }));
      },
    },
  };
}
