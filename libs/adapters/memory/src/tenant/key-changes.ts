import type { KeyChanges } from '@productgraph/domain-tenant';

/** Changes of keys within this process. */
export function createMemoryKeyChanges(): KeyChanges {
  const listeners = new Set<{ readonly changed: (keyId: string) => void }>();
  return {
    publish: async (keyId) => {
      for (const { changed } of listeners) changed(keyId);
    },
    subscribe: async (changed) => {
      const listener = { changed };
      listeners.add(listener);
      return async () => void listeners.delete(listener);
    },
  };
}
