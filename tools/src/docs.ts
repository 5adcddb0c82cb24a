import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { errorCodesTable } from '@productgraph/contracts';
import { allSettings, configTable, pipelineSettings } from '@productgraph/platform-config';
import { createTelemetry, metricsTable } from '@productgraph/platform-telemetry';

/**
 * `npm run docs`: writes the tables that are made from code between `<!-- made:<name> -->` and `<!-- /made -->`.
 * Specs beside the code fail when a table is not what this would write.
 */
const root = join(import.meta.dirname, '../..');

const silent = { debug: ignore, info: ignore, warn: ignore, error: ignore };

function ignore(): void {
  // Nothing is logged while a catalogue is only listed.
}

const tables: Readonly<Record<string, () => string>> = {
  configuration: () => configTable(allSettings),
  pipeline: () => configTable(pipelineSettings),
  errors: errorCodesTable,
  metrics: () => metricsTable(createTelemetry({ logger: silent, now: Date.now, runtimeMetrics: false }).docs),
};

const pages: Readonly<Record<string, string>> = {
  'README.md': '',
  'docs/configuration.md': `# Configuration

Everything is set by environment variables. An empty variable counts as not set. Wrong values stop the process at the
start, all of them listed at once; \`--check-config\` only checks and exits with 0 or 1.

## Starter and the command line

<!-- made:configuration -->
<!-- /made -->

## Growth and Scale

The processes \`ingestion\`, \`event-writer\`, \`session-processor\` and \`graphql\` take the settings of the port, telemetry, sessions and questions
above, and those of the servers that each needs: \`node dist/<app>/main.js --help\` lists them.

<!-- made:pipeline -->
<!-- /made -->
`,
  'docs/error-codes.md': `# Error codes

The list is closed: the ports give these codes and no others. HTTP ports answer \`{"error":{"code","message","request_id"}}\`, GraphQL puts
the code into \`extensions.code\`. A code with a status refuses the whole request; the others are verdicts on one event, listed in the
answer's \`errors\`: its neighbours are stored, and it is kept in quarantine with its reason.

<!-- made:errors -->
<!-- /made -->
`,
  'docs/metrics.md': `# Metrics

\`GET /metrics\` in the Prometheus text format. Besides these there are the usual \`process_*\` and \`nodejs_*\` metrics.
No label carries a project, user or key, so the number of series stays bounded.

<!-- made:metrics -->
<!-- /made -->
`,
};

/** Prettier would align the columns, and then the page would not be what this writes. */
const asIs = (table: string): string => `<!-- prettier-ignore-start -->\n\n${table}\n\n<!-- prettier-ignore-end -->`;

const MADE = /<!-- made:(\w+) -->\n[^]*?<!-- \/made -->/g;

function current(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

for (const [page, template] of Object.entries(pages)) {
  const path = join(root, page);
  const before = current(path);
  const after = (before ?? template).replaceAll(MADE, (_, name: string) => {
    const table = tables[name];
    if (table === undefined) throw new Error(`${page}: there is no table "${name}".`);
    return `<!-- made:${name} -->\n${asIs(table())}\n<!-- /made -->`;
  });
  if (after === '' || after === before) continue;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, after);
  console.log(`Wrote ${page}`);
}
