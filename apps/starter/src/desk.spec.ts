import { describe, expect, it } from 'vitest';
import type { Project } from '@productgraph/domain-tenant';
import { createImportDesk } from './desk.ts';

const NOW = 2_000;
const project = { id: 'p', createdAt: 1_000 } as Project;

async function settle(from: number, to: number): Promise<unknown> {
  const asked: unknown[] = [];
  const desk = createImportDesk({
    ledger: { rows: () => Promise.resolve([]) },
    settlement: { request: async (...request) => void asked.push(request) },
    clock: { now: () => NOW, sleep: () => Promise.resolve() },
  });
  await desk.settle(project, { from, to });
  return asked;
}

describe('settlement asked for by an import', () => {
  it.each([
    ['of a span in between', 1_200, 1_300, 1_200, 1_300],
    ['never of times before the project', 0, 1_300, 1_000, 1_300],
    ['never of times to come', 1_200, 9e12, 1_200, NOW + 1],
  ])('%s', async (_what, from, to, askedFrom, askedTo) => {
    expect(await settle(from, to)).toEqual([['p', askedFrom, askedTo]]);
  });

  it.each([
    ['an empty span', 1_200, 1_200],
    ['a span before the project', 0, 1_000],
    ['a span to come', 3_000, 4_000],
  ])('refuses %s', async (_what, from, to) => {
    await expect(settle(from, to)).rejects.toMatchObject({ statusCode: 422 });
  });
});
