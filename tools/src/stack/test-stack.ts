import { Stack } from './stack.ts';

/** Variable that names the folder of the stack that runs for the tests. */
export const TEST_FOLDER = 'STACK_TEST_FOLDER';

/**
 * The stack that `vitest.stack.config.ts` has started for all `*.stack.spec.ts`. Suites run one after the other, so each may
 * kill what it likes; it leaves everything running.
 * @throws outside of such a run
 */
export function testStack(): Stack {
  const folder = process.env[TEST_FOLDER];
  if (folder === undefined) throw new Error(`${TEST_FOLDER} is not set: run it with vitest.stack.config.ts.`);
  return new Stack(folder);
}
