import { only, profiles, startStack } from './stack/index.ts';
import { SERVER_KINDS } from './stack/profiles.ts';
import { TEST_FOLDER } from './stack/test-stack.ts';

/**
 * Vitest global setup: one stack of real servers for all `*.stack.spec.ts`, in a folder of its own that goes with the run.
 * `STACK_TEST_ONLY=redis,kafka` starts only these; without it all but S3, whose server takes minutes to build and which only
 * `*.s3.stack.spec.ts` need. `STACK_TEST_FOLDER=<folder>` takes a stack that runs already (`npm run stack -- up test` prints
 * its folder) and leaves it running.
 */
export default async function setup(): Promise<(() => Promise<void>) | undefined> {
  if (process.env[TEST_FOLDER]) return undefined;
  const asked = process.env.STACK_TEST_ONLY?.split(',');
  const stack = await startStack({
    name: `test-${process.pid}`,
    plan: only(
      profiles.test,
      SERVER_KINDS.filter((kind) => asked?.includes(kind) ?? kind !== 's3'),
    ),
    temporary: true,
    say: (text) => console.error(text),
  });
  process.env[TEST_FOLDER] = stack.folder;
  return async () => {
    process.env[TEST_FOLDER] = '';
    await stack.down();
  };
}
