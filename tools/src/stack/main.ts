import { Command, InvalidArgumentError, Option } from 'commander';
import { join } from 'node:path';
import { checksum } from './cache.ts';
import { lockKafka } from './kafka-lock.ts';
import { follow } from './logs.ts';
import { killAll, stacksFolder } from './places.ts';
import type { PortChoice } from './ports.ts';
import { logTail } from './process.ts';
import { only, profiles, SERVER_KINDS, type Plan, type Profile, type ServerName } from './profiles.ts';
import { asEnvironment, asStatus } from './print.ts';
import { Stack } from './stack.ts';
import { readState } from './state.ts';
import { startStack } from './up.ts';

/** `npm run stack -- <command>`: the Growth and Scale tiers on this machine. */
const root = join(import.meta.dirname, '../../..');

interface Named {
  readonly name: string;
}

interface UpOptions extends Named {
  readonly portBase?: number;
  readonly only?: readonly ServerName[];
  readonly without: readonly ServerName[];
  /** False with `--no-apps`. */
  readonly apps: boolean;
  readonly fullJit?: boolean;
  readonly json?: true;
  readonly env?: true;
}

/** Checkouts do not share stacks. */
const stackName = ({ name }: Named): string => `${name}-${checksum(root).slice(0, 8)}`;
const folderOf = (options: Named): string => join(stacksFolder(), stackName(options));
const open = (options: Named): Stack => {
  if (!readState(folderOf(options))) throw new Error('No stack is up here: `npm run stack -- up growth|scale`.');
  return new Stack(folderOf(options));
};

async function up(profile: Profile, options: UpOptions): Promise<void> {
  endWithSignals(options);
  const kinds = (options.only ?? SERVER_KINDS).filter((kind) => !options.without.includes(kind));
  const ports: PortChoice = options.portBase === undefined ? 'free' : { base: options.portBase };
  const stack = await startStack({
    name: stackName(options),
    plan: only(planOf(profile, options), withProduct(kinds, options) ? [...kinds, 'product'] : kinds),
    temporary: false,
    ports,
    environment: process.env,
    say: (text) => console.error(text),
  });
  if (options.json) console.log(JSON.stringify(describe(stack), undefined, 2));
  else if (options.env) console.log(asEnvironment(stack.settings));
  else console.log(`${asStatus(stack.status())}\n\n${asEnvironment(stack.settings)}\n\nData and logs: ${stack.folder}`);
}

/** The product runs when all servers that it needs do. */
const withProduct = (kinds: readonly ServerName[], { apps }: UpOptions): boolean =>
  apps && SERVER_KINDS.every((kind) => kind === 's3' || kinds.includes(kind));

function planOf(profile: Profile, { fullJit = false }: UpOptions): Plan {
  const plan = profiles[profile];
  return fullJit ? { ...plan, kafka: { ...plan.kafka, fullJit } } : plan;
}

const describe = (stack: Stack): object => ({
  folder: stack.folder,
  settings: stack.settings,
  ports: stack.ports,
  external: stack.state().external,
  processes: stack.status(),
});

/** Told to end while it starts a stack, it takes along what it has started. */
function endWithSignals(options: Named): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => {
      const state = readState(folderOf(options));
      void (state ? killAll(folderOf(options), state) : Promise.resolve([])).then(() => process.exit(130));
    });
  }
}

function status(options: Named & { readonly json?: true }): void {
  const stack = open(options);
  const { external } = stack.state();
  if (options.json) console.log(JSON.stringify(describe(stack), undefined, 2));
  else console.log([asStatus(stack.status()), ...external.map((kind) => `${kind}: your own`)].join('\n'));
}

async function logs(name: string, options: Named & { lines: number; follow?: true }): Promise<void> {
  const stack = open(options);
  stack.requireProcess(name);
  console.log(logTail(stack.folder, name, options.lines));
  if (options.follow) await follow(stack.folder, name, process.stdout);
}

const kindsFrom = (text: string): ServerName[] =>
  text.split(',').map((word) => {
    const kind = SERVER_KINDS.find((known) => known === word.trim());
    if (!kind) throw new InvalidArgumentError(`It is a list of ${SERVER_KINDS.join(', ')}.`);
    return kind;
  });

function wholeNumber(text: string): number {
  if (!/^\d+$/u.test(text)) throw new InvalidArgumentError('It is a whole number.');
  return Number(text);
}

const program = new Command('npm run stack --').description(
  'The servers of the Growth and Scale tiers on this machine.',
);
const command = (words: string, about: string): Command =>
  program
    .command(words)
    .description(about)
    .option('--name <name>', 'one of several stacks of this checkout', 'default');

command('up', 'starts the servers; those that the environment names are taken as they are')
  .addArgument(program.createArgument('<profile>', 'what to start').choices(Object.keys(profiles)))
  .option('--port-base <port>', 'ports from this one on, instead of free ones', wholeNumber)
  .option('--only <kinds>', 'only these, for example kafka,redis', kindsFrom)
  .option('--without <kinds>', 'all but these', kindsFrom, [])
  .option('--no-apps', 'the servers alone, without the product’s processes')
  .option('--full-jit', 'brokers with the best compiler of Java, for benchmarks')
  .addOption(new Option('--json', 'prints everything as JSON').conflicts('env'))
  .option('--env', 'prints only the settings, for `export $(…)` or a file')
  .action(up);
command('status', 'what runs, on which port, with how much memory').option('--json', 'as JSON').action(status);
command('logs <process>', 'the log of one process')
  .option('-n, --lines <count>', 'how many of the last lines', wholeNumber, 50)
  .option('-f, --follow', 'and those that come')
  .action(logs);
command('down', 'ends everything that was started, and removes data and logs')
  .option('--keep', 'keeps data, logs and ports for the next `up`')
  .action((options: Named & { keep?: true }) => open(options).down({ keep: options.keep ?? false }));
for (const [verb, about] of Object.entries({
  kill: 'SIGKILL, as when its machine is gone',
  stop: 'graceful stop',
  start: 'starts it again, with the same data and ports',
  restart: 'graceful stop and start',
  pause: 'SIGSTOP: keeps its connections and answers nothing',
  resume: 'goes on after pause',
}) as ['kill' | 'stop' | 'start' | 'restart' | 'pause' | 'resume', string][]) {
  command(`${verb} <process>`, about).action((name: string, options: Named) => open(options)[verb](name));
}
program.command('lock-kafka').description('writes the checksums of the jars that the pom names').action(lockKafka);

try {
  await program.parseAsync();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
