/*
 * What runtime needs of telemetry and configuration, as ports: platform libs do not import each other,
 * and platform/telemetry and platform/config satisfy these by their shape.
 */

/** Facts of a process. */
export interface RuntimeFacts {
  /** Something that was not expected to throw threw. */
  unexpected(fact: { error: unknown; where: string }): void;
  jobDone(fact: { job: string; seconds: number }): void;
  jobFailed(fact: { job: string; error: unknown }): void;
}

/** The Prometheus exposition. */
export type MetricsSource = () => Promise<{ readonly contentType: string; readonly body: string }>;

/** Traces of requests. */
export interface RequestTracing {
  readonly isOff: boolean;
  request(request: { method: string; traceparent: string | undefined }): {
    readonly traceparent: string | undefined;
    run(work: () => void): void;
    end(fact: { status: number; route: string }): void;
  };
}

/** Where log lines go. */
export type RuntimeLogger = Readonly<
  Record<'debug' | 'warn' | 'error', (fields: Readonly<Record<string, unknown>>, message: string) => void>
>;
