import { expect, it } from 'vitest';
import { serverConfig, usersConfig } from './clickhouse-config.ts';

it('renders a shard', () => {
  const ports = [
    { http: 8101, native: 9101 },
    { http: 8102, native: 9102 },
  ];
  expect(serverConfig({ shard: 2, ports, usersFile: '/config/users.xml' })).toBe(`<clickhouse>
  <logger><console>1</console></logger>
  <user_directories><users_xml><path>/config/users.xml</path></users_xml></user_directories>
  <users_config>/config/users.xml</users_config>
  <macros>
    <cluster>productgraph</cluster>
    <shard>2</shard>
    <replica>1</replica>
  </macros>
  <remote_servers>
    <productgraph>
      <secret>productgraph-local</secret>
      <shard>
        <internal_replication>true</internal_replication>
        <replica><host>127.0.0.1</host><port>9101</port></replica>
      </shard>
      <shard>
        <internal_replication>true</internal_replication>
        <replica><host>127.0.0.1</host><port>9102</port></replica>
      </shard>
    </productgraph>
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
`);
});

it('renders who may come', () => {
  expect(usersConfig()).toBe(`<clickhouse>
  <users>
    <default>
      <password></password>
      <networks><ip>127.0.0.1</ip></networks>
      <profile>default</profile>
      <quota>default</quota>
    </default>
    <productgraph>
      <password>productgraph</password>
      <networks><ip>127.0.0.1</ip></networks>
      <profile>default</profile>
      <quota>default</quota>
    </productgraph>
  </users>
  <profiles>
    <default>
      <max_threads>2</max_threads>
      <max_memory_usage>1073741824</max_memory_usage>
    </default>
  </profiles>
  <quotas><default/></quotas>
</clickhouse>
`);
});
