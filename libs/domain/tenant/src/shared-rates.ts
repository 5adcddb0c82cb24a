/** Events that a project would have accepted now. */
export interface RateRequest {
  readonly projectId: string;
  /** The project's events per second, > 0. */
  readonly rate: number;
  /** Events, at least 1. */
  readonly n: number;
}

export type RateAnswer =
  | { readonly allowed: true }
  /** `retryAfterMs`: when as many as asked for (or a second's worth) would pass, if nobody else came. */
  | { readonly allowed: false; readonly retryAfterMs: number };

/** Rates of projects, held by all processes together: each project has one bucket, as `takeFromRate` describes it, on one clock. */
export interface SharedRates {
  /** @throws when the bucket cannot be reached: then the caller has only what it knows itself */
  take(request: RateRequest): Promise<RateAnswer>;
}
