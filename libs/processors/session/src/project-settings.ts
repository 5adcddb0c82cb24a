import { DEFAULT_SESSION_SETTINGS, sessionSettings, type SessionSettings } from '@productgraph/domain-session';
import type { ProjectDirectory } from '@productgraph/domain-tenant';
import type { Clock } from '@productgraph/kernel';
import type { SessionTelemetry } from './telemetry.ts';

/** Session settings of projects, known before they are needed, at most 30 s old while the directory answers. */
export interface ProjectSettings {
  /** Reads what is missing or old. @throws what the directory threw, when nothing older is known */
  prepare(projectIds: Iterable<string>): Promise<void>;
  /** Settings of a prepared project; the defaults for one that does not exist (any more). */
  get(projectId: string): SessionSettings;
}

export interface ProjectSettingsDeps {
  readonly directory: ProjectDirectory;
  readonly clock: Clock;
  readonly telemetry: Pick<SessionTelemetry, 'settingsStale'>;
  /** Default 30,000. */
  readonly refreshMs?: number;
}

interface Known {
  readonly settings: SessionSettings;
  readonly readAt: number;
}

export function createProjectSettings(deps: ProjectSettingsDeps): ProjectSettings {
  const { directory, clock, telemetry, refreshMs = 30_000 } = deps;
  const known = new Map<string, Known>();

  async function refresh(projectId: string, old: Known | undefined): Promise<void> {
    try {
      const project = await directory.find(projectId);
      const settings = project === null ? DEFAULT_SESSION_SETTINGS : sessionSettings(project);
      known.set(projectId, { settings, readAt: clock.now() });
    } catch (error) {
      if (old === undefined) throw error;
      telemetry.settingsStale({ projectId, ageMs: clock.now() - old.readAt, error });
    }
  }

  return {
    async prepare(projectIds) {
      const now = clock.now();
      const work: Promise<void>[] = [];
      for (const projectId of new Set(projectIds)) {
        const old = known.get(projectId);
        if (old === undefined || now - old.readAt >= refreshMs) work.push(refresh(projectId, old));
      }
      await Promise.all(work);
    },
    get: (projectId) => known.get(projectId)?.settings ?? DEFAULT_SESSION_SETTINGS,
  };
}
