import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { DEFAULT_GRAPHQL_LIMITS } from './limits.ts';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const { query, keyCacheMs, persistedQueries, ...numbers } = DEFAULT_GRAPHQL_LIMITS;
const text = (value: number): string => value.toLocaleString('en');

it.each(Object.entries(numbers))('the README knows %s', (name, value) => {
  expect(readme).toMatch(new RegExp(`\\| \`${name}\` +\\| ${text(value)} +\\|`));
});

it('the README knows the other limits', () => {
  expect(readme).toContain(`| ${text(query.timeMs)} ms, ${text(query.rows)} rows |`);
  expect(readme).toContain(`kept for ${keyCacheMs / 1000} s`);
  expect(readme).toContain(`${text(persistedQueries)} texts are kept`);
});

it('gives the store less time than the request, so that its own error comes first', () => {
  expect(query.timeMs).toBeLessThan(numbers.requestTimeoutMs);
});
