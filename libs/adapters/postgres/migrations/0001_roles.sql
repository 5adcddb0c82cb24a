-- role: login
-- Roles of the product. The login that DATABASE_URL names takes one of them per transaction (SET LOCAL ROLE).
--   productgraph_owner   owns every table: migrations, partitions
--   productgraph_app     API and questions: row-level security is forced on it
--   productgraph_writer  processors: may write for every tenant, reads what it needs to
-- Roles belong to the whole server, so another database of ours may have made them already.
DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['productgraph_owner', 'productgraph_app', 'productgraph_writer'] LOOP
    BEGIN
      IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) THEN
        EXECUTE format('CREATE ROLE %I NOLOGIN NOINHERIT NOBYPASSRLS', name);
      END IF;
    EXCEPTION WHEN duplicate_object OR unique_violation THEN
      NULL; -- made by another database's migration at the same moment
    END;
    -- SET without INHERIT: outside a transaction of ours the login itself has no rights on any table.
    IF NOT EXISTS (
      SELECT FROM pg_auth_members m
      WHERE m.roleid = name::regrole AND m.member = session_user::regrole AND m.set_option
    ) AND NOT (SELECT rolsuper FROM pg_roles WHERE rolname = session_user) THEN
      EXECUTE format('GRANT %I TO %I WITH SET TRUE, INHERIT FALSE', name, session_user);
    END IF;
  END LOOP;
  EXECUTE format('GRANT TEMPORARY ON DATABASE %I TO productgraph_owner, productgraph_writer', current_database());
END
$$;

GRANT USAGE, CREATE ON SCHEMA public TO productgraph_owner;
GRANT USAGE ON SCHEMA public TO productgraph_app, productgraph_writer;

SET LOCAL ROLE productgraph_owner;

CREATE TABLE schema_migrations (
  version integer PRIMARY KEY,
  name text NOT NULL,
  checksum text NOT NULL,
  applied_at timestamptz NOT NULL DEFAULT now()
);
GRANT SELECT ON schema_migrations TO productgraph_app, productgraph_writer;
