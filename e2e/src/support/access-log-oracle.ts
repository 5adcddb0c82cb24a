/*
 * What the sample access log says, worked out without any code of the product: plain Node, a few lines per answer.
 * Used by sample.e2e.ts; also runs alone: node e2e/src/support/access-log-oracle.ts <log.gz>
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

const LINE =
  /^(?<ip>\S+) \S+ \S+ \[(?<time>[^\]]+)\] "(?<method>\S+) (?<url>\S+)[^"]*" (?<status>\d+) \S+ "[^"]*" "(?<agent>[^"]*)"$/;
const MINUTES_30 = 30 * 60_000;

interface Request {
  readonly at: number;
  readonly line: number;
  readonly user: string;
  readonly page: string;
  readonly type: 'page.view' | 'api.request';
}

/** The log's readable lines as requests in order of time, and per user. */
export interface Log {
  readonly lines: number;
  readonly unreadable: number;
  readonly events: readonly Request[];
  readonly byUser: ReadonlyMap<string, readonly Request[]>;
}

interface Parts {
  readonly ip: string;
  readonly time: string;
  readonly method: string;
  readonly url: string;
  readonly status: string;
  readonly agent: string;
}

function parse(text: string, line: number): Request[] {
  const m = LINE.exec(text)?.groups as Parts | undefined;
  if (m === undefined) return [];
  const page = m.url.replace(/\?.*/, '');
  const name = page.replace(/.*\//, '');
  const isPage = m.method === 'GET' && /^(2..|304)$/.test(m.status) && /^[^.]*$|\.(html|htm|xhtml|php)$/.test(name);
  const user = createHash('sha256').update(`${m.ip}\n${m.agent}`).digest('hex').slice(0, 32);
  // 17/May/2015:10:05:03 +0000 → 17 May 2015 10:05:03 +0000
  const at = Date.parse(m.time.replaceAll('/', ' ').replace(':', ' '));
  return [{ at, line, user, page, type: isPage ? 'page.view' : 'api.request' }];
}

export function readLog(path: string): Log {
  const lines = gunzipSync(readFileSync(path)).toString('utf8').trimEnd().split('\n');
  const events = lines.flatMap((text, index) => parse(text, index + 1)).sort((a, b) => a.at - b.at || a.line - b.line);
  return {
    lines: lines.length,
    unreadable: lines.length - events.length,
    events,
    byUser: Map.groupBy(events, (e) => e.user),
  };
}

/** A pause of more than 30 minutes begins a new session. */
export function sessions({ byUser }: Log): number {
  const begins = (events: readonly Request[]) =>
    events.filter((e, i) => e.at - (events[i - 1]?.at ?? -Infinity) > MINUTES_30);
  return [...byUser.values()].flatMap(begins).length;
}

/** Calendar day of an instant in a time zone, as YYYY-MM-DD. */
export function dayIn(timeZone: string, at: number): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(at);
}

/** Page views per calendar day: { '2015-05-17': n, … }. */
export function pageViewsPerDay({ events }: Log, timeZone: string): Record<string, number> {
  const days: Record<string, number> = {};
  for (const e of events)
    if (e.type === 'page.view') days[dayIn(timeZone, e.at)] = (days[dayIn(timeZone, e.at)] ?? 0) + 1;
  return days;
}

/** Users per step when the pages are viewed in this order, all within `window` ms of the first; every first page starts an attempt. */
export function funnel({ byUser }: Log, pages: readonly string[], window: number): number[] {
  const depths = [...byUser.values()].map((events) => {
    const views = events.filter((e) => e.type === 'page.view');
    const attempts = views.map((start, i) => {
      if (start.page !== pages[0]) return 0;
      let step = 1;
      for (const e of views.slice(i + 1)) if (e.at - start.at <= window && e.page === pages[step]) step++;
      return step;
    });
    return Math.max(0, ...attempts);
  });
  return pages.map((_, step) => depths.filter((depth) => depth > step).length);
}

/** Per first day of a user: how many there are, and how many view a page on the 1st, 2nd, … day after it. */
export function firstTimeRetention({ byUser }: Log, timeZone: string): Record<string, Record<string, number>> {
  const cohorts: Record<string, Record<string, number>> = {};
  for (const events of byUser.values()) {
    const days = [...new Set(events.filter((e) => e.type === 'page.view').map((e) => dayIn(timeZone, e.at)))].sort();
    const cohort = days[0] === undefined ? {} : (cohorts[days[0]] ??= {});
    for (const day of days) {
      const age = String((Date.parse(day) - Date.parse(days[0] ?? '')) / 86_400_000);
      cohort[age] = (cohort[age] ?? 0) + 1;
    }
  }
  return cohorts;
}

if (process.argv[1] === import.meta.filename && process.argv[2] !== undefined) {
  const log = readLog(process.argv[2]);
  console.log({
    lines: log.lines,
    unreadable: log.unreadable,
    events: log.events.length,
    users: log.byUser.size,
    sessions: sessions(log),
  });
  for (const zone of ['UTC', 'America/New_York']) console.log(zone, pageViewsPerDay(log, zone));
  console.log(funnel(log, ['/', '/projects/xdotool/', '/projects/xdotool/xdotool.xhtml'], 86_400_000));
  console.log(firstTimeRetention(log, 'UTC'));
}
