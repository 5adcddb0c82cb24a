import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checksum } from './cache.ts';
import { downloadJars } from './kafka.ts';

/** Writes `kafka.sha256`: one line per jar that the pom brings, as `sha256sum` would. */
export async function lockKafka(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'productgraph-jars-'));
  try {
    await downloadJars(folder, console.log);
    const jars = globSync('*.jar', { cwd: folder }).sort();
    const lines = jars.map((name) => `${checksum(readFileSync(join(folder, name)))}  ${name}\n`);
    writeFileSync(join(import.meta.dirname, 'lock/kafka.sha256'), lines.join(''));
    console.log(`${jars.length} jars`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
