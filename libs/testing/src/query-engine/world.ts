import { uuidv7, type SessionRow, type StoredEvent } from '@productgraph/contracts';
import {
  type EventSelector,
  resolveQuestion,
  type AnswerMeta,
  type AnswerTo,
  type Asked,
  type Condition,
  type Filter,
  type Operator,
  type Question,
  type QueryEngine,
  type QueryOptions,
  type Scalar,
} from '@productgraph/domain-query';
import { BUILT_AT, sessionRow } from '../builders/rows.ts';
import { storedEvent } from '../stored-event.ts';

/** What one project holds. */
export interface QueryTenant {
  readonly orgId: string;
  readonly projectId: string;
  readonly events: readonly StoredEvent[];
  readonly sessions: readonly SessionRow[];
}

/** A query engine under test over a store that can be filled. */
export interface QueryEngineFixture {
  readonly engine: QueryEngine;
  /** What the engine is told about settlement, for every project. */
  readonly settledUpTo: number | null;
  /** Stores a project that is not there yet, with its rows. */
  add(tenant: QueryTenant): Promise<void>;
  close(): Promise<void>;
}

export type Kind = Question['kind'];
type Scoped = 'projectId' | 'from' | 'to';

/** Budget that no case of the suite reaches. */
export const AMPLE = { timeMs: 60_000, rows: 100_000 };

type Findings<K extends Kind> = Omit<AnswerTo<Extract<Question, { kind: K }>>, keyof AnswerMeta>;
type Given<K extends Kind> = Omit<Asked<K>, Scoped> & Partial<Pick<Asked<K> & Record<Scoped, unknown>, Scoped>>;

/** A project in the store, and a range that holds all of its events. */
export interface World {
  readonly tenant: QueryTenant;
  readonly engine: QueryEngine;
  /** Asks about the project and the range; answers what was found, without meta data. */
  ask<K extends Kind>(kind: K, given: Given<K>): Promise<Findings<K>>;
  /** The whole answer. */
  run<Q extends Question>(question: Q, options?: Partial<QueryOptions>): Promise<AnswerTo<Q>>;
  question<K extends Kind>(kind: K, given: Given<K>): Extract<Question, { kind: K }>;
}

type EventFields = Partial<StoredEvent> & { readonly timestamp: number };
type SessionFields = Partial<SessionRow>;

/** Events and sessions before they belong to a project. */
export interface Rows {
  readonly events: readonly EventFields[];
  readonly sessions?: readonly SessionFields[];
  /** Absent: the three days from 2024-03-30, UTC. */
  readonly range?: { readonly from: number; readonly to: number };
}

const RANGE = { from: Date.UTC(2024, 2, 30), to: Date.UTC(2024, 3, 2) };

export function tenantOf(rows: Rows): QueryTenant {
  const projectId = uuidv7(BUILT_AT);
  return {
    orgId: uuidv7(BUILT_AT),
    projectId,
    events: rows.events.map((event, i) => storedEvent({ projectId, eventId: `e${i + 1}`, ...event })),
    sessions: (rows.sessions ?? []).map((session) => sessionRow({ projectId, ...session })),
  };
}

export async function worldOf(fixture: QueryEngineFixture, rows: Rows): Promise<World> {
  const tenant = tenantOf(rows);
  await fixture.add(tenant);
  const { engine } = fixture;
  const range = rows.range ?? RANGE;
  const question = <K extends Kind>(kind: K, given: Given<K>): Extract<Question, { kind: K }> =>
    resolveQuestion(kind, { projectId: tenant.projectId, ...range, ...given } as unknown as Asked<K>);
  const run: World['run'] = (asked, options = {}) =>
    engine.run(asked, { orgId: tenant.orgId, budget: AMPLE, ...options });
  return {
    tenant,
    engine,
    question,
    run,
    ask: async (kind, given) => findingsOf(await run(question(kind, given))) as never,
  };
}

/** An answer without what it says about itself. */
export function findingsOf(answer: AnswerMeta): object {
  const { settledUpTo: _, sampled: _s, tookMs: _t, cached: _c, ...findings } = answer;
  return findings;
}

/** Unix ms of an ISO time, UTC unless it says otherwise; the year and month 2024-03 may be left out: `30T10:00`. */
export function at(text: string): number {
  const full = /^\d\dT/.test(text) ? `2024-03-${text}` : text;
  return Date.parse(/Z$|[+-]\d\d:\d\d$/.test(full) ? full : `${full}Z`);
}

export function where(field: string, operator: Operator, ...values: readonly Scalar[]): Condition {
  return { kind: 'condition', field, operator, values };
}

export const and = (...filters: readonly Filter[]): Filter => ({ kind: 'and', filters });
export const or = (...filters: readonly Filter[]): Filter => ({ kind: 'or', filters });
export const not = (filter: Filter): Filter => ({ kind: 'not', filter });
export const anyEvent = { type: null, name: null, filter: null } as const;
export const named = (name: string): EventSelector => ({ type: null, name, filter: null });
export const typed = (type: string): EventSelector => ({ type, name: null, filter: null });
