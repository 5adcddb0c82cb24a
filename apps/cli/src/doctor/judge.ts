import type { LedgerSums, LogStage, UnknownProject } from '@productgraph/adapter-postgres';
import { unaccounted } from '@productgraph/domain-ledger';
import { count } from '../output.ts';
import { fault, ok, warning, type Finding } from './finding.ts';

/** A group may be this late while it works normally: a session is emitted every 15 s, a batch takes a moment. */
const LATE_MS = 60_000;

/** The way of an event through the log: which group takes it from which topic, and what that means for people. */
const WAY = [
  { topic: 'events', group: 'event-writer', does: 'written to the event store' },
  { topic: 'events', group: 'session-processor', does: 'folded into sessions' },
  { topic: 'sessions', group: 'event-writer', does: 'sessions written' },
  { topic: 'quarantine', group: 'event-writer', does: 'refused events written' },
] as const;

/** Walks the stages and says where events stop, if they do. */
export function judgeStages(stages: readonly LogStage[], isRunning: boolean): Finding[] {
  const current = currentGenerations(stages);
  const received = sum(current.filter(({ topic }) => topic === 'events').map(({ high }) => high));
  if (current.length === 0) return [ok('received', 'nothing yet: the log has no topics')];
  const first = ok('received', `${count(received)} records in the log of events`);
  return [first, ...WAY.map(({ topic, group, does }) => judgeStep({ current, topic, group, does, isRunning }))];
}

function currentGenerations(stages: readonly LogStage[]): LogStage[] {
  const newest = new Map<string, number>();
  for (const { topic, generation } of stages) newest.set(topic, Math.max(generation, newest.get(topic) ?? 0));
  return stages.filter(({ topic, generation }) => newest.get(topic) === generation);
}

interface Step {
  readonly current: readonly LogStage[];
  readonly topic: string;
  readonly group: string;
  readonly does: string;
  readonly isRunning: boolean;
}

function judgeStep({ current, topic, group, does, isRunning }: Step): Finding {
  const partitions = current
    .filter((stage) => stage.topic === topic)
    .map((stage) => {
      const position = stage.groups.find((candidate) => candidate.group === group);
      const next = position?.next ?? stage.low;
      const behind = stage.high - next;
      return { partition: stage.partition, next, behind, ms: behind === 0 ? 0 : (position?.behindMs ?? LATE_MS + 1) };
    });
  const done = sum(partitions.map(({ next }) => next));
  const behind = sum(partitions.map((partition) => Math.max(0, partition.behind)));
  const ahead = partitions.find((partition) => partition.behind < 0);
  if (ahead !== undefined) {
    return fault(
      does,
      `${group} stands behind the end of ${topic}[${ahead.partition}]: the log was replaced by an older one`,
    );
  }
  if (behind === 0) return ok(does, `${count(done)} records of ${topic}, nothing left to do`);
  const slowest = partitions.reduce((worst, one) => (one.ms > worst.ms ? one : worst));
  const late = `${group} is ${count(behind)} records behind on ${topic}, partition ${slowest.partition} by ${time(slowest.ms)}`;
  if (!isRunning) return warning(does, `${late}: it goes on when the server runs`);
  if (slowest.ms <= LATE_MS) return ok(does, `${late}: normal while events come in`);
  return fault(does, `events stop here: ${late}; the server's log tells why (look for "${group}")`);
}

/** Accepted events must be stored or explained. */
export function judgeLedger(sums: LedgerSums): Finding {
  const { accepted, stored, duplicate, quarantinedLater, erased, rejected } = sums;
  const open = unaccounted(sums);
  const figures = `${count(accepted)} accepted = ${count(stored)} stored + ${count(duplicate)} duplicate + ${count(quarantinedLater)} quarantined later + ${count(erased)} erased; ${count(rejected)} refused`;
  if (open === 0) return ok('ledger', `${figures} (last 7 days)`);
  return fault('ledger', `${count(open)} events are unaccounted for: ${figures}. Please report this`);
}

/** Events of projects that do not exist are kept under no tenant. */
export function judgeUnknownProjects(projects: readonly UnknownProject[]): Finding {
  const check = 'unknown projects';
  if (projects.length === 0) return ok(check, 'every event belongs to a project (last 7 days)');
  const named = projects.slice(0, 5).map(({ projectId, events, refused }) => {
    return `${projectId} (${count(events)} events, ${count(refused)} refused)`;
  });
  if (projects.length > named.length) named.push(`${count(projects.length - named.length)} more`);
  return warning(
    check,
    `events came for projects that are not in this database, and nobody can see them: ${named.join(', ')}; was it restored from an older backup?`,
  );
}

/** @param ms how far the other clock is ahead of this machine's */
export function judgeClock(whose: string, ms: number): Finding {
  const off = `${whose} is ${time(Math.abs(ms))} ${ms > 0 ? 'ahead of' : 'behind'} this machine`;
  if (Math.abs(ms) <= 2_000) return ok('clock', `${whose} and this machine agree`);
  if (Math.abs(ms) <= 60_000) return warning('clock', `${off}: let NTP set both`);
  return fault('clock', `${off}: times of events will be wrong; let NTP set both`);
}

const GB = 1024 ** 3;

export function judgeDisk(folder: string, free: number): Finding {
  const left = `${(free / GB).toFixed(1)} GB free in ${folder}`;
  if (free < GB) return fault('disk', `only ${left}: the log will soon refuse events; free some space`);
  return free < 5 * GB ? warning('disk', `only ${left}`) : ok('disk', left);
}

export function judgeMigrations(state: { readonly missing: readonly string[]; readonly applied: number }): Finding {
  const { missing, applied } = state;
  if (missing.length === 0) return ok('migrations', `all ${applied} are applied`);
  return fault('migrations', `not applied: ${missing.join(', ')}; run "productgraph migrate" or start the server`);
}

export function judgeGrants(missing: readonly string[]): Finding {
  if (missing.length === 0) return ok('grants', 'the roles have what they need, row-level security is in force');
  return fault('grants', `missing: ${missing.join('; ')}`);
}

/** `/ready` of a server. */
export interface ReadyAnswer {
  readonly ready: boolean;
  readonly missing: readonly string[];
  readonly parts: Readonly<Record<string, { readonly state: string; readonly detail?: string }>>;
}

export function judgeReady(url: string, answer: ReadyAnswer | null): Finding {
  if (answer === null) return fault('server', `nothing answers at ${url}: start the server or name another --url`);
  const said = Object.entries(answer.parts)
    .filter(([, { state }]) => state !== 'ok')
    .map(([name, { state, detail }]) => `${name} is ${state}${detail === undefined ? '' : ` (${detail})`}`);
  if (!answer.ready) return fault('server', `${url} is not ready: ${said.join(', ') || 'it starts or stops'}`);
  return said.length === 0
    ? ok('server', `${url} is ready`)
    : warning('server', `${url} is ready, but ${said.join(', ')}`);
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

function time(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 120_000) return `${Math.round(ms / 1_000)} s`;
  return ms < 7_200_000 ? `${Math.round(ms / 60_000)} min` : `${Math.round(ms / 3_600_000)} h`;
}
