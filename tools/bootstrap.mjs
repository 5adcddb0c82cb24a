// @ts-check
// Runs on the machine's own Node, before anything is installed: plain JavaScript, node: modules only.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Root of the repository. */
export const root = fileURLToPath(new URL('..', import.meta.url));

const bin = join(root, 'node_modules/.bin');
const stamp = join(root, 'node_modules/.productgraph-lock');

/** The Node that npm installed (24), which runs everything but these few files. */
export const node = join(bin, 'node');

/** Environment of what runs inside: npm's own binaries first, so that `node` is Node 24. */
const environment = { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH ?? ''}` };

/** Ends with one sentence on stderr. @param {string} message @returns {never} */
function fail(message) {
  console.error(message);
  process.exit(1);
}

/** Makes the repository runnable: checks the machine, installs what package-lock.json names unless it is there. */
export function bootstrap() {
  checkMachine();
  if (!installed()) install();
  const version = spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout ?? '';
  if (!version.startsWith('v24.')) fail(`npm did not install Node 24 at ${node}. Are install scripts switched off?`);
}

/**
 * Runs a program of node_modules/.bin (or a path) and waits; its exit code, 128 + n after signal n.
 * @param {string} command @param {readonly string[]} args
 * @returns {number}
 */
export function run(command, args) {
  const { status, signal, error } = spawnSync(command, args, { cwd: root, env: environment, stdio: 'inherit' });
  if (error) fail(`${command}: ${error.message}`);
  return status ?? 128 + (signal ? constants.signals[signal] : 1);
}

/** Builds the named apps; ends the process when that fails. @param {readonly string[]} apps */
export function build(apps) {
  const code = run(node, [join(root, 'tools/src/build.ts'), ...apps]);
  if (code !== 0) process.exit(code);
}

/**
 * Replaces this process by a built app as far as Node allows: same terminal, signals handed on, exit code kept.
 * @param {string} app @param {readonly string[]} args
 */
export function become(app, args) {
  const child = spawn(node, ['--enable-source-maps', join(root, 'dist', app, 'main.js'), ...args], {
    env: environment,
    stdio: 'inherit',
  });
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    // A terminal sends SIGINT to every process of the group: the app has it already.
    process.on(signal, () => (signal === 'SIGINT' && process.stdin.isTTY ? undefined : child.kill(signal)));
  }
  child.on('error', (error) => fail(`${node}: ${error.message}`));
  child.on('exit', (code, signal) => process.exit(code ?? 128 + (signal ? constants.signals[signal] : 1)));
}

function checkMachine() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19))
    fail(`Node 20.19 or newer is needed to begin; this is ${process.version}.`);
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    fail(`ProductGraph's embedded PostgreSQL is for Linux on x64; this is ${process.platform} on ${process.arch}.`);
  }
}

const lockHash = () =>
  createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');

/** npm writes node_modules/.package-lock.json last: newer than the lock means installed from it by somebody else. */
function installed() {
  const hidden = join(root, 'node_modules/.package-lock.json');
  if (!existsSync(hidden) || !existsSync(node)) return false;
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lockHash()) return true;
  if (statSync(hidden).mtimeMs < statSync(join(root, 'package-lock.json')).mtimeMs) return false;
  writeFileSync(stamp, lockHash());
  return true;
}

function install() {
  console.error('Installing packages (once)…');
  const npm = process.env.npm_execpath;
  const args = ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
  const result = npm
    ? spawnSync(process.execPath, [npm, ...args], { cwd: root, stdio: 'inherit' })
    : spawnSync('npm', args, { cwd: root, stdio: 'inherit' });
  if (result.status !== 0) fail(`npm ci failed${result.error ? `: ${result.error.message}` : ''}.`);
  writeFileSync(stamp, lockHash());
}
