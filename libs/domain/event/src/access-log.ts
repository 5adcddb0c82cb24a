import { sha256Hex } from '@productgraph/contracts';

/** Formats of access logs: Apache's combined and common, and nginx JSON lines with nginx's own variable names as keys. */
export const ACCESS_LOG_FORMATS = ['combined', 'common', 'nginx-json'] as const;
export type AccessLogFormat = (typeof ACCESS_LOG_FORMATS)[number];

export interface AccessLogOptions {
  readonly format: AccessLogFormat;
  /** Names the source in event ids, so that two logs cannot collide and one log imported twice adds nothing. Default of the tools: the base name without .gz. */
  readonly label: string;
}

/** A line as a native event (JSON text on one line), as what it is not, or as nothing. */
export type AccessLogLine =
  | { readonly kind: 'event'; readonly json: string }
  | { readonly kind: 'unreadable'; readonly message: string }
  | { readonly kind: 'blank' };

interface Request {
  readonly ip: string;
  /** Unix milliseconds. */
  readonly at: number;
  readonly method: string;
  readonly url: string;
  readonly status: number;
  /** Of the response body; null = not told. */
  readonly bytes: number | null;
  readonly referrer: string | null;
  readonly userAgent: string | null;
}

const COMMON = String.raw`^(?<ip>\S+) \S+ (?:.*?) ?\[(?<time>[^\]]+)\] "(?<request>(?:[^"\\]|\\.)*)" (?<status>\d{3}) (?<bytes>\d+|-)`;
const PATTERNS: Readonly<Record<Exclude<AccessLogFormat, 'nginx-json'>, RegExp>> = {
  common: new RegExp(COMMON),
  combined: new RegExp(String.raw`${COMMON} "(?<referrer>(?:[^"\\]|\\.)*)" "(?<agent>(?:[^"\\]|\\.)*)"\s*$`),
};
const REQUEST_LINE = /^(?<method>[A-Z]+) (?<url>\S+)(?: HTTP\/[\d.]+)?$/;
const TIME = /^(\d{2})\/(\w{3})\/(\d{4}):(\d{2}:\d{2}:\d{2}) ([+-]\d{2})(\d{2})$/;

/** `17/May/2015:10:05:03 +0000` to Unix milliseconds, NaN when it is no such time. */
function parseLogTime(text: string): number {
  const [, day, month, year, time, hours, minutes] = TIME.exec(text) ?? [];
  return day === undefined
    ? Number.NaN
    : Date.parse(`${day} ${month ?? ''} ${year ?? ''} ${time ?? ''} ${hours ?? ''}${minutes ?? ''}`);
}

/** Apache escapes quotes and backslashes, and writes `-` for nothing. */
function logText(text: string | undefined): string | null {
  return text === undefined || text === '-' || text === '' ? null : text.replaceAll(/\\(["\\])/g, '$1');
}

interface ApacheParts {
  readonly ip: string;
  readonly time: string;
  readonly request: string;
  readonly status: string;
  readonly bytes: string;
  readonly referrer?: string;
  readonly agent?: string;
}

function parseApache(line: string, format: 'combined' | 'common'): Request | string {
  const parts = PATTERNS[format].exec(line)?.groups as ApacheParts | undefined;
  if (parts === undefined) return `the line is not in ${format} format`;
  const request = REQUEST_LINE.exec(parts.request)?.groups as { method: string; url: string } | undefined;
  if (request === undefined) return 'the line holds no HTTP request';
  return {
    ip: parts.ip,
    at: parseLogTime(parts.time),
    method: request.method,
    url: request.url,
    status: Number(parts.status),
    bytes: parts.bytes === '-' ? null : Number(parts.bytes),
    referrer: logText(parts.referrer),
    userAgent: logText(parts.agent),
  };
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' || typeof value === 'number' ? logText(String(value)) : null;
}

/** nginx's `time_iso8601`, `msec` (seconds), or `time_local`. */
function nginxTime(entry: Readonly<Record<string, unknown>>): number {
  const iso = textOf(entry.time_iso8601);
  if (iso !== null) return Date.parse(iso);
  const seconds = textOf(entry.msec);
  return seconds === null ? parseLogTime(textOf(entry.time_local) ?? '') : Math.round(Number(seconds) * 1000);
}

/** The first of the keys that holds something. */
function firstOf(entry: Readonly<Record<string, unknown>>, ...keys: readonly string[]): string | null {
  for (const key of keys) {
    const text = textOf(entry[key]);
    if (text !== null) return text;
  }
  return null;
}

function jsonObject(line: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : null;
  } catch {
    // Not JSON: the caller says so of the line.
    return null;
  }
}

/** Who asked for what; null when one of them is missing. */
function nginxRequest(entry: Readonly<Record<string, unknown>>): Pick<Request, 'ip' | 'method' | 'url'> | null {
  const request = REQUEST_LINE.exec(firstOf(entry, 'request') ?? '')?.groups;
  const parts = { url: request?.url, method: request?.method };
  const url = firstOf({ ...parts, ...entry }, 'request_uri', 'url', 'uri');
  const method = firstOf({ ...parts, ...entry }, 'request_method', 'method');
  const ip = firstOf(entry, 'remote_addr');
  return ip === null || url === null || method === null ? null : { ip, method, url };
}

function parseNginx(line: string): Request | string {
  const entry = jsonObject(line);
  if (entry === null) return 'the line is not a JSON object';
  const request = nginxRequest(entry);
  if (request === null) return 'remote_addr, request_method and request_uri (or request) are needed';
  const bytes = Number(firstOf(entry, 'body_bytes_sent', 'bytes_sent') ?? Number.NaN);
  return {
    ...request,
    at: nginxTime(entry),
    status: Number(firstOf(entry, 'status') ?? Number.NaN),
    bytes: Number.isNaN(bytes) ? null : bytes,
    referrer: firstOf(entry, 'http_referer'),
    userAgent: firstOf(entry, 'http_user_agent'),
  };
}

const PAGE_NAME = /^[^.]*$|\.(?:html|htm|xhtml|php)$/;

/** A page view: GET, 2xx or 304, and a last segment of the path without a dot or with a page's ending. */
function isPageView({ method, status }: Request, path: string): boolean {
  const shown = (status >= 200 && status < 300) || status === 304;
  return method === 'GET' && shown && PAGE_NAME.test(path.slice(path.lastIndexOf('/') + 1));
}

function toEvent(request: Request, identity: { readonly eventId: string; readonly line: number }): string {
  const path = request.url.split('?')[0] ?? '';
  return JSON.stringify({
    event_id: identity.eventId,
    'event.type': isPageView(request, path) ? 'page.view' : 'api.request',
    'event.timestamp': request.at,
    'event.sequence': identity.line,
    'anonymous.id': sha256Hex(`${request.ip}\n${request.userAgent ?? '-'}`).slice(0, 32),
    'page.path': path,
    ...(request.referrer !== null && { 'page.referrer': request.referrer }),
    'api.method': request.method,
    'api.route': path,
    'api.status': request.status,
    ...(request.bytes !== null && { properties: { bytes: request.bytes } }),
    ...(request.userAgent !== null && { context: { user_agent: request.userAgent } }),
  });
}

/**
 * One line of an access log as an event. Pure: the same label, number and bytes give the same event.
 * `event_id` = first 32 hex digits of SHA-256 of label, line feed, line number, line feed, the line's bytes: lines may repeat.
 * @param line without its line end
 * @param number from 1; becomes `event.sequence`
 */
export function accessLogEvent(line: Uint8Array, number: number, options: AccessLogOptions): AccessLogLine {
  const text = new TextDecoder().decode(line);
  if (text.trim() === '') return { kind: 'blank' };
  const request = options.format === 'nginx-json' ? parseNginx(text) : parseApache(text, options.format);
  if (typeof request === 'string') return { kind: 'unreadable', message: request };
  if (!Number.isFinite(request.at)) return { kind: 'unreadable', message: 'the time is not readable' };
  if (!Number.isInteger(request.status)) return { kind: 'unreadable', message: 'the status is not readable' };
  const eventId = sha256Hex(`${options.label}\n${String(number)}\n`, line).slice(0, 32);
  return { kind: 'event', json: toEvent(request, { eventId, line: number }) };
}
