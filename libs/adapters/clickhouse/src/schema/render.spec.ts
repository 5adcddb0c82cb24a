import { describe, expect, it } from 'vitest';
import { MIGRATIONS } from '../testing/migrations.ts';
import { readMigrations } from './migrations.ts';
import { renderStatements } from './render.ts';

const TEMPLATE = `
-- A comment; with a semicolon;
CREATE TABLE IF NOT EXISTS t_local {{on cluster}} (
  -- another
  a Int64
) ENGINE = {{engine ReplacingMergeTree(version)}} ORDER BY a SETTINGS {{deduplication}};
CREATE TABLE IF NOT EXISTS t {{on cluster}} AS t_local ENGINE = {{over t_local}};
`;

const clean = (statements: readonly string[]): string[] => statements.map((one) => one.replaceAll(/\s+/gu, ' '));

describe('renderStatements', () => {
  it('renders a single server', () => {
    expect(clean(renderStatements(TEMPLATE, { cluster: null, replicated: false }))).toEqual([
      'CREATE TABLE IF NOT EXISTS t_local ( a Int64 ) ENGINE = ReplacingMergeTree(version) ORDER BY a SETTINGS non_replicated_deduplication_window = 50000',
      "CREATE TABLE IF NOT EXISTS t AS t_local ENGINE = Merge(currentDatabase(), '^t_local$')",
    ]);
  });

  it('renders shards without Keeper', () => {
    expect(clean(renderStatements(TEMPLATE, { cluster: 'main', replicated: false }))).toEqual([
      'CREATE TABLE IF NOT EXISTS t_local ( a Int64 ) ENGINE = ReplacingMergeTree(version) ORDER BY a SETTINGS non_replicated_deduplication_window = 50000',
      "CREATE TABLE IF NOT EXISTS t AS t_local ENGINE = Distributed('main', currentDatabase(), 't_local')",
    ]);
  });

  it('renders a replicated cluster', () => {
    expect(clean(renderStatements(TEMPLATE, { cluster: 'main', replicated: true }))).toEqual([
      "CREATE TABLE IF NOT EXISTS t_local ON CLUSTER 'main' ( a Int64 ) ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}', version) ORDER BY a SETTINGS replicated_deduplication_window = 50000, replicated_deduplication_window_seconds = 604800",
      "CREATE TABLE IF NOT EXISTS t ON CLUSTER 'main' AS t_local ENGINE = Distributed('main', currentDatabase(), 't_local')",
    ]);
  });

  it('refuses a place that it does not know', () => {
    expect(() => renderStatements('SELECT {{nothing}};', { cluster: null, replicated: false })).toThrow(
      /\{\{nothing\}\}/u,
    );
  });

  it('gives every statement of the migrations in a form that may run again, on the whole cluster where there is Keeper', () => {
    for (const { template } of readMigrations(MIGRATIONS)) {
      for (const statement of renderStatements(template, { cluster: 'main', replicated: true })) {
        expect(statement).toMatch(/^(CREATE|ALTER) TABLE .*(IF NOT EXISTS|IF EXISTS)/u);
        expect(statement).toContain("ON CLUSTER 'main'");
        expect(statement).not.toContain('{{');
      }
    }
  });
});
