import type { KeyChanges } from '@productgraph/domain-tenant';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until } from './event-log/tools.ts';

/** Changes of keys under test, as two processes have them. */
export interface KeyChangesFixture {
  readonly processes: readonly [KeyChanges, KeyChanges];
  close(): Promise<void>;
}

const hashOf = (n: number): string => n.toString(16).padStart(64, '0');

/** The contract of {@link KeyChanges}. */
export function keyChangesSuite(name: string, open: () => Promise<KeyChangesFixture>): void {
  describe(`key changes: ${name}`, () => {
    let fixture: KeyChangesFixture;
    beforeEach(async () => void (fixture = await open()));
    afterEach(() => fixture.close());

    it('are heard by every subscriber of every process, its own included', async () => {
      const [here, there] = fixture.processes;
      const heard: string[][] = [[], [], []];
      const ends = await Promise.all([
        here.subscribe((hash) => heard[0]?.push(hash)),
        here.subscribe((hash) => heard[1]?.push(hash)),
        there.subscribe((hash) => heard[2]?.push(hash)),
      ]);
      const hashes = Array.from({ length: 20 }, (_, n) => hashOf(n));
      for (const hash of hashes) await here.publish(hash);
      await until('everybody has heard', () => heard.every((list) => list.length >= hashes.length));
      expect(heard.map((list) => list.sort())).toEqual([hashes, hashes, hashes]);
      await Promise.all(ends.map((end) => end()));
    });

    it('are no longer heard after the end', async () => {
      const [here, there] = fixture.processes;
      const [ended, goesOn]: string[][] = [[], []];
      const end = await here.subscribe((hash) => ended?.push(hash));
      const endOther = await here.subscribe((hash) => goesOn?.push(hash));
      await end();
      await there.publish(hashOf(1));
      await until('the other has heard', () => goesOn?.length === 1);
      expect(ended).toEqual([]);
      await endOther();
    });

    it('are nobody’s when nobody listens', async () => {
      await expect(fixture.processes[0].publish(hashOf(1))).resolves.toBeUndefined();
    });
  });
}
