import { isUuid } from '@productgraph/contracts';
import type { LedgerStore } from '@productgraph/domain-ledger';
import { may } from '@productgraph/domain-tenant';
import type { Clock } from '@productgraph/kernel';
import type { HealthReport, ReplayQuarantine, ReplayResult } from '../deps.ts';
import type {
  Ledger,
  MutationReplayQuarantineArgs,
  QueryLedgerArgs,
  QueryQuarantineArgs,
  ResolversTypes,
} from '../generated/schema.ts';
import type { GraphqlContext } from '../request/context.ts';
import { collectFaults } from '../translate/faults.ts';
import { repair } from '../translate/fix.ts';
import { ledgerToGraphql, minutesOf, type QuarantinePage, traceToGraphql } from '../translate/ledger.ts';
import { rangeFromGraphql } from '../translate/scope.ts';
import type { Access } from './access.ts';
import { refuse } from './projects.ts';

export interface Operations {
  ledger(context: GraphqlContext, args: QueryLedgerArgs): Promise<Ledger>;
  trace(
    context: GraphqlContext,
    projectId: string | null | undefined,
    eventId: string,
  ): Promise<ResolversTypes['EventTrace']>;
  quarantine(context: GraphqlContext, args: QueryQuarantineArgs): Promise<QuarantinePage>;
  replay(context: GraphqlContext, args: MutationReplayQuarantineArgs): Promise<ReplayResult>;
  health(context: GraphqlContext): Promise<HealthReport>;
}

export interface OperationsParts {
  readonly access: Access;
  readonly ledger: LedgerStore;
  readonly clock: Clock;
  readonly replay: ReplayQuarantine;
  readonly health: () => Promise<HealthReport>;
  readonly settledUpTo: (orgId: string, projectId: string) => Promise<number | null>;
}

/** Entries of one page, and of one replay. */
const MOST = 1_000;

export function createOperations(parts: OperationsParts): Operations {
  const { access, ledger, clock, settledUpTo } = parts;
  return {
    async ledger(context, args) {
      const { project } = await access.allowProject(context, 'project.read', args.projectId);
      const faults = collectFaults();
      const range = rangeFromGraphql(args.range, { now: clock.now(), timeZone: project.timeZone, faults });
      faults.throwIfAny();
      const tenant = { orgId: project.orgId, projectId: project.id };
      const rows = await ledger.rows({ ...tenant, ...minutesOf(range) });
      return ledgerToGraphql(rows, await settledUpTo(project.orgId, project.id));
    },
    async trace(context, projectId, eventId) {
      const { principal, project } = await access.allowProject(context, 'project.read', projectId);
      const trace = await ledger.trace(project.orgId, project.id, eventId);
      return traceToGraphql(trace, { payloads: may(principal.role, 'quarantine.read') });
    },
    async quarantine(context, { projectId, code, stage, first, after }) {
      const { project } = await access.allowProject(context, 'quarantine.read', projectId);
      refuse([
        ...(first >= 1 && first <= MOST ? [] : [{ field: 'first', message: `a whole number from 1 to ${MOST}` }]),
        ...(!after || isUuid(after) ? [] : [{ field: 'after', message: 'a cursor of this list' }]),
      ]);
      const tenant = { orgId: project.orgId, projectId: project.id };
      const filter = { ...tenant, code: code ?? null, stage: stage ?? null, after: after ?? null, limit: first + 1 };
      const found = await ledger.quarantine(filter);
      return { ...tenant, entries: found.slice(0, first), hasNextPage: found.length > first };
    },
    replay: (context, args) => replay(parts, context, args),
    async health(context) {
      access.allow(context, 'project.read');
      return parts.health();
    },
  };
}

async function replay(
  { access, ledger, replay: send }: OperationsParts,
  context: GraphqlContext,
  { projectId, ids, fix }: MutationReplayQuarantineArgs,
): Promise<ReplayResult> {
  const { project } = await access.allowProject(context, 'quarantine.replay', projectId);
  refuse(ids.length >= 1 && ids.length <= MOST ? [] : [{ field: 'ids', message: `1 to ${MOST} ids` }]);
  const entries = await ledger.replayable(project.orgId, project.id, ids.filter(isUuid));
  const { repaired, unreadable } = repair(entries, fix);
  const refused = { accepted: 0, rejected: unreadable.length, errors: unreadable };
  if (repaired.length === 0) return refused;
  // Marked only when the log has them: after a crash in between they are sent again, with the same ids, and stored once.
  const { accepted, rejected, errors } = await send(repaired);
  await ledger.markReplayed(project.orgId, project.id, repaired.map(({ id }) => id)); // prettier-ignore
  return { accepted, rejected: rejected + refused.rejected, errors: [...errors, ...unreadable] };
}
