import type { BlockJournal } from '@productgraph/domain-event';
import type { ProjectDirectory } from '@productgraph/domain-tenant';
import type { ClickHouse } from '../client/connection.ts';

export interface ClickHouseStoreOptions {
  readonly clickhouse: ClickHouse;
  /** Heads, ledger and quarantine. */
  readonly journal: BlockJournal;
  readonly projects: ProjectDirectory;
  /** Projects whose rows are spread over shards by user. Default: none. */
  readonly spread?: readonly string[];
}
