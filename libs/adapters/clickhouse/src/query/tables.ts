/** What statements read, and for whom: tables of the connection's database. */
export interface Reading {
  readonly orgId: string;
  readonly events: string;
  readonly sessions: string;
}

/** On any server: the rows of all shards. */
export function ofAllShards(orgId: string): Reading {
  return { orgId, events: 'events', sessions: 'sessions' };
}

/** On a server of the shard on which a project lies: its rows, without a way through other servers. */
export function ofOwnShard(orgId: string): Reading {
  return { orgId, events: 'events_local', sessions: 'sessions_local' };
}
