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
    { what: 'of a span in between', from: 1_200, to: 1_300, asked: [1_200, 1_300] },
    { what: 'never of times before the project', from: 0, to: 1_300, asked: [1_000, 1_300] },
    { what: 'never of times to come', from: 1_200, to: 9e12, asked: [1_200, NOW + 1] },
  ])('$what', async ({ from, to, asked }) => {
    expect(await settle(from, to)).toEqual([['p', ...asked]]);
  });

  it.each([
    ['an empty span', 1_200, 1_200],
    ['a span before the project', 0, 1_000],
    ['a span to come', 3_000, 4_000],
  ])('refuses %s', async (_what, from, to) => {
    await expect(settle(from, to)).rejects.toMatchObject({ statusCode: 422 });
  });
});
