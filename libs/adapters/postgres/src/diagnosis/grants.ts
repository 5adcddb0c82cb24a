import type { Pools } from '../pool.ts';
import { runStatement } from '../statement.ts';

/** Tables in which rows belong to tenants: row-level security is forced on them. */
export const TENANT_TABLES = [
  'organisations', 'projects', 'api_keys', 'members', 'audit_log',
  'events', 'sessions', 'quarantine', 'ledger_minutes', 'ledger_days',
  'settlement_deferred', 'settlement_requests', 'settlement_requests_done',
] as const; // prettier-ignore

/** What the roles need, as `role: table: verbs`; a spec holds it against a database that was just migrated. */
const GRANTS = `
  app: api_keys: INSERT, SELECT, UPDATE
  app: audit_log: INSERT, SELECT
  app: events: SELECT
  app: ledger_days: SELECT
  app: ledger_minutes: SELECT
  app: log_head: SELECT
  app: log_segments: SELECT
  app: log_topics: SELECT
  app: members: DELETE, INSERT, SELECT, UPDATE
  app: organisations: INSERT, SELECT, UPDATE
  app: projects: INSERT, SELECT, UPDATE
  app: quarantine: SELECT, UPDATE
  app: schema_migrations: SELECT
  app: sessions: SELECT
  writer: events: INSERT, SELECT
  writer: group_offsets: INSERT, SELECT, UPDATE
  writer: leases: DELETE, INSERT, SELECT, UPDATE
  writer: ledger_minutes: INSERT, SELECT, UPDATE
  writer: log: INSERT, SELECT
  writer: log_head: SELECT, UPDATE
  writer: log_segments: SELECT
  writer: log_topics: SELECT
  writer: projects: SELECT
  writer: quarantine: INSERT, SELECT
  writer: schema_migrations: SELECT
  writer: sessions: INSERT, SELECT, UPDATE
  writer: settlement_deferred: DELETE, INSERT, SELECT, UPDATE
  writer: settlement_progress: INSERT, SELECT, UPDATE
  writer: settlement_requests: DELETE, INSERT, SELECT, UPDATE
  writer: settlement_requests_done: DELETE, INSERT, SELECT, UPDATE
  writer: state_partitions: INSERT, SELECT, UPDATE
  writer: state_values: DELETE, INSERT, SELECT, UPDATE
  writer: writer_blocks: INSERT, SELECT
  writer: writer_heads: INSERT, SELECT, UPDATE
`;

const CHECK = `
  SELECT what FROM (
    SELECT format('%s on %s for productgraph_%s', verb, g.table_name, g.role) AS what
    FROM unnest($1::text[], $2::text[], $3::text[]) AS g (role, table_name, verb)
    WHERE to_regclass(g.table_name) IS NOT NULL AND NOT CASE g.verb
      WHEN 'DELETE' THEN has_table_privilege('productgraph_' || g.role, g.table_name, 'DELETE')
      ELSE has_any_column_privilege('productgraph_' || g.role, g.table_name, g.verb)
    END
    UNION ALL
    SELECT format('row-level security in force on %s', relname) FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relname = ANY ($4) AND NOT (relrowsecurity AND relforcerowsecurity)
    UNION ALL
    SELECT format('NOBYPASSRLS of %s', rolname) FROM pg_roles
    WHERE rolname IN ('productgraph_app', 'productgraph_writer') AND (rolbypassrls OR rolsuper)
  ) found ORDER BY what`;

/** Grants and safeguards that are missing, each in words; empty when all is well. */
export async function missingGrants(pools: Pools): Promise<string[]> {
  const wanted = expectedGrants();
  const { rows } = await runStatement<{ what: string }>(pools.statements, 'owner', {
    text: CHECK,
    values: [
      wanted.map(({ role }) => role),
      wanted.map(({ table }) => table),
      wanted.map(({ verb }) => verb),
      [...TENANT_TABLES],
    ],
  });
  return rows.map(({ what }) => what);
}

/** What the roles need, one by one. */
export function expectedGrants(): { role: string; table: string; verb: string }[] {
  return GRANTS.trim()
    .split('\n')
    .flatMap((line) => {
      const [role = '', table = '', verbs = ''] = line.trim().split(': ');
      return verbs.split(', ').map((verb) => ({ role, table, verb }));
    });
}
