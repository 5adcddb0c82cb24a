import { z } from 'zod';
import type { ErrorCode } from './error-codes.ts';
import { EVENT_TYPES } from './event-types.ts';

/**
 * Ids that broken clients send for "nobody". Compared lower-cased and trimmed; such an id counts as absent.
 * The list is closed: growing it changes who is one user.
 */
export const PLACEHOLDER_IDS = [
  '', '0', '-1', 'null', 'nil', 'none', 'undefined', 'nan', 'n/a', 'na', 'unknown', 'anonymous', 'guest', 'false', 'true',
  '[object object]', 'distinct_id', 'user_id', 'id', 'not_authenticated', 'unauthenticated', '00000000-0000-0000-0000-000000000000',
] as const; // prettier-ignore

/** Default limits of the ingest protocol; a project may lower but not raise them. */
export const INGEST_LIMITS = {
  /** Events per request. */
  events: 1_000,
  /** Bytes of a body after decompression. */
  bodyBytes: 10 * 1024 * 1024,
  /** Bytes of one event. */
  eventBytes: 100 * 1024,
  /** Characters of an id or a name. */
  idLength: 200,
  /** Characters of any other string column (paths, titles, messages; stacks included). */
  textLength: 8_192,
  /** Levels of nesting inside properties, metadata, context, groups. */
  depth: 16,
  /** Keys at all levels of one of these objects. */
  keys: 1_000,
} as const;

/** The limits in force for a project. */
export type IngestLimits = { readonly [K in keyof typeof INGEST_LIMITS]: number };

const id = z.string().max(INGEST_LIMITS.idLength);
const text = z.string().max(INGEST_LIMITS.textLength);
const object = z.record(z.string(), z.unknown());
const milliseconds = z.number().min(0);

/**
 * The flat form of a native event, as documented for clients; null counts as absent. Any key may also be given nested
 * (`{"event":{"type":…}}`). The hot path uses the hand-written reader of `domain/event`; a property test keeps the two equal.
 */
export const nativeEventSchema = z.object({
  event_id: z.string().min(1).max(INGEST_LIMITS.idLength).nullish(),
  'event.type': z.enum(EVENT_TYPES),
  'event.name': id.nullish(),
  'event.timestamp': z.union([z.string().max(64), z.number()]).nullish(),
  'event.sequence': z.number().int().min(0).max(Number.MAX_SAFE_INTEGER).nullish(),
  'session.id': id.nullish(),
  'user.id': id.nullish(),
  'anonymous.id': id.nullish(),
  'page.path': text.nullish(),
  'page.title': text.nullish(),
  'page.url': text.nullish(),
  'page.referrer': text.nullish(),
  'ui.component.name': text.nullish(),
  'ui.component.path': text.nullish(),
  'ui.component.type': text.nullish(),
  'ui.action': text.nullish(),
  'ui.element': text.nullish(),
  'ui.element.text': text.nullish(),
  'ui.state.key': text.nullish(),
  'ui.state.before': z.unknown().optional(),
  'ui.state.after': z.unknown().optional(),
  'gen_ai.journey.id': id.nullish(),
  'gen_ai.step.id': id.nullish(),
  'gen_ai.step.name': id.nullish(),
  'api.method': text.nullish(),
  'api.route': text.nullish(),
  'api.status': z.number().int().min(0).max(32_767).nullish(),
  'api.duration_ms': milliseconds.nullish(),
  'error.type': text.nullish(),
  'error.message': text.nullish(),
  'error.stack': text.nullish(),
  duration_ms: milliseconds.nullish(),
  properties: object.nullish(),
  metadata: object.nullish(),
  context: object.nullish(),
  groups: z.record(z.string(), id.nullable()).nullish(),
});
export type NativeEvent = z.infer<typeof nativeEventSchema>;

/** A field of {@link nativeEventSchema}, in its flat spelling. */
export type NativeField = keyof NativeEvent;

/** Answer of `POST /v1/events`. */
export interface IngestAnswer {
  accepted: number;
  rejected: number;
  /** Events of this request whose `event_id` came earlier in the same request; counted in `accepted`'s complement, stored once. */
  duplicate?: number;
  /** Named oddities that cost nothing: unknown top-level keys moved into properties, future timestamps replaced, … */
  warnings?: { code: string; count: number; message: string }[];
  errors: { index: number; event_id: string | null; code: ErrorCode; message: string }[];
}
