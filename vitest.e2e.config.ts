import { defineConfig } from 'vitest/config';

/** End-to-end suites: they start the built product and talk to its public interfaces, one suite after the other. */
export default defineConfig({
  test: {
    include: ['e2e/src/**/*.e2e.ts'],
    exclude: ['**/node_modules/**'],
    environment: 'node',
    fileParallelism: false,
    passWithNoTests: true,
    allowOnly: false,
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
