-- Tenants: organisations, their projects, keys and members, and the log of who changed what.
-- Row-level security stands behind every tenant table: see protect_tenant_table.

-- The tenant of the running transaction (SET LOCAL app.org_id); null when none is set, so that nothing is visible.
CREATE FUNCTION app_org_id() RETURNS uuid
  LANGUAGE sql STABLE PARALLEL SAFE
  RETURN nullif(current_setting('app.org_id', true), '')::uuid;

-- The only project that the running transaction may see (SET LOCAL app.project_id); null = all of the organisation.
CREATE FUNCTION app_project_id() RETURNS uuid
  LANGUAGE sql STABLE PARALLEL SAFE
  RETURN nullif(current_setting('app.project_id', true), '')::uuid;

-- Puts a table behind row-level security and grants what the application (`app_verbs`) and the processors (`writer_verbs`) need,
-- e.g. 'SELECT, INSERT'. The application reaches its tenant's rows only; processors and the owner serve all tenants.
-- A sub-select makes PostgreSQL evaluate the setting once per query and use it as an index condition.
CREATE PROCEDURE protect_tenant_table(tenant_table regclass, app_verbs text, writer_verbs text)
  LANGUAGE plpgsql AS $$
DECLARE
  name text := tenant_table::text;
  table_name name := (SELECT relname FROM pg_class WHERE oid = tenant_table);
  tenant_column text := CASE table_name WHEN 'organisations' THEN 'id' ELSE 'org_id' END;
  project_column text := CASE table_name WHEN 'projects' THEN 'id' ELSE 'project_id' END;
  own text := format('%I = (SELECT app_org_id())', tenant_column);
  always_of_project boolean := (
    SELECT attnotnull FROM pg_attribute WHERE attrelid = tenant_table AND attname = project_column AND NOT attisdropped
  );
BEGIN
  -- Null IS NOT FALSE: without a project set, all of the organisation's rows pass, at the price of one comparison.
  IF always_of_project THEN
    own := own || format(' AND (%I = (SELECT app_project_id())) IS NOT FALSE', project_column);
  ELSIF NOT always_of_project THEN
    own := own || format(' AND ((SELECT app_project_id()) IS NULL OR %I = (SELECT app_project_id()))', project_column);
  END IF;
  EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', name);
  EXECUTE format('CREATE POLICY owner_all ON %s TO productgraph_owner USING (true) WITH CHECK (true)', name);
  EXECUTE format('REVOKE ALL ON %s FROM PUBLIC, productgraph_app, productgraph_writer', name);
  IF app_verbs <> '' THEN
    EXECUTE format('GRANT %s ON %s TO productgraph_app', app_verbs, name);
    EXECUTE format('CREATE POLICY app_tenant ON %s TO productgraph_app USING (%s) WITH CHECK (%2$s)', name, own);
  END IF;
  IF writer_verbs <> '' THEN
    EXECUTE format('GRANT %s ON %s TO productgraph_writer', writer_verbs, name);
    EXECUTE format('CREATE POLICY writer_all ON %s TO productgraph_writer USING (true) WITH CHECK (true)', name);
  END IF;
END $$;
REVOKE ALL ON PROCEDURE protect_tenant_table(regclass, text, text) FROM PUBLIC;

CREATE TABLE organisations (
  id uuid PRIMARY KEY,
  name text NOT NULL,
  created_at timestamptz NOT NULL,
  -- The nil UUID is where rows without a known tenant go (quarantine, ledger): no organisation may have it.
  CONSTRAINT organisations_id_not_nil CHECK (id <> '00000000-0000-0000-0000-000000000000')
);
CALL protect_tenant_table('organisations', 'SELECT, INSERT, UPDATE', '');

CREATE TABLE projects (
  id uuid PRIMARY KEY,
  org_id uuid NOT NULL REFERENCES organisations,
  name text NOT NULL,
  time_zone text NOT NULL,
  retention_days integer CHECK (retention_days > 0),
  session_idle_minutes integer NOT NULL DEFAULT 30 CHECK (session_idle_minutes BETWEEN 1 AND 1440),
  session_max_hours integer NOT NULL DEFAULT 24 CHECK (session_max_hours BETWEEN 1 AND 72),
  limits jsonb NOT NULL DEFAULT '{}',
  quota_events_per_second integer CHECK (quota_events_per_second > 0),
  quota_events_per_month bigint CHECK (quota_events_per_month > 0),
  created_at timestamptz NOT NULL,
  CONSTRAINT projects_id_not_nil CHECK (id <> '00000000-0000-0000-0000-000000000000'),
  CONSTRAINT projects_name_taken UNIQUE (org_id, name),
  -- Target of foreign keys that hold organisation and project together.
  CONSTRAINT projects_in_organisation UNIQUE (id, org_id)
);
CALL protect_tenant_table('projects', 'SELECT, INSERT, UPDATE', 'SELECT');

CREATE TABLE api_keys (
  id uuid PRIMARY KEY,
  org_id uuid NOT NULL REFERENCES organisations,
  project_id uuid,
  kind text NOT NULL CHECK (kind IN ('pgw', 'pgs', 'pgt')),
  name text NOT NULL,
  -- SHA-256 of the key in hex; the key itself is never stored.
  hash text NOT NULL CONSTRAINT api_keys_hash_taken UNIQUE,
  prefix text NOT NULL,
  role text CHECK (role IN ('owner', 'admin', 'analyst', 'viewer')),
  allowed_origins text[] NOT NULL DEFAULT '{}',
  created_at timestamptz NOT NULL,
  disabled_at timestamptz,
  revoked_at timestamptz,
  CONSTRAINT api_keys_project FOREIGN KEY (project_id, org_id) REFERENCES projects (id, org_id),
  CONSTRAINT api_keys_scope CHECK (kind = 'pgt' OR project_id IS NOT NULL),
  CONSTRAINT api_keys_role CHECK ((kind = 'pgt') = (role IS NOT NULL))
);
CREATE INDEX api_keys_of_tenant ON api_keys (org_id, project_id);
CALL protect_tenant_table('api_keys', 'SELECT, INSERT, UPDATE', '');

CREATE TABLE members (
  id uuid PRIMARY KEY,
  org_id uuid NOT NULL REFERENCES organisations,
  email text NOT NULL,
  role text NOT NULL CHECK (role IN ('owner', 'admin', 'analyst', 'viewer')),
  created_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX members_email ON members (org_id, lower(email));
CALL protect_tenant_table('members', 'SELECT, INSERT, UPDATE, DELETE', '');

-- Only ever added to: nobody but the owner may change or delete a line.
CREATE TABLE audit_log (
  id uuid NOT NULL,
  org_id uuid NOT NULL REFERENCES organisations,
  at timestamptz NOT NULL,
  actor text NOT NULL,
  action text NOT NULL,
  target text NOT NULL,
  details jsonb NOT NULL DEFAULT '{}',
  PRIMARY KEY (org_id, id)
);
CALL protect_tenant_table('audit_log', 'SELECT, INSERT', '');

-- Look-up of a key before its tenant is known: one row by hash and nothing else, whoever calls.
CREATE FUNCTION find_api_key(wanted text) RETURNS TABLE (key api_keys, project projects)
  LANGUAGE sql STABLE SECURITY DEFINER
  BEGIN ATOMIC
    SELECT k, p FROM api_keys k LEFT JOIN projects p ON p.id = k.project_id WHERE k.hash = wanted AND k.revoked_at IS NULL;
  END;
REVOKE ALL ON FUNCTION find_api_key(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION find_api_key(text) TO productgraph_app, productgraph_writer;

-- Look-up of one project by id, across tenants, for processors.
CREATE FUNCTION find_project(wanted uuid) RETURNS SETOF projects
  LANGUAGE sql STABLE SECURITY DEFINER
  BEGIN ATOMIC
    SELECT p.* FROM projects p WHERE p.id = wanted;
  END;
REVOKE ALL ON FUNCTION find_project(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION find_project(uuid) TO productgraph_app, productgraph_writer;
