import { defineConfig } from 'vitest/config';

/** Suites that need the servers of the Growth and Scale tiers. One stack for the whole run, one suite after the other. */
export default defineConfig({
  test: {
    include: ['**/*.stack.spec.ts'],
    exclude: ['**/node_modules/**', '**/dist/**', '**/.cache/**', '**/.nx/**'],
    environment: 'node',
    globalSetup: ['./tools/src/vitest-stack.ts'],
    fileParallelism: false,
    passWithNoTests: true,
    allowOnly: false,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
