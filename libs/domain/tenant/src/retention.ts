import type { Project } from './tenant.ts';

const DAY = 86_400_000;

/** Unix ms before which a project's events have expired; null = never. */
export function retentionCutoff(project: Pick<Project, 'retentionDays'>, now: number): number | null {
  return project.retentionDays === null ? null : now - project.retentionDays * DAY;
}

/** True when an event of that time would be dropped at once. Historical events are taken whatever their age. */
export function isExpired(project: Pick<Project, 'retentionDays'>, timestamp: number, now: number): boolean {
  const cutoff = retentionCutoff(project, now);
  return cutoff !== null && timestamp < cutoff;
}
