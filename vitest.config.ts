import { defineConfig } from 'vitest/config';

/** Unit tests of every project. One project's: `vitest run --dir libs/kernel` from the repository's root. */
export default defineConfig({
  // Vite would take GraphQL's ESM build where Node and the libraries take the other one, and two of them do not mix.
  resolve: { alias: { graphql: import.meta.resolve('graphql') } },
  test: {
    include: ['**/*.spec.ts'],
    exclude: ['**/node_modules/**', '**/dist/**', '**/.cache/**', '**/.nx/**', '**/*.{pg,stack}.spec.ts'],
    environment: 'node',
    maxWorkers: 2,
    passWithNoTests: true,
    allowOnly: false,
    testTimeout: 15_000,
    hookTimeout: 30_000,
  },
});
