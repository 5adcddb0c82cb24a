import type { DeferredUser, SettlementProgress, SettlementRequest } from '@productgraph/domain-session';

interface Partition {
  through: number | null;
  settledUpTo: number | null;
  readonly deferred: Map<string, DeferredUser>;
  /** By request: its `asked` when this partition did it. */
  readonly done: Map<string, number>;
}

const requestKey = ({ projectId, receivedFrom, receivedTo }: Omit<SettlementRequest, 'asked'>): string =>
  `${projectId} ${receivedFrom} ${receivedTo}`;
const userKeyOf = ({ projectId, userKey }: DeferredUser): string => `${projectId} ${userKey}`;

const isDone = (request: SettlementRequest, { done }: Partition): boolean =>
  done.get(requestKey(request)) === request.asked;

/** Progress of settlement in memory: the same meaning as the durable one. */
export function createMemorySettlementProgress(): SettlementProgress {
  const partitions = new Map<number, Partition>();
  const requests = new Map<string, SettlementRequest>();
  /** Never the same again, also for a request that was forgotten meanwhile. */
  let asked = 0;

  function partitionOf(partition: number): Partition {
    const found = partitions.get(partition) ?? {
      through: null,
      settledUpTo: null,
      deferred: new Map(),
      done: new Map(),
    };
    partitions.set(partition, found);
    return found;
  }

  return {
    register: async (partition) => void partitionOf(partition),
    settledThrough: async (partition) => partitions.get(partition)?.through ?? null,
    advance: async (partition, { through, settledUpTo }) => {
      const target = partitionOf(partition);
      target.through = Math.max(target.through ?? through, through);
      target.settledUpTo = Math.max(target.settledUpTo ?? settledUpTo, settledUpTo);
    },
    ...deferral(partitionOf),
    request: async (projectId, receivedFrom, receivedTo) => {
      const key = requestKey({ projectId, receivedFrom, receivedTo });
      requests.set(key, { projectId, receivedFrom, receivedTo, asked: ++asked });
    },
    requests: async (partition) => [...requests.values()].filter((request) => !isDone(request, partitionOf(partition))),
    completeRequest: async (partition, request) => {
      const key = requestKey(request);
      const pending = requests.get(key);
      if (pending === undefined) return;
      partitionOf(partition).done.set(key, request.asked);
      const known = [...partitions.values()];
      if (!known.every((one) => isDone(pending, one))) return;
      requests.delete(key);
      for (const { done } of known) done.delete(key);
    },
    settledUpTo: async (projectId) => {
      const known = [...partitions.values()];
      const isPending = [...requests.values()].some(
        (request) => request.projectId === projectId && !known.every((partition) => isDone(request, partition)),
      );
      const marks = known.map((partition) => partition.settledUpTo).filter((mark) => mark !== null);
      return isPending || known.length === 0 || marks.length < known.length ? null : Math.min(...marks);
    },
  };
}

function deferral(
  partitionOf: (partition: number) => Partition,
): Pick<SettlementProgress, 'defer' | 'deferred' | 'undefer'> {
  return {
    defer: async (partition, users) => {
      const { deferred } = partitionOf(partition);
      for (const user of users) deferred.set(userKeyOf(user), widened(deferred.get(userKeyOf(user)), user));
    },
    deferred: async (partition, until) => [...partitionOf(partition).deferred.values()].filter(({ at }) => at <= until),
    undefer: async (partition, users) => {
      const { deferred } = partitionOf(partition);
      for (const user of users) if (deferred.get(userKeyOf(user))?.at === user.at) deferred.delete(userKeyOf(user));
    },
  };
}

function widened(known: DeferredUser | undefined, user: DeferredUser): DeferredUser {
  if (known === undefined) return user;
  const { from, to, at } = known;
  return { ...user, from: Math.min(from, user.from), to: Math.max(to, user.to), at: Math.max(at, user.at) };
}
