/**
 * npm run bench [-- stage …] [--rounds n] [--events n] [--minutes n] [--json path]
 * Ratios against floors measured in the same run (docs/benchmarks.md); prints a table and writes raw samples.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { pinSelf } from './harness/child.ts';
import { report, type StageResult } from './report.ts';
import { acceptStage } from './stages/accept.ts';
import { pathStage } from './stages/path.ts';
import { pipelineStage } from './stages/pipeline.ts';
import { produceStage } from './stages/produce.ts';
import { rlsStage } from './stages/rls.ts';
import { sessionsStage } from './stages/sessions.ts';
import { stabilityStage } from './stages/stability.ts';
import { storeStage } from './stages/store.ts';

interface Settings {
  readonly rounds: number;
  readonly minutes: number;
  /** Of one leg of `store` and `path`. */
  readonly events: number;
}

const STAGES: Readonly<Record<string, (settings: Settings) => Promise<StageResult[]>>> = {
  accept: async ({ rounds }) => {
    await pinSelf(1);
    return acceptStage(rounds);
  },
  pipeline: ({ rounds }) => pipelineStage(rounds),
  rls: ({ rounds }) => rlsStage(rounds * 3),
  stability: ({ minutes }) => stabilityStage(minutes),
  produce: ({ rounds }) => produceStage(rounds),
  sessions: ({ rounds, events }) => sessionsStage(rounds, events),
  store: ({ rounds, events }) => storeStage(rounds, events),
  path: ({ rounds, events }) => pathStage(rounds, events, Math.min(60, Math.max(10, events / 10_000))),
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '9' },
    minutes: { type: 'string', default: '15' },
    events: { type: 'string', default: '200000' },
    json: { type: 'string', default: fileURLToPath(new URL('../../.cache/bench/latest.json', import.meta.url)) },
  },
});

const chosen = positionals.length > 0 ? positionals : ['pipeline', 'rls', 'stability', 'accept'];
const unknown = chosen.filter((name) => !(name in STAGES));
if (unknown.length > 0) {
  process.stderr.write(`There is no stage ${unknown.join(', ')}: choose from ${Object.keys(STAGES).join(', ')}.\n`);
  process.exit(2);
}
const build = fileURLToPath(new URL('../../tools/src/build.ts', import.meta.url));
if (spawnSync(process.execPath, [build], { stdio: 'inherit' }).status !== 0) process.exit(1);

const settings: Settings = {
  rounds: Number(values.rounds),
  minutes: Number(values.minutes),
  events: Number(values.events),
};
const results: StageResult[] = [];
for (const name of chosen) {
  process.stderr.write(`${name} …\n`);
  results.push(...((await STAGES[name]?.(settings)) ?? []));
}
report(results, values.json);
process.exitCode = results.some((result) => result.met === false) ? 1 : 0;
