import { hashKey, keyKindOf } from '@productgraph/contracts';
import type { KeyDirectory, ResolvedKey } from '@productgraph/domain-tenant';
import type { Clock } from '@productgraph/kernel';

export interface KeyCacheOptions {
  readonly keys: KeyDirectory;
  readonly clock: Clock;
  /** How long a found key is believed, ms: a revoked key works on for at most so long. Default 15,000. */
  readonly foundMs?: number;
  /** While the store cannot be asked, a found key is believed for so long after it was found, ms. Default 600,000. */
  readonly staleMs?: number;
  /** How long an unknown key is believed unknown, ms. Default 5,000. */
  readonly missingMs?: number;
  /** Entries, least recently looked up leave first. Default 10,000. */
  readonly entries?: number;
  readonly onResolved?: (fact: { from: 'cache' | 'store'; found: boolean }) => void;
}

export interface KeyCache {
  /** Null: unknown, revoked or mistyped. */
  resolve(key: string): ResolvedKey | null | Promise<ResolvedKey | null>;
  /** Forgets a key at once (after it was changed). */
  forget(keyId: string): void;
}

interface Entry {
  readonly key: ResolvedKey | null;
  /** When the store said so. */
  readonly at: number;
  readonly until: number;
}

/** While the store is away it is asked again so often, ms. */
const STALE_AGAIN_MS = 1_000;

/**
 * Keys by their text, so that the hot path neither hashes nor asks the store. Mistyped keys fail on their checksum and never reach the store;
 * concurrent look-ups of one key share one question.
 */
export function createKeyCache(options: KeyCacheOptions): KeyCache {
  const { keys, clock, foundMs = 15_000, missingMs = 5_000, staleMs = 600_000, entries = 10_000 } = options;
  const { onResolved } = options;
  const cache = new Map<string, Entry>();
  const asking = new Map<string, Promise<ResolvedKey | null>>();
  /** Answers to questions asked before the last change of a key are used once and not kept. */
  let changes = 0;

  function remember(text: string, entry: Entry): void {
    cache.delete(text);
    cache.set(text, entry);
    const oldest = cache.keys().next();
    if (cache.size > entries && oldest.done !== true) cache.delete(oldest.value);
  }

  async function ask(text: string): Promise<ResolvedKey | null> {
    const before = changes;
    const key = await keys.findByHash(hashKey(text));
    const at = clock.now();
    if (before === changes) remember(text, { key, at, until: at + (key === null ? missingMs : foundMs) });
    onResolved?.({ from: 'store', found: key !== null });
    return key;
  }

  /** Events of a key that was good a moment ago are taken while the store is away. */
  function lastKnown(text: string, error: unknown): ResolvedKey {
    const known = cache.get(text);
    const now = clock.now();
    if (known === undefined || known.key === null || now >= known.at + staleMs) throw error;
    remember(text, { ...known, until: now + STALE_AGAIN_MS });
    onResolved?.({ from: 'cache', found: true });
    return known.key;
  }

  return {
    resolve(text) {
      const known = cache.get(text);
      if (known !== undefined && known.until > clock.now()) {
        onResolved?.({ from: 'cache', found: known.key !== null });
        return known.key;
      }
      if (keyKindOf(text) === null) return null;
      const running = asking.get(text);
      if (running !== undefined) return running;
      const question = ask(text)
        .catch((error: unknown) => lastKnown(text, error))
        .finally(() => asking.delete(text));
      asking.set(text, question);
      return question;
    },
    forget(keyId) {
      changes++;
      for (const [text, { key }] of cache) if (key?.key.id === keyId) cache.delete(text);
    },
  };
}
