import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** How a program is run to its end. */
export interface ToRun {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** What brings the program when it is missing, for the error. */
  readonly from: string;
}

/**
 * Runs a program to its end and gives what it printed on both outputs.
 * @throws with what it printed when it fails, or with `from` when the machine has no such program
 */
export async function runProgram(command: string, args: readonly string[], { cwd, env, from }: ToRun): Promise<string> {
  try {
    const { stdout, stderr } = await run(command, args, { cwd, env: env ?? process.env, maxBuffer: 64 * 1024 * 1024 });
    return stdout + stderr;
  } catch (error) {
    const { code, stdout = '', stderr = '' } = error as { code?: unknown; stdout?: string; stderr?: string };
    if (code === 'ENOENT') throw new Error(`There is no ${command} on the PATH (${from}).`, { cause: error });
    const said = `${stdout}${stderr}`.trim().split('\n').slice(-20).join('\n');
    throw new Error(`${command} failed (${String(code)}):\n${said}`, { cause: error });
  }
}

/** The same, or undefined when the machine has no such program or it fails. */
export async function tryProgram(command: string, args: readonly string[]): Promise<string | undefined> {
  try {
    return await runProgram(command, args, { from: 'not needed' });
  } catch {
    return undefined;
  }
}
