import type { SpanContext } from '@opentelemetry/api';

/** Version 00 ends after the flags; a later version may go on after another dash. Version ff and ids of zeros are void. */
const PATTERN = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;

/**
 * A W3C `traceparent` (https://www.w3.org/TR/trace-context/), or null when it is absent or malformed:
 * then a new trace begins, as the specification wants.
 */
export function parseTraceparent(header: string | undefined): SpanContext | null {
  const [, traceId, spanId, flags, more] = PATTERN.exec(header ?? '') ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return null;
  if (more !== undefined && header?.startsWith('00') === true) return null;
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & 1, isRemote: true };
}

export function formatTraceparent({ traceId, spanId, traceFlags }: SpanContext): string {
  return `00-${traceId}-${spanId}-0${traceFlags & 1}`;
}
