import { productgraph, type ProjectKeys, type Starter } from './starter.ts';

/** A new project with a key of each kind, made by the command line as an operator would. */
export async function newProject(
  starter: Pick<Starter, 'env'>,
  name: string,
  organisation = 'Tests',
): Promise<ProjectKeys> {
  const made = await cliJson<{ id: string }>(starter, ['projects', 'create', name, '--org', organisation]);
  const keyOf = async (kind: string, ...more: string[]): Promise<string> =>
    (await cliJson<{ key: string }>(starter, ['keys', 'create', kind, '--project', made.id, ...more])).key;
  return {
    projectId: made.id,
    write: await keyOf('write'),
    secret: await keyOf('secret'),
    token: await keyOf('token', '--role', 'admin'),
  };
}

/** Runs a command with `--json`; throws with what it said when it fails. */
export async function cliJson<T>(starter: Pick<Starter, 'env'>, args: readonly string[]): Promise<T> {
  const { code, stdout, stderr } = await productgraph([...args, '--json'], starter.env);
  if (code !== 0) throw new Error(`productgraph ${args.join(' ')} ended with ${String(code)}:\n${stderr}${stdout}`);
  return JSON.parse(stdout) as T;
}
