import { checkServer, migrate as applyMigrations, migrationsFolder } from '@productgraph/adapter-postgres';
import type { CliContext } from '../context.ts';
import { findDatabase } from '../database.ts';
import { counted, type Result } from '../output.ts';

/** `migrate`: brings the database up to date; the Starter does so by itself at its start. */
export async function migrate({ config, output }: CliContext): Promise<Result> {
  const place = await findDatabase(config());
  try {
    const { version } = await checkServer(place.url);
    const applied = await applyMigrations({
      url: place.url,
      folder: migrationsFolder(import.meta.dirname),
      onProgress: ({ migration, done, total }) => output.err(`${done + 1} of ${total}: ${migration.name}\n`),
    });
    const names = applied.map(({ name }) => name);
    const text =
      names.length === 0
        ? 'The database is up to date.'
        : `Applied ${counted(names.length, 'migration', 'migrations')}.`;
    return { json: { server: version, applied: names }, text: `${text}\n` };
  } finally {
    await place.leave();
  }
}
