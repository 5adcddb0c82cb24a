import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { s3Client, testStack } from './index.ts';

const stack = testStack();

describe('S3', () => {
  it('has its objects after SIGKILL', async () => {
    const client = s3Client(stack.settings);
    const object = { Bucket: stack.settings.S3_BUCKET ?? '', Key: 'spec/object' };
    await client.send(new PutObjectCommand({ ...object, Body: 'text' }));
    await stack.kill('s3');
    await stack.start('s3');
    const { Body } = await client.send(new GetObjectCommand(object));
    expect(await Body?.transformToString()).toBe('text');
    client.destroy();
  });
});
