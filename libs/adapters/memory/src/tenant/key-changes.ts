import type { KeyChanges } from '@productgraph/domain-tenant';

/** Changes of keys within this process. */
export function createMemoryKeyChanges(): KeyChanges {
  const listeners = new Set<{ readonly changed: (hash: string) => void }>();
  return {
    publish: async (hash) => {
      for (const { changed } of listeners) changed(hash);
    },
    subscribe: async (changed) => {
      const listener = { changed };
      listeners.add(listener);
      return async () => void listeners.delete(listener);
    },
  };
}
