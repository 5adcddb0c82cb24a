import type { IngestLimits, KeyKind } from '@productgraph/contracts';

export interface Organisation {
  readonly id: string;
  readonly name: string;
  readonly createdAt: number;
}

/** Budgets of a project; null = no bound. */
export interface Quota {
  readonly eventsPerSecond: number | null;
  readonly eventsPerMonth: number | null;
}

export interface Project {
  readonly id: string;
  readonly orgId: string;
  readonly name: string;
  /** IANA name; all buckets are cut in it. */
  readonly timeZone: string;
  /** Days that events are kept; null = for ever. */
  readonly retentionDays: number | null;
  /** Idle time that ends a session made here, minutes. 1 to 1,440; default 30. */
  readonly sessionIdleMinutes: number;
  /** Greatest length of a session made here, hours. 1 to 72; default 24. */
  readonly sessionMaxHours: number;
  /** Only the limits that the project lowers. */
  readonly limits: Partial<IngestLimits>;
  readonly quota: Quota;
  readonly createdAt: number;
}

/** owner: everything; admin: all but deleting the organisation and owners; analyst: ask and save; viewer: ask. */
export const ROLES = ['owner', 'admin', 'analyst', 'viewer'] as const;
export type Role = (typeof ROLES)[number];

/** A key as stored: never the secret itself. */
export interface ApiKey {
  readonly id: string;
  readonly orgId: string;
  /** Null only for API tokens of a whole organisation. */
  readonly projectId: string | null;
  readonly kind: KeyKind;
  readonly name: string;
  /** Visible part, e.g. `pgw_a1B2c3`. */
  readonly prefix: string;
  /** Of API tokens; null for write and secret keys. */
  readonly role: Role | null;
  /** Origins that browsers may send from; empty = any. */
  readonly allowedOrigins: readonly string[];
  readonly createdAt: number;
  readonly disabledAt: number | null;
  readonly revokedAt: number | null;
}

export interface Member {
  readonly id: string;
  readonly orgId: string;
  readonly email: string;
  readonly role: Role;
  readonly createdAt: number;
}

/** Who is asking: resolved from an API token once per request. */
export interface Principal {
  readonly keyId: string;
  readonly orgId: string;
  /** Null = every project of the organisation. */
  readonly projectId: string | null;
  readonly role: Role;
}
