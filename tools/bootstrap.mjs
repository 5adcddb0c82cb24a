// @ts-check
// Runs on the machine's own Node, before anything is installed: plain JavaScript, node: modules only.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, existsSync, openSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Root of the repository. */
export const root = fileURLToPath(new URL('..', import.meta.url));

const bin = join(root, 'node_modules/.bin');
const stamp = join(root, 'node_modules/.productgraph-lock');
const signals = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);
let stopped = false;

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
 * Runs a program of node_modules/.bin (or a path) in the same terminal; signals are handed on to it.
 * @param {string} command @param {readonly string[]} args
 * @param {string} [log] file that gets what it prints, instead of the terminal
 * @returns {Promise<number>} its exit code, 128 + n after signal n
 */
export function run(command, args, log) {
  const output = log === undefined ? 'inherit' : openSync(log, 'a');
  const child = spawn(command, args, { cwd: root, env: environment, stdio: ['inherit', output, output] });
  if (typeof output === 'number') closeSync(output);
  const handOn = (/** @type {NodeJS.Signals} */ signal) => {
    stopped = true;
    // A terminal sends SIGINT to every process of the group: the child has it already.
    if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
  };
  for (const signal of signals) process.on(signal, handOn);
  const orphaned = whenOrphaned(() => handOn('SIGTERM'));
  return new Promise((resolve) => {
    child.on('error', (error) => fail(`${command}: ${error.message}`));
    child.on('exit', (code, signal) => {
      clearInterval(orphaned);
      for (const name of signals) process.off(name, handOn);
      resolve(code ?? 128 + (signal ? constants.signals[signal] : 1));
    });
  });
}

/**
 * npm that is told to end kills its shell and not what runs in it, so the end of that shell counts as SIGTERM.
 * @param {() => void} then
 */
function whenOrphaned(then) {
  const shell = process.ppid;
  const timer = setInterval(() => {
    if (!process.env.npm_lifecycle_event || process.ppid === shell) return;
    clearInterval(timer);
    then();
  }, 500);
  return timer;
}

/** True once a signal asked this process to end. */
export const isStopped = () => stopped;

/** Builds the named apps; ends the process when that fails. @param {readonly string[]} apps */
export async function build(apps) {
  const code = await run(node, [join(root, 'tools/src/build.ts'), ...apps]);
  if (code !== 0 || stopped) process.exit(code);
}

/**
 * Node's flags of an app, from its `assets/node-flags.json`. The Starter's: Node lets the young generation grow to 128 MB, of which a process
 * that mostly waits needs little; 16 MB (two semi-spaces) keep it below 200 MB. Below a heap of 1 GB V8 lets garbage pile up to twice of
 * what lives, above it to four times. Source maps would take 20 MB more; the bundle is readable as it is.
 * @param {string} app @returns {string[]}
 */
function flagsOf(app) {
  const file = join(root, 'apps', app, 'assets/node-flags.json');
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : [];
}

/**
 * Runs a built app in this process's place, as far as Node allows, and ends with its exit code.
 * @param {string} app @param {readonly string[]} args
 */
export async function become(app, args) {
  process.exit(await run(node, [...flagsOf(app), join(root, 'dist', app, 'main.js'), ...args]));
}

function checkMachine() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19))
    fail(`Node 20.19 or newer is needed to begin; this is ${process.version}.`);
  if (process.platform === 'win32') fail('ProductGraph runs on Linux and macOS; on Windows use WSL.');
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
