import type { IncomingHttpHeaders } from 'node:http';

const BEARER = /^bearer\s+(\S+)\s*$/i;
const BASIC = /^basic\s+([A-Za-z0-9+/=_-]+)\s*$/i;

/**
 * The API key of a request: `X-PG-API-Key`, `Authorization: Bearer`, the user of `Authorization: Basic`, or `?key=`, in this order.
 * Null when none was sent.
 */
export function keyOf(headers: IncomingHttpHeaders, query: string): string | null {
  const own = headers['x-pg-api-key'];
  if (typeof own === 'string' && own !== '') return own.trim();
  const authorized = headers.authorization === undefined ? null : authorizedBy(headers.authorization);
  if (authorized !== null || query === '') return authorized;
  const asked = new URLSearchParams(query).get('key');
  return asked === '' ? null : asked;
}

function authorizedBy(authorization: string): string | null {
  const bearer = BEARER.exec(authorization)?.[1];
  if (bearer !== undefined) return bearer;
  const basic = BASIC.exec(authorization)?.[1];
  return basic === undefined ? null : userOf(basic);
}

function userOf(basic: string): string | null {
  const user = Buffer.from(basic, 'base64').toString('utf8').split(':')[0] ?? '';
  return user === '' ? null : user;
}
