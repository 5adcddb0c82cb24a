/** One server of the cluster. */
export interface ShardPorts {
  readonly http: number;
  readonly native: number;
}

/** What the configuration of one server is made of. */
export interface ShardOptions {
  /** From 1. */
  readonly shard: number;
  /** Of all shards, in their order. */
  readonly ports: readonly ShardPorts[];
  readonly usersFile: string;
}

/** Name of the cluster in `remote_servers`, and of the user and password that clients come with. */
export const CLUSTER = 'productgraph';
export const USER = 'productgraph';
export const PASSWORD = 'productgraph';

/** Servers of the cluster know each other by it; queries between them then run as the user who asked. */
const SECRET = 'productgraph-local';

/** `config.xml` of a server. Caches and pools are for a machine that runs everything. */
export function serverConfig({ shard, ports, usersFile }: ShardOptions): string {
  return `<clickhouse>
  <logger><console>1</console></logger>
  <user_directories><users_xml><path>${usersFile}</path></users_xml></user_directories>
  <users_config>${usersFile}</users_config>
  <macros>
    <cluster>${CLUSTER}</cluster>
    <shard>${shard}</shard>
    <replica>1</replica>
  </macros>
  <remote_servers>
    <${CLUSTER}>
      <secret>${SECRET}</secret>
${ports.map(remoteShard).join('\n')}
    </${CLUSTER}>
  </remote_servers>
  <max_server_memory_usage>2147483648</max_server_memory_usage>
  <mark_cache_size>67108864</mark_cache_size>
  <index_mark_cache_size>16777216</index_mark_cache_size>
  <uncompressed_cache_size>0</uncompressed_cache_size>
  <mmap_cache_size>100</mmap_cache_size>
  <max_connections>256</max_connections>
  <background_pool_size>2</background_pool_size>
  <background_schedule_pool_size>4</background_schedule_pool_size>
  <merge_tree>
    <number_of_free_entries_in_pool_to_execute_mutation>2</number_of_free_entries_in_pool_to_execute_mutation>
    <number_of_free_entries_in_pool_to_lower_max_size_of_merge>2</number_of_free_entries_in_pool_to_lower_max_size_of_merge>
    <number_of_free_entries_in_pool_to_execute_optimize_entire_partition>2</number_of_free_entries_in_pool_to_execute_optimize_entire_partition>
  </merge_tree>
</clickhouse>
`;
}

function remoteShard({ native }: ShardPorts): string {
  return `      <shard>
        <internal_replication>true</internal_replication>
        <replica><host>127.0.0.1</host><port>${native}</port></replica>
      </shard>`;
}

/** `users.xml`: who may come, from this machine only, and what one query may take. */
export function usersConfig(): string {
  return `<clickhouse>
  <users>
${[user('default', ''), user(USER, PASSWORD)].join('\n')}
  </users>
  <profiles>
    <default>
      <max_threads>2</max_threads>
      <max_memory_usage>1073741824</max_memory_usage>
    </default>
  </profiles>
  <quotas><default/></quotas>
</clickhouse>
`;
}

function user(name: string, password: string): string {
  return `    <${name}>
      <password>${password}</password>
      <networks><ip>127.0.0.1</ip></networks>
      <profile>default</profile>
      <quota>default</quota>
    </${name}>`;
}
