import { z } from 'zod';

/** The closed list of event types of the native protocol. */
export const EVENT_TYPES = [
  'page.view', 'page.leave',
  'ui.click', 'ui.input', 'ui.scroll', 'ui.focus', 'ui.blur', 'ui.submit',
  'state.change', 'api.request', 'api.response', 'journey.step',
  'error', 'performance', 'identify', 'alias', 'group', 'custom',
] as const; // prettier-ignore
export type EventType = (typeof EVENT_TYPES)[number];

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
 * The flat form of a native event, as documented for clients. Any key may also be given nested
 * (`{"event":{"type":…}}`). The hot path uses the hand-written validator of `domain/event`; a property test keeps the two equal.
 */
export const nativeEventSchema = z.object({
  event_id: z.string().min(1).max(INGEST_LIMITS.idLength).optional(),
  'event.type': z.enum(EVENT_TYPES),
  'event.name': id.optional(),
  'event.timestamp': z.union([z.string().max(64), z.number()]).optional(),
  'event.sequence': z.number().int().min(0).max(Number.MAX_SAFE_INTEGER).optional(),
  'session.id': id.optional(),
  'user.id': id.optional(),
  'anonymous.id': id.optional(),
  'page.path': text.optional(),
  'page.title': text.optional(),
  'page.url': text.optional(),
  'page.referrer': text.optional(),
  'ui.component.name': text.optional(),
  'ui.component.path': text.optional(),
  'ui.component.type': text.optional(),
  'ui.action': text.optional(),
  'ui.element': text.optional(),
  'ui.element.text': text.optional(),
  'ui.state.key': text.optional(),
  'ui.state.before': z.unknown().optional(),
  'ui.state.after': z.unknown().optional(),
  'gen_ai.journey.id': id.optional(),
  'gen_ai.step.id': id.optional(),
  'gen_ai.step.name': id.optional(),
  'api.method': text.optional(),
  'api.route': text.optional(),
  'api.status': z.number().int().min(0).max(32_767).optional(),
  'api.duration_ms': milliseconds.optional(),
  'error.type': text.optional(),
  'error.message': text.optional(),
  'error.stack': text.optional(),
  duration_ms: milliseconds.optional(),
  properties: object.optional(),
  metadata: object.optional(),
  context: object.optional(),
  groups: z.record(z.string(), id).optional(),
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
  errors: { index: number; event_id: string | null; code: string; message: string }[];
}
