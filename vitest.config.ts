import { defineConfig } from 'vitest/config';

/** Unit tests of every project. One project's: `vitest run --dir libs/kernel` from the repository's root. */
export default defineConfig({
  test: {
    include: ['**/*.spec.ts'],
    exclude: ['**/node_modules/**', '**/dist/**', '**/.cache/**', '**/.nx/**', '**/*.pg.spec.ts'],
    environment: 'node',
    maxWorkers: 2,
    passWithNoTests: true,
    allowOnly: false,
    testTimeout: 15_000,
    hookTimeout: 30_000,
  },
});
