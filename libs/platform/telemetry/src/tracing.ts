import {
  type Attributes,
  context,
  ROOT_CONTEXT,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { formatTraceparent, parseTraceparent } from './traceparent.ts';

/** A request being served. */
export interface RequestSpan {
  /** What to put into log records, so that processors continue the trace; undefined when the request is not sampled. */
  readonly traceparent: string | undefined;
  /** Runs `work` with the span as the current one; what it awaits stays inside. */
  run(work: () => void): void;
  end(fact: { status: number; route: string }): void;
}

/** Traces: from a request through the log into the processors. */
export interface Tracing {
  /** Nothing is recorded: callers may skip what only prepares spans. */
  readonly isOff: boolean;
  /** @param request.traceparent the caller's W3C header, if it sent one */
  request(request: { method: string; traceparent: string | undefined }): RequestSpan;
  /**
   * Runs `work` in a span that continues the first of the traces and links to the others (128 at most).
   * Without any trace there is no span.
   */
  batch<T>(batch: BatchTrace, work: () => Promise<T>): Promise<T>;
  /** Sends what is left. */
  stop(): Promise<void>;
}

export interface BatchTrace {
  readonly name: string;
  readonly traceparents: readonly (string | undefined)[];
  readonly attributes: Attributes;
}

/** Traces are off: nothing is made, a caller's sampled trace is still handed on. */
export const noTracing: Tracing = {
  isOff: true,
  request: ({ traceparent }) => ({
    traceparent: sampled(parseTraceparent(traceparent)),
    run: (work) => work(),
    end: () => undefined,
  }),
  batch: (_batch, work) => work(),
  stop: () => Promise.resolve(),
};

function sampled(span: SpanContext | null): string | undefined {
  return span !== null && (span.traceFlags & 1) === 1 ? formatTraceparent(span) : undefined;
}

const MAX_LINKS = 128;

/** Traces through the registered OpenTelemetry SDK; `stop` shuts that down. */
export function createTracing(stop: () => Promise<void>): Tracing {
  const tracer = trace.getTracer('productgraph');
  return {
    isOff: false,
    request({ method, traceparent }) {
      const caller = parseTraceparent(traceparent);
      const parent = caller === null ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, caller);
      const attributes = { 'http.request.method': method };
      const span = tracer.startSpan(method, { kind: SpanKind.SERVER, attributes }, parent);
      return {
        traceparent: sampled(span.spanContext()),
        run: (work) => context.with(trace.setSpan(parent, span), work),
        end({ status, route }) {
          span.updateName(`${method} ${route}`);
          span.setAttributes({ 'http.response.status_code': status, 'http.route': route });
          if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
          span.end();
        },
      };
    },
    async batch({ name, traceparents, attributes }, work) {
      const [first, ...others] = distinct(traceparents);
      if (first === undefined) return work();
      const parent = trace.setSpanContext(ROOT_CONTEXT, first);
      const links = others.slice(0, MAX_LINKS).map((linked) => ({ context: linked }));
      const span = tracer.startSpan(name, { kind: SpanKind.CONSUMER, attributes, links }, parent);
      try {
        return await context.with(trace.setSpan(parent, span), work);
      } catch (error) {
        span.recordException(error instanceof Error ? error : String(error));
        span.setStatus({ code: SpanStatusCode.ERROR });
        throw error;
      } finally {
        span.end();
      }
    },
    stop,
  };
}

function distinct(traceparents: readonly (string | undefined)[]): SpanContext[] {
  return [...new Set(traceparents)].map(parseTraceparent).filter((span) => span !== null);
}
