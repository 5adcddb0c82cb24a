import { ERROR_CODES } from '@productgraph/contracts';
import { ACCESS_LOG_FORMATS, type AccessLogFormat } from '@productgraph/domain-event';
import { ROLES } from '@productgraph/domain-tenant';
import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import { doctor } from './commands/doctor.ts';
import { accessLog, ndjson, type FileOptions } from './commands/import-formats.ts';
import { runImport } from './commands/import.ts';
import {
  changeKey,
  createKey,
  KINDS,
  listKeys,
  type CreateKeyOptions,
  type KeyChange,
  type KeyName,
  type ListKeysOptions,
} from './commands/keys.ts';
import { migrate } from './commands/migrate.ts';
import { createProject, listProjects, type CreateProjectOptions } from './commands/projects.ts';
import { replayQuarantine, type ReplayOptions } from './commands/replay.ts';
import { start } from './commands/start.ts';
import type { CliContext } from './context.ts';
import type { Result } from './output.ts';

/** Codes that are verdicts on one event, which quarantine keeps it with. */
const EVENT_CODES = Object.entries(ERROR_CODES).flatMap(([code, { status }]) => (status === null ? [code] : []));

/** Runs what a command line asks for, and prints it. Answers the exit code. */
export type Run = (work: (context: CliContext) => Promise<Result>) => Promise<void>;

/** The commands; each is one function from options to a result. */
export function createProgram(run: Run, exit: (code: number) => void): Command {
  const program = new Command('productgraph')
    .description('ProductGraph from the command line. Settings come from the environment: docs/configuration.md.')
    .option('--json', 'print the result as JSON')
    .showHelpAfterError('(--help shows what there is)')
    .configureHelp({ showGlobalOptions: true });
  program
    .command('start')
    .description('run everything in one process, in the foreground')
    .argument('[options...]', 'handed on, e.g. --check-config')
    .allowUnknownOption()
    .helpOption(false)
    .action(async (options: string[]) => exit(await start(options)));
  program
    .command('migrate')
    .description('bring the database up to date')
    .action(() => run(migrate));
  program
    .command('doctor')
    .description('check everything; exit code 1 when something is wrong')
    .addOption(urlOption())
    .action((options: { url?: string }) => run((context) => doctor(context, options)));
  addImports(program, run);
  addKeys(program, run);
  addProjects(program, run);
  addReplay(program, run);
  return program;
}

function addImports(program: Command, run: Run): void {
  const imports = program.command('import').description('load a file through the HTTP port; may be repeated');
  fileOptions(imports.command('access-log'))
    .description('a web server’s access log: page views and requests, sessions by address and browser')
    .addOption(new Option('--format <format>', 'of the lines').choices(ACCESS_LOG_FORMATS).default('combined'))
    .action((file: string, options: FileOptions & { format: AccessLogFormat }) =>
      run((context) => runImport(context, accessLog(file, options))),
    );
  fileOptions(imports.command('ndjson'))
    .description('native events, one JSON object a line')
    .option('--live', 'events are recent: they may not be older than the retention, and sessions wait for late events')
    .action((file: string, options: FileOptions & { live?: boolean }) =>
      run((context) => runImport(context, ndjson(file, options))),
    );
}

function fileOptions(command: Command): Command {
  return command
    .argument('<file>', 'path, also .gz, .zst, .br; - is standard input')
    .option('--label <name>', 'tells files apart; the same file under the same label adds nothing (default: its name)')
    .option('--key <key>', 'secret key (default: PRODUCTGRAPH_KEY, else one for the time of the import)')
    .option('--project <name or id>', 'where there are several and no key is given')
    .addOption(urlOption());
}

function addKeys(program: Command, run: Run): void {
  const keys = program.command('keys').description('API keys');
  keys
    .command('create')
    .description('make a key and show it once')
    .addArgument(new Argument('<kind>', 'what it may do').choices(Object.keys(KINDS)))
    .option('--name <name>', 'as lists show it')
    .option('--project <name or id>', 'where there are several')
    .option('--org <name or id>', 'a token for the whole organisation: all its projects')
    .addOption(new Option('--role <role>', 'of a token (default: analyst)').choices(ROLES))
    .option('--origin <origin...>', 'browsers may send from these only')
    .action((kind: KeyName, options: CreateKeyOptions) => run((context) => createKey(context, kind, options)));
  keys
    .command('list')
    .description('keys that are not revoked, newest first, without their secret part')
    .option('--project <name or id>', 'only of this one')
    .option('--all', 'revoked ones too')
    .action((options: ListKeysOptions) => run((context) => listKeys(context, options)));
  const changes: Readonly<Record<KeyChange, string>> = {
    revoke: 'end a key for good',
    disable: 'stop a key until it is enabled',
    enable: 'let a disabled key work again',
  };
  for (const [change, description] of Object.entries(changes) as [KeyChange, string][]) {
    keys
      .command(change)
      .description(description)
      .argument('<key>', 'id or visible beginning')
      .action((wanted: string) => run((context) => changeKey(context, wanted, change)));
  }
}

function addProjects(program: Command, run: Run): void {
  const projects = program.command('projects').description('projects');
  projects
    .command('create')
    .description('make a project with a key of each kind')
    .argument('<name>')
    .option('--org <name or id>', 'its organisation; made when there is none of that name')
    .option('--time-zone <zone>', 'IANA name (default: UTC)')
    .option('--retention-days <days>', 'how long events are kept (default: for ever)', wholeNumber)
    .action((name: string, options: CreateProjectOptions) => run((context) => createProject(context, name, options)));
  projects
    .command('list')
    .description('all projects')
    .action(() => run(listProjects));
}

function addReplay(program: Command, run: Run): void {
  program
    .command('replay')
    .description('send again what was refused')
    .command('quarantine')
    .description('refused events through ingestion, repaired if told how')
    .addOption(new Option('--code <code>', 'only those refused for this reason').choices(EVENT_CODES))
    .addOption(
      new Option('--stage <stage>', 'only those refused there').choices(['ingest', 'import', 'decode', 'store']),
    )
    .option('--fix <field=value...>', 'set a field of each event first; without a value it is removed')
    .option('--limit <entries>', 'at most so many', wholeNumber, 100_000)
    .option('--key <token>', 'API token (default: PRODUCTGRAPH_KEY, else one for the time of the replay)')
    .option('--project <name or id>', 'where there are several')
    .addOption(urlOption())
    .action((options: ReplayOptions) => run((context) => replayQuarantine(context, options)));
}

function urlOption(): Option {
  return new Option(
    '--url <url>',
    'the server (default: PRODUCTGRAPH_URL, else the one that runs on DATA_DIR)',
  ).argParser((value: string) => {
    if (!/^https?:\/\//.test(value) || !URL.canParse(value))
      throw new InvalidArgumentError('It begins with http:// or https://.');
    return value.replace(/\/+$/, '');
  });
}

function wholeNumber(value: string): number {
  if (!/^[1-9]\d{0,9}$/.test(value)) throw new InvalidArgumentError('A whole number from 1 is needed.');
  return Number(value);
}
