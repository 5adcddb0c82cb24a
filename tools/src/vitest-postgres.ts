import { startPostgres } from './postgres.ts';

/** Vitest global setup: one PostgreSQL for all `*.pg.spec.ts`, its superuser URL in `PG_TEST_URL`. */
export default async function setup(): Promise<(() => Promise<void>) | undefined> {
  if (process.env.PG_TEST_URL) return undefined;
  const server = await startPostgres();
  process.env.PG_TEST_URL = server.url;
  return async () => {
    delete process.env.PG_TEST_URL;
    await server.stop();
  };
}
