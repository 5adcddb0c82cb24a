import { createLifecycle, type Component } from '@productgraph/kernel';
import type { Part, Startable } from '@productgraph/platform-runtime';
import type { Base } from './base.ts';
import type { ServerSettings } from './http.ts';

export interface FlowOptions {
  readonly base: Base;
  /** What happens from the first moment to the last; stopping goes through the same list backwards. */
  readonly parts: readonly Component[];
  /** Told at the start. */
  readonly warnings: readonly string[];
  readonly server: Pick<ServerSettings, 'drainTimeoutMs'>;
  /** One of the parts: the open port. */
  readonly http: Part<{ readonly url: string }>;
  /** Work of the start for which all parts are needed; until it is done the process is not ready. */
  readonly prepare?: (signal: AbortSignal) => Promise<void>;
}

/** A process as an ordered list of parts, telling what becomes of them. */
export function startable({ base, parts, warnings, server, http, prepare }: FlowOptions): Startable {
  const { telemetry, readiness, clock, broken } = base;
  const facts = telemetry.process;
  const began = clock.now();
  for (const message of warnings) facts.warned({ message });
  const lifecycle = createLifecycle(parts, {
    onStarted: (name) => facts.componentStarted(name),
    onStopped: (name) => facts.componentStopped(name),
    onStopFailed: (name, error) => facts.componentStopFailed(name, error),
  });
  return {
    lifecycle,
    stopTimeoutMs: server.drainTimeoutMs,
    broken: broken.signal,
    async run(signal) {
      await prepare?.(signal);
      readiness.phase('running');
      facts.started({ url: http.value.url, seconds: (clock.now() - began) / 1000 });
    },
    onStopping: (reason) => facts.stopping({ reason }),
    onUnexpected: (error, where) => facts.unexpected({ error, where }),
  };
}
