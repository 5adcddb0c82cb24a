import { Client } from 'pg';
import { codeOf, isRetryable } from './faults.ts';

/** Why a given DATABASE_URL cannot be used; the message is one sentence for people and never holds the password. */
export class DatabaseUnusable extends Error {
  override readonly name = 'DatabaseUnusable';
}

/** Oldest PostgreSQL we run on. */
const MINIMUM_VERSION = 16;

/**
 * Connects once and checks what every later step relies on.
 * @throws DatabaseUnusable naming the first thing that is wrong
 */
export async function checkServer(url: string): Promise<{ readonly version: string }> {
  const target = parseTarget(url);
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
  } catch (error) {
    throw new DatabaseUnusable(explainConnect(error, target), { cause: error });
  }
  try {
    const { rows } = await client.query<Facts>(FACTS);
    const facts = rows[0];
    const fault = facts === undefined ? 'PostgreSQL answered nothing' : faultIn(facts, target);
    if (fault !== null) throw new DatabaseUnusable(fault);
    return { version: facts?.version ?? '' };
  } finally {
    await client.end();
  }
}

interface Target {
  readonly host: string;
  readonly user: string;
  readonly database: string;
}

function parseTarget(url: string): Target {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed === null || !/^postgres(ql)?:$/u.test(parsed.protocol)) {
    throw new DatabaseUnusable('DATABASE_URL is not of the form postgres://user:password@host:5432/database.');
  }
  return {
    host: parsed.host === '' ? 'localhost' : parsed.host,
    user: decodeURIComponent(parsed.username),
    database: decodeURIComponent(parsed.pathname.slice(1)),
  };
}

const CONNECT_FAULTS: Readonly<Record<string, (target: Target) => string>> = {
  ECONNREFUSED: ({ host }) => `No PostgreSQL listens at ${host}: start it or correct host and port in DATABASE_URL.`,
  ENOTFOUND: ({ host }) => `The host of ${host} does not exist: correct it in DATABASE_URL.`,
  EAI_AGAIN: ({ host }) => `The host of ${host} could not be looked up: check it and the network.`,
  EHOSTUNREACH: ({ host }) => `The host of ${host} cannot be reached from here: check the network.`,
  '28P01': ({ user, host }) =>
    `PostgreSQL at ${host} refused the password of user ${user}: correct it in DATABASE_URL.`,
  '28000': ({ user, host, database }) => `PostgreSQL at ${host} does not let user ${user} into database ${database}.`,
  '3D000': ({ database, host }) => `There is no database ${database} at ${host}: create it or correct DATABASE_URL.`,
  '53300': ({ host }) => `PostgreSQL at ${host} has no connection left: raise max_connections or end other clients.`,
  '57P03': ({ host }) => `PostgreSQL at ${host} is starting up or shutting down: try again in a moment.`,
};

function explainConnect(error: unknown, target: Target): string {
  const cause: unknown = error instanceof AggregateError ? error.errors[0] : error;
  const known = CONNECT_FAULTS[codeOf(cause)];
  if (known !== undefined) return known(target);
  const message = cause instanceof Error ? cause.message : String(cause);
  if (message.includes('password must be a string')) {
    return `PostgreSQL at ${target.host} asks for a password and DATABASE_URL has none.`;
  }
  const hint = isRetryable(cause) ? 'it may not be up yet' : 'check DATABASE_URL';
  return `PostgreSQL at ${target.host} cannot be used (${message}): ${hint}.`;
}

interface Facts {
  readonly number: number;
  readonly version: string;
  readonly encoding: string;
  readonly readonly: boolean;
  readonly makesRoles: boolean;
  readonly absentRoles: string[];
  readonly closedRoles: string[];
  readonly grantsSchema: boolean;
}

/**
 * One look at everything. `closedRoles` exist (another database of ours on the server) and the login may neither take them
 * nor let itself take them. Must also be understood by servers too old for us, so that it can say so.
 */
const FACTS = `
  WITH login AS (SELECT oid, rolsuper, rolcreaterole FROM pg_roles WHERE rolname = session_user),
  needed AS (
    SELECT n.name, p.oid, EXISTS (
      SELECT FROM pg_auth_members m, login
      WHERE m.roleid = p.oid AND m.member = login.oid
        AND (m.admin_option OR coalesce((to_jsonb(m) ->> 'set_option')::boolean, true))
    ) AS open
    FROM unnest(ARRAY['productgraph_owner', 'productgraph_app', 'productgraph_writer']) AS n (name)
    LEFT JOIN pg_roles p ON p.rolname = n.name
  )
  SELECT current_setting('server_version_num')::int AS number, current_setting('server_version') AS version,
    current_setting('server_encoding') AS encoding,
    pg_is_in_recovery() OR current_setting('default_transaction_read_only')::boolean AS readonly,
    rolsuper OR rolcreaterole AS "makesRoles",
    ARRAY(SELECT name FROM needed WHERE oid IS NULL) AS "absentRoles",
    ARRAY(SELECT name FROM needed WHERE oid IS NOT NULL AND NOT open AND NOT rolsuper) AS "closedRoles",
    has_schema_privilege('public', 'CREATE WITH GRANT OPTION')
      OR coalesce((SELECT has_schema_privilege(oid, 'public', 'CREATE') FROM needed WHERE name = 'productgraph_owner'), false)
      AS "grantsSchema"
  FROM login`;

function faultIn(facts: Facts, { user, database }: Target): string | null {
  if (facts.number < MINIMUM_VERSION * 10_000) {
    return `The server is PostgreSQL ${facts.version} and ProductGraph needs ${MINIMUM_VERSION} or newer.`;
  }
  if (facts.encoding !== 'UTF8') {
    return `Database ${database} has the encoding ${facts.encoding} and must have UTF8: create it with ENCODING 'UTF8'.`;
  }
  if (facts.readonly) return `Database ${database} only takes reads: give the URL of the primary server.`;
  if (facts.absentRoles.length > 0 && !facts.makesRoles) {
    return `User ${user} may not make the roles ${facts.absentRoles.join(', ')}: run ALTER ROLE ${user} CREATEROLE as administrator.`;
  }
  if (facts.closedRoles.length > 0) {
    const roles = facts.closedRoles.join(', ');
    return `User ${user} may not take the roles ${roles}: run GRANT ${roles} TO ${user} WITH INHERIT FALSE, SET TRUE as administrator.`;
  }
  if (!facts.grantsSchema) {
    return `User ${user} may not create tables in database ${database}: run ALTER DATABASE ${database} OWNER TO ${user} as administrator.`;
  }
  return null;
}
