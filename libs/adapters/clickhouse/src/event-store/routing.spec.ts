import { describe, expect, it } from 'vitest';
import { parseRouting, routingText, shardOf, type Routing } from './routing.ts';

const PROJECTS = [1, 2, 3, 4].map((n) => `01900000-0000-7000-8000-00000000000${n}`);
/** By number of shards, of the projects above. */
const VECTORS = [[0, 0, 1, 0], [1, 2, 2, 1], [16, 14, 11, 16]]; // prettier-ignore
/** By user, of the first project on 24 shards. */
const SPREAD = [19, 17, 8, 16];

const plain = (shards: number): Routing => ({ shards, spread: new Set() });

describe('shardOf', () => {
  it('keeps to its vectors: rows that are stored must be found again', () => {
    expect([2, 3, 24].map((shards) => PROJECTS.map((id) => shardOf(plain(shards), id, 'u:ann')))).toEqual(VECTORS);
    const spread = { shards: 24, spread: new Set(PROJECTS) };
    expect(['u:ann', 'u:bob', 'a:1', ''].map((user) => shardOf(spread, PROJECTS[0] ?? '', user))).toEqual(SPREAD);
  });

  it('keeps a project together, unless it is spread by user', () => {
    const users = Array.from({ length: 200 }, (_, n) => `u:${n}`);
    const [one = '', two = ''] = PROJECTS;
    const routing = { shards: 4, spread: new Set([two]) };
    expect(new Set(users.map((user) => shardOf(routing, one, user))).size).toBe(1);
    expect(new Set(users.map((user) => shardOf(routing, two, user))).size).toBe(4);
    expect(shardOf(plain(1), one, 'u:1')).toBe(0);
  });
});

describe('routingText', () => {
  it('names the spread projects of the block, and gives the same shards when read back', () => {
    const routing = { shards: 5, spread: new Set(PROJECTS.slice(0, 2)) };
    const text = routingText(routing, [PROJECTS[2], PROJECTS[1], PROJECTS[1]].map(String));
    expect(text).toBe(`{"shards":5,"spread":["${PROJECTS[1]}"]}`);
    const back = parseRouting(text);
    for (const id of PROJECTS.slice(1)) expect(shardOf(back, id, 'u:x')).toBe(shardOf(routing, id, 'u:x'));
  });
});
