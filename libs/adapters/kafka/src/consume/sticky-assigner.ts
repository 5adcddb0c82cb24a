import { AssignerProtocol, type Assigner, type PartitionAssigner } from 'kafkajs';

/** Partitions of topics, by the topic's name on the brokers. */
export type Partitions = Readonly<Record<string, readonly number[]>>;

export interface MemberClaim {
  readonly memberId: string;
  /** What it has now and would keep. */
  readonly owned: Partitions;
}

const NAME = 'productgraph-sticky';
const VERSION = 1;

/**
 * Partitions stay where they are as far as an even spread allows: moving one costs its new member the reading back of a dedupe window.
 * kafkajs brings round-robin only, which moves most of them when a member comes or goes.
 */
export function stickyAssigner(owned: () => Partitions): PartitionAssigner {
  return ({ cluster }): Assigner => ({
    name: NAME,
    version: VERSION,
    protocol: ({ topics }) => ({
      name: NAME,
      metadata: AssignerProtocol.MemberMetadata.encode({
        version: VERSION,
        topics,
        userData: Buffer.from(JSON.stringify(owned())),
      }),
    }),
    assign: async ({ members, topics }) => {
      const partitions = Object.fromEntries(
        topics.map((topic) => [topic, cluster.findTopicPartitionMetadata(topic).map((one) => one.partitionId)]),
      );
      const claims = members.map(({ memberId, memberMetadata }) => ({ memberId, owned: claimOf(memberMetadata) }));
      return [...assignSticky(claims, partitions)].map(([memberId, assignment]) => ({
        memberId,
        memberAssignment: AssignerProtocol.MemberAssignment.encode({
          version: VERSION,
          assignment,
          userData: Buffer.alloc(0),
        }),
      }));
    },
  });
}

/**
 * Each partition to one member; members' numbers differ by one at most, over all topics and within each; who owns one keeps it
 * while that holds. The answer does not depend on the order of members.
 */
export function assignSticky(
  claims: readonly MemberClaim[],
  partitions: Partitions,
): Map<string, Record<string, number[]>> {
  const members = claims.map(({ memberId }) => memberId).sort();
  const shares = new Map<string, Record<string, number[]>>(members.map((memberId) => [memberId, {}]));
  const totals = new Map<string, number>(members.map((memberId) => [memberId, 0]));
  const byId = new Map(claims.map((claim) => [claim.memberId, claim.owned]));
  for (const topic of Object.keys(partitions).sort()) {
    const all = partitions[topic] ?? [];
    const owned = (memberId: string): readonly number[] => byId.get(memberId)?.[topic] ?? [];
    // Where it does not come out even, one more of this topic goes to whoever has least of those before, then to who has it now.
    const order = [...members].sort(
      (a, b) => (totals.get(a) ?? 0) - (totals.get(b) ?? 0) || owned(b).length - owned(a).length,
    );
    const shared = shareTopic({ members: order, all, owned });
    for (const [memberId, mine] of shared) {
      const share = shares.get(memberId);
      if (share !== undefined && mine.length > 0) share[topic] = mine.sort((a, b) => a - b);
      totals.set(memberId, (totals.get(memberId) ?? 0) + mine.length);
    }
  }
  return shares;
}

interface TopicShare {
  /** Who is to get one more comes first. */
  readonly members: readonly string[];
  readonly all: readonly number[];
  readonly owned: (memberId: string) => readonly number[];
}

function shareTopic({ members, all, owned }: TopicShare): Map<string, number[]> {
  const least = Math.floor(all.length / members.length);
  const extra = all.length % members.length;
  const free = new Set(all);
  const shared = new Map<string, number[]>();
  for (const [index, memberId] of members.entries()) {
    const quota = least + (index < extra ? 1 : 0);
    const kept = [...new Set(owned(memberId))].filter((partition) => free.has(partition)).slice(0, quota);
    for (const partition of kept) free.delete(partition);
    shared.set(memberId, kept);
  }
  const rest = [...free].sort((a, b) => a - b);
  for (const [index, memberId] of members.entries()) {
    const mine = shared.get(memberId) ?? [];
    const quota = least + (index < extra ? 1 : 0);
    mine.push(...rest.splice(0, quota - mine.length));
  }
  return shared;
}

/** A member of another version, or none of ours, owns nothing. */
function claimOf(metadata: Buffer): Partitions {
  try {
    const text = AssignerProtocol.MemberMetadata.decode(metadata)?.userData.toString('utf8') ?? '';
    const claim: unknown = JSON.parse(text);
    const isClaim =
      typeof claim === 'object' && claim !== null && Object.values(claim).every((mine) => Array.isArray(mine));
    return isClaim ? (claim as Partitions) : {};
  } catch {
    return {};
  }
}
