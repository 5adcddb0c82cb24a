import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Client } from 'pg';
import { binaryArray } from './binary-array.ts';

let client: Client;
beforeAll(async () => {
  client = new Client(process.env.PG_TEST_URL ?? '');
  await client.connect();
});
afterAll(() => client.end());

it('is read by PostgreSQL as the bytes given', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 20 }), async (elements) => {
      const { rows } = await client.query<{ one: Buffer }>('SELECT unnest($1::bytea[]) AS one', [
        binaryArray('bytea', elements),
      ]);
      expect(rows.map(({ one }) => [...one])).toEqual(elements.map((element) => [...element]));
    }),
  );
});

it('is read by PostgreSQL as the texts given', async () => {
  const text = fc.string({ unit: 'binary', maxLength: 100 }).map((one) => one.replaceAll('\0', '').toWellFormed());
  await fc.assert(
    fc.asyncProperty(fc.array(text, { maxLength: 20 }), async (elements) => {
      const { rows } = await client.query<{ one: string }>('SELECT unnest($1::text[]) AS one', [
        binaryArray('text', elements),
      ]);
      expect(rows.map(({ one }) => one)).toEqual(elements);
    }),
  );
});
