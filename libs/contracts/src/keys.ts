import { createHash, randomInt } from 'node:crypto';

/** What a key may do: `pgw` write key (public, ingest only), `pgs` secret key (server side ingest, import), `pgt` API token (scoped). */
export const KEY_KINDS = ['pgw', 'pgs', 'pgt'] as const;
export type KeyKind = (typeof KEY_KINDS)[number];

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const BODY_LENGTH = 32;
const CHECK_LENGTH = 6;

/** Length of a key as text: prefix, underscore, 32 random characters, 6 check characters. */
export const KEY_LENGTH = 4 + BODY_LENGTH + CHECK_LENGTH;

function checksum(kind: KeyKind, body: string): string {
  let value =
    createHash('sha256').update(`${kind}_${body}`).digest().readUIntBE(0, 6) % ALPHABET.length ** CHECK_LENGTH;
  let text = '';
  for (let i = 0; i < CHECK_LENGTH; i++) {
    text = (ALPHABET[value % ALPHABET.length] ?? '') + text;
    value = Math.floor(value / ALPHABET.length);
  }
  return text;
}

/** A new random key of that kind (190 random bits, base62). */
export function generateKey(kind: KeyKind): string {
  let body = '';
  for (let i = 0; i < BODY_LENGTH; i++) body += ALPHABET[randomInt(ALPHABET.length)] ?? '';
  return `${kind}_${body}${checksum(kind, body)}`;
}

/** The kind of a well-formed key (prefix, length, alphabet, checksum), else `null`: catches typos without a look-up. */
export function keyKindOf(key: string): KeyKind | null {
  const kind = KEY_KINDS.find((k) => key.startsWith(`${k}_`));
  if (kind === undefined || key.length !== KEY_LENGTH) return null;
  const body = key.slice(4, 4 + BODY_LENGTH);
  return key.slice(4 + BODY_LENGTH) === checksum(kind, body) ? kind : null;
}

/** SHA-256 in hex: the only form in which a key is stored. */
export function hashKey(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

/** The part that may be shown in lists: kind and the first 6 random characters. */
export function visiblePrefix(key: string): string {
  return key.slice(0, 10);
}
