/*
 * What the sample access log says, worked out without any code of the product: plain Node, a few lines per answer.
 * Used by sample.e2e.ts; also runs alone: node e2e/src/support/access-log-oracle.mjs <log.gz>
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

const LINE =
  /^(\S+) \S+ \S+ \[(\d+)\/(\w+)\/(\d+):(\d+:\d+:\d+) ([+-]\d\d)(\d\d)\] "(\S+) (\S+)[^"]*" (\d+) (\S+) "([^"]*)" "([^"]*)"$/;
const MINUTES_30 = 30 * 60_000;

/** @param {string} path the gzipped log */
export function readLog(path) {
  const lines = gunzipSync(readFileSync(path)).toString('utf8').trimEnd().split('\n');
  const events = lines.flatMap((text, index) => {
    const m = LINE.exec(text);
    if (m === null) return [];
    const [, ip, day, month, year, time, zoneHours, zoneMinutes, method, url, status, , , agent] = m;
    const at = Date.parse(`${day} ${month} ${year} ${time} ${zoneHours}${zoneMinutes}`);
    const page = url.split('?')[0];
    const name = page.split('/').at(-1);
    const isPage =
      method === 'GET' && /^(2..|304)$/.test(status) && (!name.includes('.') || /\.(html|htm|xhtml|php)$/.test(name));
    const user = createHash('sha256').update(`${ip}\n${agent}`).digest('hex').slice(0, 32);
    return [{ at, line: index + 1, user, page, type: isPage ? 'page.view' : 'api.request' }];
  });
  events.sort((a, b) => a.at - b.at || a.line - b.line);
  const byUser = Map.groupBy ? Map.groupBy(events, (e) => e.user) : groupBy(events, (e) => e.user);
  return { lines: lines.length, unreadable: lines.length - events.length, events, byUser };
}

function groupBy(items, key) {
  const groups = new Map();
  for (const item of items) groups.set(key(item), [...(groups.get(key(item)) ?? []), item]);
  return groups;
}

/** A pause of more than 30 minutes begins a new session. */
export function sessions({ byUser }) {
  let count = 0;
  for (const events of byUser.values())
    count += events.filter((e, i) => i === 0 || e.at - events[i - 1].at > MINUTES_30).length;
  return count;
}

/** Calendar day of an instant in a time zone, as YYYY-MM-DD. */
export function dayIn(timeZone, at) {
  return new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(at);
}

/** Page views per calendar day: { '2015-05-17': n, … }. */
export function pageViewsPerDay({ events }, timeZone) {
  const days = {};
  for (const e of events)
    if (e.type === 'page.view') days[dayIn(timeZone, e.at)] = (days[dayIn(timeZone, e.at)] ?? 0) + 1;
  return days;
}

/** Users per step when the pages are viewed in this order, all within `window` ms of the first; every first page starts an attempt. */
export function funnel({ byUser }, pages, window) {
  const reached = pages.map(() => 0);
  for (const events of byUser.values()) {
    const views = events.filter((e) => e.type === 'page.view');
    const depths = views.map((start, i) => {
      if (start.page !== pages[0]) return 0;
      let step = 1;
      for (const e of views.slice(i + 1)) if (e.at - start.at <= window && e.page === pages[step]) step++;
      return step;
    });
    for (let step = 0; step < Math.max(0, ...depths); step++) reached[step]++;
  }
  return reached;
}

/** Per first day of a user: how many there are, and how many view a page on the 1st, 2nd, … day after it. */
export function firstTimeRetention({ byUser }, timeZone) {
  const cohorts = {};
  for (const events of byUser.values()) {
    const days = [...new Set(events.filter((e) => e.type === 'page.view').map((e) => dayIn(timeZone, e.at)))].sort();
    for (const day of days) {
      const age = (Date.parse(day) - Date.parse(days[0])) / 86_400_000;
      (cohorts[days[0]] ??= {})[age] = ((cohorts[days[0]] ?? {})[age] ?? 0) + 1;
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
