import type { SessionRow, StoredEvent } from '@productgraph/contracts';
import type { QueryEngine } from '@productgraph/domain-query';
import { createMemoryQueryEngine } from './engine.ts';

/** An engine over rows of its own: a fixture of the contract suite, and the reference that other engines are held against. */
export interface FilledQueryEngine {
  readonly engine: QueryEngine;
  /** For every project. */
  readonly settledUpTo: number | null;
  /** A project that is not there yet, with its rows. */
  add(project: {
    readonly orgId: string;
    readonly projectId: string;
    readonly events: readonly StoredEvent[];
    readonly sessions: readonly SessionRow[];
  }): Promise<void>;
  close(): Promise<void>;
}

export function createFilledQueryEngine(settledUpTo: number | null): FilledQueryEngine {
  const events: StoredEvent[] = [];
  const sessions: SessionRow[] = [];
  const owners = new Map<string, string>();
  return {
    engine: createMemoryQueryEngine({
      events: () => events,
      sessions: () => sessions,
      orgOf: (projectId) => owners.get(projectId) ?? null,
      settledUpTo: () => settledUpTo,
    }),
    settledUpTo,
    add: async (project) => {
      events.push(...project.events);
      sessions.push(...project.sessions);
      owners.set(project.projectId, project.orgId);
    },
    close: async () => undefined,
  };
}
