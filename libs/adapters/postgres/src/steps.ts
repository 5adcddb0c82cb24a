/** Steps of upkeep, of which one that fails does not keep the others from running. */
export interface Steps {
  /** Runs one step; answers `otherwise` when it failed. */
  readonly step: <T>(work: () => Promise<T>, otherwise: T) => Promise<T>;
  readonly firstFault: () => { readonly error: unknown } | null;
}

/** @param signal ends between two steps */
export function createSteps(signal: AbortSignal | undefined): Steps {
  let first: { readonly error: unknown } | null = null;
  return {
    async step(work, otherwise) {
      signal?.throwIfAborted();
      try {
        return await work();
      } catch (error) {
        first ??= { error };
        return otherwise;
      }
    },
    firstFault: () => first,
  };
}
