import { existsSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { unpackDebs } from './apt.ts';
import { cached } from './cache.ts';
import { runProgram, tryProgram } from './programs.ts';

/** How Maven is run. */
interface MavenRun {
  readonly args: readonly string[];
  readonly cwd: string;
  /** Progress for the person who waits. */
  readonly say: (text: string) => void;
}

/** Settings of this machine, which hold mirrors and proxies; Maven itself reads those of the user. */
const MACHINE_SETTINGS = '/etc/maven/settings.xml';

/**
 * Runs Maven: `mvn` of the PATH, else Debian's, unpacked into the cache. Mirrors, proxies and the local repository are those of
 * the machine and the user either way (`/etc/maven/settings.xml`, `~/.m2/settings.xml`, `MAVEN_OPTS`).
 * @throws with what it printed, or what the machine lacks
 */
export async function runMaven({ args, cwd, say }: MavenRun): Promise<void> {
  const from = 'Debian: maven';
  if ((await tryProgram('mvn', ['--version'])) !== undefined) {
    await runProgram('mvn', args, { cwd, from });
    return;
  }
  const home = join(await install(say), 'usr/share/maven');
  const machine = existsSync(MACHINE_SETTINGS) ? ['--global-settings', MACHINE_SETTINGS] : [];
  await runProgram(join(home, 'bin/mvn'), [...machine, ...args], { cwd, from });
}

/** Debian's Maven in the cache: the folder that holds its `usr` and `etc`. */
function install(say: MavenRun['say']): Promise<string> {
  const name = 'maven.debs.sha256';
  const sums = readFileSync(join(import.meta.dirname, 'lock', name), 'utf8');
  return cached({
    name: 'maven',
    from: [sums],
    fill: async (fresh) => {
      say('Maven: downloading by apt-get…');
      const lacking = 'this is no Debian: install Maven, or set KAFKA_BROKERS';
      for (const note of await unpackDebs(fresh, { name, sums, lacking })) say(`Maven: ${note}`);
      // Its links say /etc/maven, which an installed package would bring.
      for (const [link, target] of LINKS) {
        rmSync(join(fresh, 'usr/share/maven', link));
        symlinkSync(target, join(fresh, 'usr/share/maven', link));
      }
    },
  });
}

const LINKS = [
  ['conf', '../../../etc/maven'],
  ['bin/m2.conf', '../../../../etc/maven/m2.conf'],
] as const;
