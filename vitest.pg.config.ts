import { defineConfig } from 'vitest/config';

/**
 * Suites that need a real PostgreSQL. One server is started for the whole run (or `PG_TEST_URL` is used as it is);
 * each suite makes its own database on it.
 */
export default defineConfig({
  test: {
    include: ['**/*.pg.spec.ts'],
    exclude: ['**/node_modules/**', '**/dist/**', '**/.cache/**', '**/.nx/**'],
    environment: 'node',
    globalSetup: ['./tools/src/vitest-postgres.ts'],
    maxWorkers: 2,
    passWithNoTests: true,
    allowOnly: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
