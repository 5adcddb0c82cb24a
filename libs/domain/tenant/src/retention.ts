import type { Project } from './tenant.ts';

const DAY = 86_400_000;

/**
 * Unix ms before which a project's events have expired; null = never. By the event's time, whatever way it came in: historical
 * events that are older are deleted by the next run.
 */
export function retentionCutoff(project: Pick<Project, 'retentionDays'>, now: number): number | null {
  return project.retentionDays === null ? null : now - project.retentionDays * DAY;
}

/** True when an event of that time would be dropped at once. Historical events are taken whatever their age, and deleted like all others. */
export function isExpired(project: Pick<Project, 'retentionDays'>, timestamp: number, now: number): boolean {
  const cutoff = retentionCutoff(project, now);
  return cutoff !== null && timestamp < cutoff;
}
