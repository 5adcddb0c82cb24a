import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';

/** Short, so that a changed allow-list shows soon. */
const PREFLIGHT_SECONDS = '600';

/** What `/v1/events` may be asked with. */
export const EVENTS_METHODS = 'POST, OPTIONS';

/** Headers that let a page of any origin read the answer; whether a key may be used from there is decided with the key. */
export function corsHeaders(headers: IncomingHttpHeaders): OutgoingHttpHeaders | null {
  const { origin } = headers;
  if (origin === undefined) return null;
  return {
    'access-control-allow-origin': origin,
    'access-control-allow-credentials': 'true',
    // Else a page cannot see when to try again.
    'access-control-expose-headers': 'retry-after, x-request-id',
    vary: 'Origin',
  };
}

/** Answer to a preflight: mirrors what the browser asks for. */
export function preflightHeaders(headers: IncomingHttpHeaders): OutgoingHttpHeaders {
  return {
    ...corsHeaders(headers),
    'access-control-allow-methods': EVENTS_METHODS,
    'access-control-allow-headers':
      headers['access-control-request-headers'] ?? 'content-type, content-encoding, authorization, x-pg-api-key',
    'access-control-max-age': PREFLIGHT_SECONDS,
    'content-length': '0',
  };
}
