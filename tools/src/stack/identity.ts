import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';

/** One process and no later one with the same number: its start is part of its name. */
export interface ProcessId {
  readonly pid: number;
  /** When it began, as the system tells it: boot and clock tick on Linux, `ps`'s lstart elsewhere. Only compared. */
  readonly started: string;
}

/** What the system says about a process that runs. */
export interface Seen extends ProcessId {
  readonly parent: number;
  /** Memory in RAM, in KiB. */
  readonly residentKb: number;
  /** By SIGSTOP. */
  readonly stopped: boolean;
}

const onLinux = process.platform === 'linux';

/** The process with this number, unless there is none or it has ended and only waits to be collected. */
export function identify(pid: number): ProcessId | undefined {
  const seen = look(pid);
  return seen && { pid: seen.pid, started: seen.started };
}

/** Whether this very process still runs. */
export function isAlive({ pid, started }: ProcessId): boolean {
  return look(pid)?.started === started;
}

/** This process and all below it, parents first; empty once it has ended. `all` is what runs, where it was asked before. */
export function tree(id: ProcessId, all = everything()): readonly Seen[] {
  const root = all.find(({ pid, started }) => pid === id.pid && started === id.started);
  const found = root ? [root] : [];
  for (const { pid } of found) found.push(...all.filter(({ parent }) => parent === pid));
  return found;
}

function look(pid: number): Seen | undefined {
  return onLinux ? fromProc(pid) : fromPs(['-p', String(pid)])[0];
}

/** All processes of the machine. */
export function everything(): readonly Seen[] {
  if (!onLinux) return fromPs(['-A']);
  const pids = readdirSync('/proc').filter((name) => /^\d+$/u.test(name));
  return pids.map((name) => fromProc(Number(name))).filter((seen) => seen !== undefined);
}

function fromProc(pid: number): Seen | undefined {
  const stat = readProc(`/proc/${pid}/stat`);
  return stat === undefined ? undefined : parseStat(stat, bootId());
}

/** proc(5): the name, in parentheses, may hold spaces and parentheses itself. Zombies have ended. */
export function parseStat(stat: string, boot: string): Seen | undefined {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state = 'X', parent] = fields;
  if (state === 'Z' || state === 'X') return undefined;
  return {
    pid: Number.parseInt(stat, 10),
    parent: Number(parent),
    started: `${boot}:${fields[19] ?? ''}`,
    residentKb: Number(fields[21]) * pageKb,
    stopped: state === 'T',
  };
}

/** Of x86-64, and the usual one of arm64. */
const pageKb = 4;

function bootId(): string {
  return readProc('/proc/sys/kernel/random/boot_id')?.trim() ?? '';
}

function readProc(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // ENOENT or ESRCH: it ended.
    return undefined;
  }
}

function fromPs(which: readonly string[]): readonly Seen[] {
  try {
    return parsePs(execFileSync('ps', ['-o', 'pid=,ppid=,stat=,rss=,lstart=', ...which], { encoding: 'utf8' }));
  } catch {
    // `ps` exits with 1 when no process matches.
    return [];
  }
}

/** Lines of `ps -o pid=,ppid=,stat=,rss=,lstart=`. */
export function parsePs(output: string): readonly Seen[] {
  return output.split('\n').flatMap((line) => {
    const [pid, parent, state = 'Z', kb, ...started] = line.trim().split(/\s+/u);
    if (state.startsWith('Z')) return [];
    return [
      {
        pid: Number(pid),
        parent: Number(parent),
        started: started.join(' '),
        residentKb: Number(kb),
        stopped: state.startsWith('T'),
      },
    ];
  });
}
