import { cpSync, existsSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cached, checksum, readSums, sumFaults } from './cache.ts';
import { brokerProperties, log4j, metaProperties, type BrokerPorts } from './kafka-config.ts';
import { runMaven } from './maven.ts';
import { pickPorts } from './ports.ts';
import { logTail, spawnDetached, stop } from './process.ts';
import { runProgram } from './programs.ts';
import { brokersOf, until, waitReady } from './ready.ts';
import { subfolder, type ServerKind } from './run.ts';
import type { Launch } from './state.ts';

const lock = join(import.meta.dirname, 'lock');

/** Named whole, so that no list of plugins is looked up; its version is in the pom. */
const PLUGIN = 'org.apache.maven.plugins:maven-dependency-plugin';

/** Programs of Kafka in the cache. */
interface Installed {
  readonly classpath: string;
  /** Class data archive: half of a broker's start is loading classes. */
  readonly archive: string;
}

interface Plan {
  readonly brokers: number;
  readonly fullJit?: boolean;
}

const names = (brokers: number): string[] => Array.from({ length: brokers }, (_, at) => `kafka-${at + 1}`);

/** Apache Kafka without ZooKeeper: each broker is controller too, in racks az-a, az-b, az-c. */
export const kafka: ServerKind<Plan> = {
  ports: ({ brokers }) =>
    names(brokers).flatMap((name) => [name, `${name}-controller`, `${name}-proxied`, `${name}-advertised`]),
  install,
  start: async ({ folder, port, launch, say }, { brokers, fullJit = false }) => {
    const installed = await install(say);
    const ports = names(brokers).map((name) => ({
      clients: port(name),
      controller: port(`${name}-controller`),
      proxied: port(`${name}-proxied`),
      advertised: port(`${name}-advertised`),
    }));
    const launches = ports.map((_, at) => brokerLaunch({ folder, node: at + 1, ports, installed, fullJit }));
    await Promise.all(launches.map(launch));
    const known = async (): Promise<boolean> => (await brokersOf(ports[0]?.clients ?? 0)).length === brokers;
    await until('Kafka brokers that see each other', known);
    return {
      KAFKA_BROKERS: ports.map(({ clients }) => `127.0.0.1:${clients}`).join(','),
    };
  },
};

async function install(say: (text: string) => void): Promise<Installed> {
  const java = await runProgram('java', ['-version'], { from: 'Java 17 or newer: Debian openjdk-17-jre-headless' });
  const pom = readFileSync(join(lock, 'kafka.pom.xml'), 'utf8');
  const sums = readFileSync(join(lock, 'kafka.sha256'), 'utf8');
  const jars = await cached({
    name: 'kafka',
    from: [pom, sums],
    fill: async (folder) => {
      say('Kafka: downloading by Maven…');
      await downloadJars(folder, say);
      const faults = sumFaults(folder, globSync('*.jar', { cwd: folder }), readSums(sums));
      if (faults.length > 0) throw new Error(`Kafka's jars are not those of kafka.sha256: ${faults.join('; ')}`);
    },
  });
  const classpath = [...readSums(sums).keys()].map((name) => join(jars, name)).join(':');
  const archived = await cached({
    name: 'kafka-classes',
    from: [classpath, checksum(sums), java],
    fill: async (folder) => {
      say('Kafka: archiving its classes for faster starts…');
      await archiveClasses(classpath, join(folder, 'kafka.jsa'));
    },
  });
  return { classpath, archive: join(archived, 'kafka.jsa') };
}

/** The jars that the pom names with all they need, into an empty folder. */
export async function downloadJars(folder: string, say: (text: string) => void): Promise<void> {
  const project = mkdtempSync(join(tmpdir(), 'productgraph-kafka-'));
  try {
    cpSync(join(lock, 'kafka.pom.xml'), join(project, 'pom.xml'));
    const args = ['-q', '-B', `${PLUGIN}:copy-dependencies`, `-DoutputDirectory=${folder}`];
    await runMaven({ args, cwd: project, say });
  } finally {
    rmSync(project, { recursive: true, force: true });
  }
}

/** Runs one broker to its start and ends it; Java writes the classes that it has loaded at its end. */
async function archiveClasses(classpath: string, archive: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'productgraph-kafka-'));
  try {
    const picked = await pickPorts(['clients', 'controller', 'proxied', 'advertised'], 'free');
    const ports = [picked as Record<keyof BrokerPorts, number>];
    const launch = brokerLaunch({ folder, node: 1, ports, installed: { classpath, archive }, archiving: true });
    const id = spawnDetached(folder, launch);
    try {
      await waitReady(folder, launch, id);
    } finally {
      await stop(id, { ...launch, stopWithinMs: 60_000 });
    }
    if (!existsSync(archive)) throw new Error(`Java wrote no class archive:\n${logTail(folder, launch.name, 15)}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface BrokerLaunch {
  readonly folder: string;
  readonly node: number;
  readonly ports: readonly BrokerPorts[];
  readonly installed: Installed;
  readonly archiving?: boolean;
  readonly fullJit?: boolean;
}

function brokerLaunch({ folder, node, ports, installed, archiving, fullJit }: BrokerLaunch): Launch {
  const name = `kafka-${node}`;
  const data = subfolder(folder, 'data', name);
  const config = subfolder(folder, 'config', name);
  const meta = join(data, 'meta.properties');
  if (!existsSync(meta)) writeFileSync(meta, metaProperties(node, 'productgraph'));
  writeFileSync(join(config, 'server.properties'), brokerProperties({ node, ports, dataFolder: data }));
  writeFileSync(join(config, 'log4j2.xml'), log4j);
  return {
    name,
    kind: 'kafka',
    command: 'java',
    args: [
      '-Xms64m',
      '-Xmx256m',
      '-XX:+UseSerialGC',
      ...(fullJit ? [] : ['-XX:TieredStopAtLevel=1']),
      archiving ? `-XX:ArchiveClassesAtExit=${installed.archive}` : `-XX:SharedArchiveFile=${installed.archive}`,
      '-Xlog:disable',
      '-Xlog:all=error:stderr',
      `-Dlog4j2.configurationFile=${join(config, 'log4j2.xml')}`,
      '-cp',
      installed.classpath,
      'kafka.Kafka',
      join(config, 'server.properties'),
    ],
    cwd: data,
    env: { PATH: process.env.PATH ?? '', LC_ALL: 'C' },
    ready: { by: 'kafka', port: ports[node - 1]?.clients ?? 0, node },
    readyWithinMs: 120_000,
  };
}
