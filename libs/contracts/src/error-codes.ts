import { EVENT_TYPES } from './event-types.ts';

/** How an error code reaches the outside: HTTP status of a whole-request fault, or `null` where it only marks one event. */
export interface ErrorCodeInfo {
  readonly status: number | null;
  /** One sentence for the docs: what happened and what to do. */
  readonly meaning: string;
}

/**
 * The closed list of error codes. `docs/error-codes.md` is checked against it.
 * A status makes it a whole-request fault; `null` marks a per-event verdict (the request still answers 202).
 */
export const ERROR_CODES = {
  malformed_body: {
    status: 400,
    meaning: 'The body is not JSON or NDJSON of the documented shape, or its compression is broken.',
  },
  invalid_request: { status: 400, meaning: 'A query parameter, argument or option has a value that is not allowed.' },
  missing_key: { status: 401, meaning: 'No API key was sent.' },
  invalid_key: { status: 401, meaning: 'The key or token is unknown, revoked, or mistyped.' },
  key_disabled: { status: 403, meaning: 'The key exists but is disabled.' },
  origin_not_allowed: { status: 403, meaning: "The request's origin is not on the key's allow-list." },
  forbidden: { status: 403, meaning: 'The key, token or role may not do this.' },
  not_found: { status: 404, meaning: 'There is nothing at this address, or nothing that the caller may see.' },
  method_not_allowed: { status: 405, meaning: 'The route exists but not for this HTTP method.' },
  conflict: { status: 409, meaning: 'The thing exists already, or was changed by someone else meanwhile.' },
  too_many_events: { status: 413, meaning: 'More events than one request may carry (default 1,000): split the batch.' },
  body_too_large: { status: 413, meaning: 'The body is larger than allowed after decompression (default 10 MB).' },
  unsupported_encoding: { status: 415, meaning: 'Content-Encoding is not one of gzip, zstd, br, deflate, identity.' },
  quota_exceeded: { status: 429, meaning: "The project's quota or rate is used up: wait for Retry-After seconds." },
  query_too_expensive: {
    status: 422,
    meaning: 'The query is deeper, costlier or longer than its budget: the message names the budget.',
  },
  unavailable: { status: 503, meaning: 'The event log cannot store events now: retry after Retry-After seconds.' },
  internal_error: {
    status: 500,
    meaning: 'An unexpected fault in the server. Its request id is in the answer and in the log.',
  },
  invalid_event: { status: null, meaning: 'The event is not a JSON object, or a field has the wrong type.' },
  invalid_type: { status: null, meaning: `\`event.type\` is missing or none of ${EVENT_TYPES.join(', ')}.` },
  missing_name: { status: null, meaning: '`event.name` is required when `event.type` is custom.' },
  missing_identity: {
    status: null,
    meaning: 'None of user.id, anonymous.id, session.id is present (placeholders count as absent).',
  },
  invalid_event_id: { status: null, meaning: '`event_id` is not a string of 1 to 200 characters.' },
  invalid_timestamp: { status: null, meaning: '`event.timestamp` is neither ISO 8601 nor epoch milliseconds.' },
  timestamp_out_of_range: {
    status: null,
    meaning: 'The time is older than the retention (and the batch is not historical) or before 2000.',
  },
  field_too_long: { status: null, meaning: 'A string field is longer than allowed (ids and names: 200 characters).' },
  event_too_large: { status: null, meaning: 'The event is larger than allowed (default 100 KB).' },
  properties_too_deep: {
    status: null,
    meaning: 'One of properties, metadata, context, groups nests deeper than 16 levels or holds more than 1,000 keys.',
  },
  invalid_text: { status: null, meaning: 'A string holds U+0000 or half of a surrogate pair.' },
  historical_not_allowed: { status: 403, meaning: '`historical` needs a secret key (pgs_…).' },
  unreadable_line: { status: null, meaning: 'A line of an imported file does not match the chosen format.' },
  store_refused: {
    status: null,
    meaning: 'The event store refused the row; the event is kept in quarantine with the reason.',
  },
} as const satisfies Record<string, ErrorCodeInfo>;

/** One of the documented codes. */
export type ErrorCode = keyof typeof ERROR_CODES;
