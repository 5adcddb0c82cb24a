import { createHash } from 'node:crypto';

const MADE = /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/**
 * Id of a session made here: SHA-256 over project, user key and the id of the event that opened it, in the form of a UUID of
 * version 8 (RFC 9562: custom), so that made ids can be told from clients' (which use versions 4 and 7, or no UUIDs).
 * @param attempt 0; settlement counts up when the id already belongs to another session of the user
 */
export function madeSessionId(
  owner: { readonly projectId: string; readonly userKey: string },
  eventId: string,
  attempt = 0,
): string {
  const text = [owner.projectId, owner.userKey, eventId, ...(attempt === 0 ? [] : [String(attempt)])].join('\0');
  const hex = createHash('sha256').update(text).digest('hex');
  const variant = ((parseInt(hex.charAt(16), 16) & 0x3) | 0x8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** True for ids of the form that {@link madeSessionId} gives. */
export function isMadeSessionId(sessionId: string): boolean {
  return MADE.test(sessionId);
}
