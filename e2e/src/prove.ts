import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { faultRound, type RoundReport } from './support/fault-round.ts';
import { startScale } from './support/scale.ts';

/*
 * `npm run prove -- --rounds 50 --seed 1`: rounds of faults under load on the whole Scale tier, each into a project of its own and looked at
 * by itself. What was found is kept after each round: the same command goes on where it was broken off. Ends with 1 at the first broken
 * promise. The report is docs/proofs/<seed>.md.
 */

const ROOT = join(import.meta.dirname, '../..');
const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '10' },
    seed: { type: 'string', default: '1' },
    events: { type: 'string', default: '200000' },
  },
});
const [rounds, seed, events] = [Number(values.rounds), Number(values.seed), Number(values.events)];
if (![rounds, seed, events].every((n) => Number.isSafeInteger(n) && n > 0)) {
  throw new Error('--rounds, --seed and --events are whole numbers above 0.');
}
const kept = join(ROOT, `.cache/proofs/${String(seed)}-${String(events)}.json`);
const page = join(ROOT, `docs/proofs/${String(seed)}.md`);

function save(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

const sum = (reports: readonly RoundReport[], of: (one: RoundReport) => number): number =>
  reports.reduce((total, one) => total + of(one), 0);

function reportOf(done: readonly RoundReport[]): string {
  const broken = done.flatMap((one) => one.broken);
  const rows = done.map((one) =>
    [
      one.seed,
      one.faults,
      one.acknowledged,
      one.refused,
      one.ambiguous,
      one.resends,
      one.stored,
      one.duplicate,
      one.unaccounted,
      one.seconds,
      one.drainSeconds,
      one.broken.length,
    ].join(' | '),
  );
  return `# Proof with seed ${String(seed)}

\`npm run prove -- --rounds ${String(rounds)} --seed ${String(seed)} --events ${String(events)}\`, ${new Date().toISOString().slice(0, 10)}, ${String(cpus().length)} cores,
${String(Math.round(totalmem() / 2 ** 30))} GiB, Node ${process.versions.node}; the servers of \`npm run stack -- up scale\` (docs/local-stack.md).

**${String(sum(done, (one) => one.acknowledged))} events acknowledged, ${String(sum(done, (one) => one.faults))} faults, ${String(broken.length)} promises broken.** Looked at after each round: every acknowledged event is on exactly one
shard exactly once with its properties digit by digit, no refused one is, the ledger adds up, sessions equal a single pass over what is stored, and the
backlog has drained by itself.

| seed | faults | acknowledged | refused | ambiguous | resends | stored | duplicate | unaccounted | seconds | to drain | broken |
| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
${rows.map((row) => `| ${row} |`).join('\n')}
${
  broken.length === 0
    ? ''
    : `\n${broken
        .slice(0, 50)
        .map((one) => `- ${one}`)
        .join('\n')}\n`
}`;
}

const done = existsSync(kept) ? (JSON.parse(readFileSync(kept, 'utf8')) as RoundReport[]) : [];
if (done.length > 0) console.error(`${String(done.length)} of ${String(rounds)} rounds were done before.`);
const tier = await startScale('prove', (text) => console.error(text));
try {
  while (done.length < rounds && done.every((one) => one.broken.length === 0)) {
    const round = done.length + 1;
    const say = (text: string): void =>
      console.error(`${new Date().toISOString()} round ${String(round)} of ${String(rounds)}: ${text}`);
    const report = await faultRound(tier, { seed: seed * 1_000 + round, events, say });
    done.push(report);
    save(kept, JSON.stringify(done));
    save(page, reportOf(done));
    say(JSON.stringify(report));
  }
} finally {
  await tier.stop();
}
process.exitCode = done.every((one) => one.broken.length === 0) ? 0 : 1;
