import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeFrame, encodeFrame, frameAt, scanFrames, type SpoolEntry } from './frame.ts';
import { nameRecord } from './testing/world.ts';

const entryOf = (seq: number, names: readonly string[]): SpoolEntry => ({
  seq,
  at: 1_700_000_000_000 + seq,
  appends: names.map((name, partition) => ({ topic: 'events', partition, records: [nameRecord(name)] })),
});

const decoded = (bytes: Buffer): SpoolEntry[] => scanFrames(bytes).frames.map((frame) => decodeFrame(bytes, frame));

describe('a frame', () => {
  it('gives back the entry, optional fields and other topics included', () => {
    const traced = { ...nameRecord('a'), traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' };
    const entry: SpoolEntry = {
      seq: 2 ** 40,
      at: 1_700_000_000_000,
      appends: [
        { topic: 'events', partition: 3, records: [traced, nameRecord('')] },
        { topic: 'quarantine', partition: 0, records: [nameRecord('b')] },
      ],
    };
    const bytes = encodeFrame(entry);
    expect(frameAt(bytes, 0)).toEqual({ offset: 0, length: bytes.length, seq: 2 ** 40, at: entry.at, records: 3 });
    expect(decoded(bytes)).toEqual([entry]);
  });

  it('is not found where a bit of it is wrong', () => {
    const bytes = encodeFrame(entryOf(7, ['name']));
    const property = fc.property(fc.nat(bytes.length * 8 - 1), (bit) => {
      const spoilt = Buffer.from(bytes);
      spoilt[bit >> 3] = (spoilt[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(frameAt(spoilt, 0)).toBeNull();
    });
    fc.assert(property);
  });
});

describe('scanFrames', () => {
  const entries = ['one', 'two', 'three'].map((name, seq) => entryOf(seq, [name]));
  const frames = entries.map(encodeFrame);
  const whole = Buffer.concat(frames);
  const [first = whole, second = whole] = frames;

  it('finds whole frames before any cut, and tells the rest as torn', () => {
    for (let cut = 0; cut < whole.length; cut++) {
      const { frames: found, damages } = scanFrames(whole.subarray(0, cut));
      const kept = found.reduce((sum, { length }) => sum + length, 0);
      expect(found.map(({ seq }) => seq)).toEqual([0, 1, 2].slice(0, found.length));
      const rest = { offset: kept, length: cut - kept, kind: 'torn' };
      expect(damages).toEqual(kept === cut ? [] : [rest]);
    }
  });

  it('goes on behind damage, and leaves no byte untold', () => {
    const spoilt = Buffer.from(whole);
    spoilt.fill(0, first.length + 3, first.length + 20);
    const { frames: found, damages } = scanFrames(spoilt);
    expect(found.map(({ seq }) => seq)).toEqual([0, 2]);
    expect(damages).toEqual([{ offset: first.length, length: second.length, kind: 'damaged' }]);
  });

  it('does not take damage at the end for a write that was cut short', () => {
    const spoilt = Buffer.from(whole);
    spoilt[spoilt.length - 1] = (spoilt.at(-1) ?? 0) ^ 1;
    expect(scanFrames(spoilt).damages).toMatchObject([{ offset: first.length + second.length, kind: 'damaged' }]);
  });
});
