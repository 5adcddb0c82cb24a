import { sha256Hex } from '@productgraph/contracts';
import { describe, expect, it } from 'vitest';
import { accessLogEvent, type AccessLogFormat } from './access-log.ts';

const REAL =
  '83.149.9.216 - - [17/May/2015:10:05:03 +0000] "GET /presentations/logstash-monitorama-2013/images/kibana-search.png HTTP/1.1" 200 203023 "http://semicomplete.com/presentations/logstash-monitorama-2013/" "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_9_1) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/32.0.1700.77 Safari/537.36"';

function read(line: string, format: AccessLogFormat = 'combined', number = 1): Record<string, unknown> {
  const result = accessLogEvent(Buffer.from(line), number, { format, label: 'access.log' });
  return result.kind === 'event' ? (JSON.parse(result.json) as Record<string, unknown>) : { ...result };
}

const combined = (request: string, status = 200): string =>
  `1.2.3.4 - frank [10/Oct/2000:13:55:36 -0700] "${request}" ${String(status)} - "-" "curl/8.1"`;

describe('access log', () => {
  it('takes a real line apart', () => {
    expect(read(REAL)).toMatchObject({
      event_id: sha256Hex(`access.log\n1\n${REAL}`).slice(0, 32),
      'event.type': 'api.request',
      'event.timestamp': Date.UTC(2015, 4, 17, 10, 5, 3),
      'event.sequence': 1,
      'page.path': '/presentations/logstash-monitorama-2013/images/kibana-search.png',
      'page.referrer': 'http://semicomplete.com/presentations/logstash-monitorama-2013/',
      'api.method': 'GET',
      'api.status': 200,
      properties: { bytes: 203023 },
    });
  });

  it('reads the zone of the line, and leaves out what the line leaves out', () => {
    const event = read(combined('GET /a?b=1 HTTP/1.0'));
    expect(event).toMatchObject({
      'event.timestamp': Date.UTC(2000, 9, 10, 20, 55, 36),
      'page.path': '/a',
      'api.route': '/a',
    });
    expect(event).not.toHaveProperty('page.referrer');
    expect(event).not.toHaveProperty('properties');
  });

  it.each([
    { request: 'GET / HTTP/1.1', status: 200, type: 'page.view' },
    { request: 'GET /projects/xdotool/ HTTP/1.1', status: 304, type: 'page.view' },
    { request: 'GET /xdotool.xhtml?q=a.png HTTP/1.1', status: 206, type: 'page.view' },
    { request: 'GET /v1.2/docs HTTP/1.1', status: 200, type: 'page.view' },
    { request: 'GET /style.css HTTP/1.1', status: 200, type: 'api.request' },
    { request: 'GET /moved HTTP/1.1', status: 301, type: 'api.request' },
    { request: 'GET /gone HTTP/1.1', status: 404, type: 'api.request' },
    { request: 'POST /form HTTP/1.1', status: 200, type: 'api.request' },
    { request: 'HEAD / HTTP/1.1', status: 200, type: 'api.request' },
  ])('$request with $status is a $type', ({ request, status, type }) => {
    expect(read(combined(request, status))['event.type']).toBe(type);
  });

  it.each([
    { name: 'not a log line', line: 'hello', message: 'the line is not in combined format' },
    { name: 'no request', line: combined('-'), message: 'the line holds no HTTP request' },
    {
      name: 'a month that is none',
      line: combined('GET / HTTP/1.1').replace('Oct', 'Okt'),
      message: 'the time is not readable',
    },
    { name: 'an unbalanced quote', line: REAL.slice(0, -1), message: 'the line is not in combined format' },
  ])('$name is unreadable', ({ line, message }) => {
    expect(read(line)).toEqual({ kind: 'unreadable', message });
  });

  it('skips blank lines', () => {
    expect(read('  \r')).toEqual({ kind: 'blank' });
  });

  it('gives equal lines different ids by their numbers, and the same line the same id', () => {
    expect(read(REAL, 'combined', 2).event_id).not.toBe(read(REAL).event_id);
    expect(read(REAL)).toEqual(read(REAL));
  });

  it('takes escaped quotes in an agent for what they are', () => {
    const line = combined('GET / HTTP/1.1').replace('curl/8.1', String.raw`a \"b\" c`);
    expect(read(line).context).toEqual({ user_agent: 'a "b" c' });
  });

  it('reads common format', () => {
    expect(read('1.2.3.4 - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 12', 'common')).toMatchObject({
      'event.type': 'page.view',
      properties: { bytes: 12 },
    });
  });

  it.each([
    { time_iso8601: '2015-05-17T10:05:03+02:00', request_method: 'GET', request_uri: '/a?b' },
    { msec: '1431849903.000', request: 'GET /a?b HTTP/2.0' },
    { time_local: '17/May/2015:08:05:03 +0000', request_method: 'GET', request_uri: '/a' },
  ])('reads nginx JSON: %o', (fields) => {
    const line = JSON.stringify({
      remote_addr: '::1',
      status: '200',
      body_bytes_sent: '7',
      http_user_agent: 'x',
      ...fields,
    });
    expect(read(line, 'nginx-json')).toMatchObject({
      'event.timestamp': Date.UTC(2015, 4, 17, 8, 5, 3),
      'page.path': '/a',
      'api.status': 200,
      properties: { bytes: 7 },
    });
  });

  it.each(['{', '{}', '{"remote_addr":"1","request":"GET / HTTP/1.1","status":"200"}'])(
    'refuses nginx line %s',
    (line) => {
      expect(read(line, 'nginx-json')).toMatchObject({ kind: 'unreadable' });
    },
  );
});
