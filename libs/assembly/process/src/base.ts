import type { Clock } from '@productgraph/kernel';
import { createReadiness, part, systemClock, type Part, type Readiness } from '@productgraph/platform-runtime';
import type { ConfigOf, telemetrySettings } from '@productgraph/platform-config';
import {
  createLogger,
  createTelemetry,
  startTracing,
  type Telemetry,
  type Tracing,
} from '@productgraph/platform-telemetry';

/** What every part of a process may use from the first moment. */
export interface Base {
  readonly clock: Clock;
  /** 0 inclusive to 1 exclusive. */
  readonly random: () => number;
  readonly telemetry: Telemetry;
  readonly tracing: Part<Tracing>;
  readonly readiness: Readiness;
  /** Aborted when this process may not go on. */
  readonly broken: AbortController;
}

export type TelemetrySettings = ConfigOf<{ telemetry: typeof telemetrySettings }>['telemetry'];

/** Clock, telemetry, traces and readiness of a process. Tracing begins when its part is started. */
export function createBase(settings: TelemetrySettings): Base {
  const { logLevel: level, logFormat: format, otlpEndpoint: endpoint, serviceName, sampleRatio } = settings;
  const clock = systemClock;
  // Logs go to standard error: standard output has the words for people, keys among them.
  const logger = createLogger({ level, format, stream: process.stderr });
  return {
    clock,
    random: Math.random,
    telemetry: createTelemetry({ logger, now: () => clock.now() }),
    tracing: part('tracing', () => startTracing({ endpoint, serviceName, sampleRatio }), (it) => it.stop()), // prettier-ignore
    readiness: createReadiness(),
    broken: new AbortController(),
  };
}
