const MB = 1024 * 1024;

const clamp = (value: number, low: number, high: number): number => Math.round(Math.min(high, Math.max(low, value)));
const megabytes = (bytes: number): string => `${Math.floor(bytes / MB)}MB`;

/**
 * Server settings for a machine that PostgreSQL shares with our own process.
 * @param memoryBytes memory of the machine (or of the container), bytes
 */
export function serverSettings(memoryBytes: number): Readonly<Record<string, string>> {
  return {
    // The usual quarter, but at most 1 GB: Starter's working set (log, hot months, state) is small, the rest serves the
    // operating system's cache, and dirty buffers make checkpoints longer.
    shared_buffers: megabytes(clamp(memoryBytes / 4, 64 * MB, 1024 * MB)),
    effective_cache_size: megabytes(clamp(memoryBytes / 2, 128 * MB, 64 * 1024 * MB)),
    maintenance_work_mem: megabytes(clamp(memoryBytes / 32, 32 * MB, 256 * MB)),
    // Per sort or hash, and an analytic query may hold a handful of them.
    work_mem: megabytes(clamp(memoryBytes / 256, 8 * MB, 32 * MB)),
    // What is acknowledged must survive a power cut (guarantee G2). Never lower these three.
    fsync: 'on',
    synchronous_commit: 'on',
    full_page_writes: 'on',
    // Rarer checkpoints: fewer full pages in the write-ahead log; at most 2 GB of it to replay after a crash.
    max_wal_size: '2GB',
    min_wal_size: '256MB',
    checkpoint_timeout: '15min',
    checkpoint_completion_target: '0.9',
    // Two pools of at most 16 connections each, the log's own, and room for a person with psql.
    max_connections: '64',
    // Every disk we run on is an SSD; compiling short queries costs more than it gives.
    random_page_cost: '1.1',
    jit: 'off',
    // Head rows and processor state change many times a second: dead rows must go soon.
    autovacuum_naptime: '15s',
    autovacuum_vacuum_cost_limit: '1000',
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    password_encryption: 'scram-sha-256',
    timezone: 'UTC',
    log_timezone: 'UTC',
    log_checkpoints: 'off',
    log_min_messages: 'warning',
    log_min_error_statement: 'panic',
    log_line_prefix: '%m [%p] ',
    lc_messages: 'C',
  };
}

/** The settings as arguments of `postgres`. */
export function asArguments(settings: Readonly<Record<string, string>>): string[] {
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}
