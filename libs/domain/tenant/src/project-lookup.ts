import { isUuid } from '@productgraph/contracts';
import type { ProjectDirectory } from './ports.ts';
import type { Project } from './tenant.ts';

const MAX_KNOWN = 10_000;

/**
 * Looks projects up and remembers what a store makes of each, which may not depend on its settings: a project never changes its
 * organisation. That a project is unknown (null) is not remembered, as it may have been made a moment ago.
 */
export function createProjectLookup<T extends object>(
  directory: ProjectDirectory,
  make: (project: Project) => T,
): (projectIds: Iterable<string>) => Promise<ReadonlyMap<string, T | null>> {
  const known = new Map<string, T>();
  return async (projectIds) => {
    const found = new Map<string, T | null>();
    for (const projectId of new Set(projectIds)) {
      let made = known.get(projectId) ?? null;
      if (made === null) {
        const project = isUuid(projectId) ? await directory.find(projectId) : null;
        made = project === null ? null : make(project);
        if (known.size >= MAX_KNOWN) known.clear();
        if (made !== null) known.set(projectId, made);
      }
      found.set(projectId, made);
    }
    return found;
  };
}
