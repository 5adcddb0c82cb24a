import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Why migrating stopped; the message is one sentence for people. */
export class ClickHouseMigrationError extends Error {
  override readonly name = 'ClickHouseMigrationError';
}

export interface ClickHouseMigration {
  readonly version: number;
  readonly name: string;
  /** Template of its statements. */
  readonly template: string;
  /** SHA-256 of the file, hex. */
  readonly checksum: string;
}

/** What a shard has. */
export interface AppliedMigration {
  readonly version: number;
  readonly name: string;
  readonly checksum: string;
}

const FILE = /^(\d{4})_([a-z0-9_]+)\.sql$/u;

/**
 * The folder of the migrations as seen from `base`: beside the sources (the package's folder), or beside a bundle
 * (`dist/<app>`), which carries them as assets.
 * @throws ClickHouseMigrationError when neither is there
 */
export function clickhouseMigrationsFolder(base: string): string {
  const places = [join(base, 'migrations'), join(base, 'assets/adapter-clickhouse/migrations')];
  const found = places.find((place) => existsSync(place));
  if (found !== undefined) return found;
  throw new ClickHouseMigrationError(`The migrations are missing: there is neither ${places.join(' nor ')}.`);
}

/** The migrations of a folder in order; other files are not looked at. */
export function readMigrations(folder: string): ClickHouseMigration[] {
  return readdirSync(folder)
    .flatMap((file) => {
      const match = FILE.exec(file);
      if (match === null) return [];
      const template = readFileSync(join(folder, file), 'utf8');
      const checksum = createHash('sha256').update(template).digest('hex');
      return [{ version: Number(match[1]), name: match[2] ?? '', template, checksum }];
    })
    .sort((a, b) => a.version - b.version);
}

/** What this shard lacks. @throws ClickHouseMigrationError when history and files disagree */
export function missingOf(
  known: readonly ClickHouseMigration[],
  applied: readonly AppliedMigration[],
): ClickHouseMigration[] {
  const newest = known.at(-1)?.version ?? 0;
  const rows = new Map(applied.map((row) => [row.version, row]));
  const newer = applied.find((row) => row.version > newest);
  if (newer !== undefined) {
    throw new ClickHouseMigrationError(
      `The database was migrated by a newer version of ProductGraph (${fileOf(newer)}): update the program, or restore the database from before.`,
    );
  }
  const changed = known.find((file) => rows.has(file.version) && rows.get(file.version)?.checksum !== file.checksum);
  if (changed !== undefined) {
    throw new ClickHouseMigrationError(
      `Migration ${fileOf(changed)} was changed after it had been applied: restore the file and put the change into a new migration.`,
    );
  }
  return known.filter((file) => !rows.has(file.version));
}

/** Name of a migration's file. */
export function fileOf({ version, name }: Pick<AppliedMigration, 'version' | 'name'>): string {
  return `${String(version).padStart(4, '0')}_${name}.sql`;
}
