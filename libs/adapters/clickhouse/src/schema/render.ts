/** What the tables are made for. */
export interface Topology {
  /** As in `system.clusters`; null = one server by itself. */
  readonly cluster: string | null;
  /** Keeper is there: tables are replicated, and statements run on the whole cluster. */
  readonly replicated: boolean;
}

/** Blocks whose tokens are remembered per table and shard: at 80 blocks a second 10 minutes. */
const DEDUPLICATION_BLOCKS = 50_000;
/** Seconds for which replicated tables remember them at most. */
const DEDUPLICATION_SECONDS = 7 * 86_400;

/**
 * One template for every topology. Places:
 * `{{on cluster}}`, `{{engine ReplacingMergeTree(version)}}`, `{{deduplication}}`, `{{over events_local}}` (engine that reads it on all shards).
 * Statements end with `;` at the end of a line; `--` at the start of a line is a comment.
 * @throws TypeError for a place that is not known
 */
export function renderStatements(template: string, topology: Topology): string[] {
  const text = template
    .replaceAll(/^\s*--.*\n/gmu, '')
    .replaceAll(/\{\{([^{}]+)\}\}/gu, (_, place: string) => fill(place, topology));
  return text
    .split(/;\s*$/mu)
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '');
}

function fill(place: string, topology: Topology): string {
  const [verb = '', ...rest] = place.split(' ');
  const render = PLACES[verb];
  if (render === undefined) throw new TypeError(`A migration has an unknown place {{${place}}}`);
  return render(topology, rest.join(' '));
}

const PLACES: Readonly<Record<string, (topology: Topology, what: string) => string>> = {
  on: ({ cluster, replicated }) => (replicated && cluster !== null ? `ON CLUSTER '${cluster}'` : ''),
  deduplication: ({ replicated }) => deduplication(replicated),
  engine: ({ replicated }, engine) => (replicated ? replicatedEngine(engine) : engine),
  over: ({ cluster }, table) =>
    cluster === null
      ? `Merge(currentDatabase(), '^${table}$')`
      : `Distributed('${cluster}', currentDatabase(), '${table}')`,
};

/** The path in Keeper holds database and table, so that a replica that is added later finds the others. */
function replicatedEngine(engine: string): string {
  const [, name = engine, args = ''] = /^(\w+)(?:\((.*)\))?$/u.exec(engine) ?? [];
  const place = `'/clickhouse/tables/{shard}/{database}/{table}', '{replica}'`;
  return `Replicated${name}(${args === '' ? place : `${place}, ${args}`})`;
}

function deduplication(replicated: boolean): string {
  return replicated
    ? `replicated_deduplication_window = ${DEDUPLICATION_BLOCKS}, replicated_deduplication_window_seconds = ${DEDUPLICATION_SECONDS}`
    : `non_replicated_deduplication_window = ${DEDUPLICATION_BLOCKS}`;
}
