import { defineConfig } from 'vitest/config';

/** `STACK_TEST_ONLY` names the servers of a run; S3 is started only when it is among them. */
const withS3 = process.env.STACK_TEST_ONLY?.split(',').includes('s3') ?? false;

/** Suites that need the servers of the Growth and Scale tiers. One stack for the whole run, one suite after the other. */
export default defineConfig({
  test: {
    include: ['**/*.stack.spec.ts'],
    exclude: [
      '**/node_modules/**',
      '**/dist/**',
      '**/.cache/**',
      '**/.nx/**',
      ...(withS3 ? [] : ['**/*.s3.stack.spec.ts']),
    ],
    environment: 'node',
    globalSetup: ['./tools/src/vitest-stack.ts'],
    fileParallelism: false,
    passWithNoTests: true,
    allowOnly: false,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
