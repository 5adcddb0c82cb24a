import { keyChangesSuite } from '@productgraph/testing';
import { createMemoryKeyChanges } from './key-changes.ts';

keyChangesSuite('memory', async () => {
  const changes = createMemoryKeyChanges();
  return { processes: [changes, changes], close: async () => undefined };
});
