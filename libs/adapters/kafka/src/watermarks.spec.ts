import type { Watermarks } from '@productgraph/kernel';
import { describe, expect, it } from 'vitest';
import { WatermarkReader } from './watermarks.ts';

/** Requests that are answered by hand, with the number of the request as high watermark. */
function requests() {
  const open: PromiseWithResolvers<ReadonlyMap<number, Watermarks>>[] = [];
  const names: string[] = [];
  const reader = new WatermarkReader((name) => {
    names.push(name);
    const request = Promise.withResolvers<ReadonlyMap<number, Watermarks>>();
    open.push(request);
    return request.promise;
  });
  const answer = (index: number): void => open[index]?.resolve(new Map([[0, { low: 0, high: index }]]));
  return { reader, names, open, answer };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const high = async (marks: Promise<ReadonlyMap<number, Watermarks>>): Promise<number | undefined> =>
  (await marks).get(0)?.high;

describe('WatermarkReader', () => {
  it('answers who asks during a request by the next one, all of them together', async () => {
    const { reader, names, answer } = requests();
    const first = reader.of('a');
    await turn();
    const later = [reader.of('a'), reader.of('a'), reader.of('a')];
    answer(0);
    expect(await high(first)).toBe(0);
    await turn();
    answer(1);
    expect(await Promise.all(later.map(high))).toEqual([1, 1, 1]);
    expect(names).toEqual(['a', 'a']);
  });

  it('answers all who ask in the same turn by one request', async () => {
    const { reader, names, answer } = requests();
    const all = [reader.of('a'), reader.of('a'), reader.of('a')];
    await turn();
    answer(0);
    expect(await Promise.all(all.map(high))).toEqual([0, 0, 0]);
    expect(names).toEqual(['a']);
  });

  it('asks for each topic by itself', async () => {
    const { reader, names, answer } = requests();
    const both = [reader.of('a'), reader.of('b')];
    await turn();
    answer(0);
    answer(1);
    expect(await Promise.all(both.map(high))).toEqual([0, 1]);
    expect(names).toEqual(['a', 'b']);
  });

  it('goes on after a request that failed', async () => {
    const { reader, open, answer } = requests();
    const first = reader.of('a');
    await turn();
    const second = reader.of('a');
    open[0]?.reject(new Error('gone'));
    await expect(first).rejects.toThrow('gone');
    await turn();
    answer(1);
    expect(await high(second)).toBe(1);
    await turn();
    const third = reader.of('a');
    await turn();
    answer(2);
    expect(await high(third)).toBe(2);
  });
});
