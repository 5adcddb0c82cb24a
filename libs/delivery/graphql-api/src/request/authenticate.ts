import { hashKey, keyKindOf } from '@productgraph/contracts';
import type { KeyDirectory, Principal, ResolvedKey } from '@productgraph/domain-tenant';
import type { Clock } from '@productgraph/kernel';
import { Fault } from './fault.ts';

export interface Authenticator {
  /**
   * Who asks, by `Authorization: Bearer` or `X-PG-API-Key`; null when neither is there.
   * @throws Fault invalid_key, key_disabled, forbidden
   */
  principalOf(headers: RequestHeaders): Promise<Principal | null>;
  /** Forgets what is cached about a key: its next request is looked up. */
  forget(keyId: string): void;
}

export type RequestHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/** Tokens kept; the one unused for longest goes first. */
const CAPACITY = 10_000;

interface Cached {
  readonly at: number;
  readonly found: Promise<ResolvedKey | null>;
  keyId: string | null;
}

/** Look-ups are shared by concurrent requests and kept for `keepMs`, those that found nothing included. */
export function createAuthenticator(keys: KeyDirectory, clock: Clock, keepMs: number): Authenticator {
  const cache = new Map<string, Cached>();

  function lookUp(token: string): Promise<ResolvedKey | null> {
    const hash = hashKey(token);
    const cached = cache.get(hash);
    cache.delete(hash);
    const fresh = cached !== undefined && clock.now() - cached.at < keepMs;
    const entry = fresh ? cached : startLookUp(hash);
    cache.set(hash, entry);
    for (const [oldest] of cache) {
      if (cache.size <= CAPACITY) break;
      cache.delete(oldest);
    }
    return entry.found;
  }

  function startLookUp(hash: string): Cached {
    const entry: Cached = { at: clock.now(), found: keys.findByHash(hash), keyId: null };
    entry.found.then(
      (resolved) => (entry.keyId = resolved?.key.id ?? null),
      // A failed look-up is not a verdict: the next request tries again. The caller gets the error through `found`.
      () => cache.get(hash) === entry && cache.delete(hash),
    );
    return entry;
  }

  return {
    async principalOf(headers) {
      const token = tokenIn(headers);
      if (token === null) return null;
      const kind = keyKindOf(token);
      if (kind === null) throw new Fault('invalid_key');
      if (kind !== 'pgt') throw new Fault('forbidden', 'This is an ingest key: questions need an API token (pgt_…).');
      return principal(await lookUp(token));
    },
    forget(keyId) {
      for (const [hash, entry] of cache) if (entry.keyId === keyId) cache.delete(hash);
    },
  };
}

function principal(resolved: ResolvedKey | null): Principal {
  if (resolved?.key.revokedAt !== null) throw new Fault('invalid_key');
  const { key } = resolved;
  if (key.disabledAt !== null) throw new Fault('key_disabled');
  if (key.kind !== 'pgt' || key.role === null) throw new Fault('forbidden');
  return { keyId: key.id, orgId: key.orgId, projectId: key.projectId, role: key.role };
}

function tokenIn(headers: RequestHeaders): string | null {
  const key = headers['x-pg-api-key'];
  if (typeof key === 'string' && key !== '') return key;
  const authorization = headers.authorization;
  const bearer = typeof authorization === 'string' ? /^Bearer +(\S+) *$/i.exec(authorization)?.[1] : undefined;
  return bearer ?? null;
}
