/**
 * Tells all processes that a key was revoked, disabled or changed, so that their caches forget it at once. Who is cut off at
 * the moment does not hear of it: caches bound how long they believe a key besides.
 */
export interface KeyChanges {
  /** Resolves when the message is on its way. */
  publish(keyId: string): Promise<void>;
  /** Calls `changed`, which may not throw, for each key from now on, this process's own included, in no particular order. Answers what ends it. */
  subscribe(changed: (keyId: string) => void): Promise<() => Promise<void>>;
}
