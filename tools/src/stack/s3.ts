import { CreateBucketCommand, HeadBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { cpSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cached } from './cache.ts';
import { runProgram } from './programs.ts';
import { subfolder, type ServerKind } from './run.ts';
import type { Settings } from './state.ts';

const module_ = join(import.meta.dirname, 'lock/versitygw');
const PROGRAM = 'github.com/versity/versitygw/cmd/versitygw';

/** An S3 server: Versity's gateway on a folder. */
export const s3: ServerKind<{ readonly bucket: string }> = {
  ports: () => ['s3'],
  install,
  start: async ({ folder, port, launch, say }, { bucket }) => {
    const command = await install(say);
    const objects = subfolder(folder, 'data', 's3', 'objects');
    const versions = subfolder(folder, 'data', 's3', 'versions');
    const endpoint = `http://127.0.0.1:${port('s3')}`;
    const settings = {
      S3_ENDPOINT: endpoint,
      S3_REGION: 'us-east-1',
      S3_BUCKET: bucket,
      S3_ACCESS_KEY_ID: 'productgraph',
      S3_SECRET_ACCESS_KEY: 'productgraph-local',
    };
    await launch({
      name: 's3',
      kind: 's3',
      command,
      args: ['--port', `127.0.0.1:${port('s3')}`, '--quiet', 'posix', '--versioning-dir', versions, objects],
      cwd: objects,
      env: {
        PATH: process.env.PATH ?? '',
        ROOT_ACCESS_KEY: settings.S3_ACCESS_KEY_ID,
        ROOT_SECRET_KEY: settings.S3_SECRET_ACCESS_KEY,
      },
      ready: { by: 'http', url: endpoint },
    });
    await makeBucket(settings, bucket);
    return settings;
  },
};

async function makeBucket(settings: Settings, bucket: string): Promise<void> {
  const client = s3Client(settings);
  try {
    await client.send(new HeadBucketCommand({ Bucket: bucket })).catch(async () => {
      await client.send(new CreateBucketCommand({ Bucket: bucket }));
    });
  } finally {
    client.destroy();
  }
}

/** A client with the `S3_…` variables of a stack. */
export function s3Client(settings: Settings): S3Client {
  return new S3Client({
    endpoint: settings.S3_ENDPOINT ?? '',
    region: settings.S3_REGION ?? '',
    forcePathStyle: true,
    credentials: {
      accessKeyId: settings.S3_ACCESS_KEY_ID ?? '',
      secretAccessKey: settings.S3_SECRET_ACCESS_KEY ?? '',
    },
  });
}

async function install(say: (text: string) => void): Promise<string> {
  const lock = ['go.mod', 'go.sum'].map((name) => readFileSync(join(module_, name), 'utf8'));
  const folder = await cached({
    name: 'versitygw',
    from: lock,
    fill: async (fresh) => {
      say('S3: building versitygw by go (minutes, once)…');
      const module = join(fresh, 'module');
      cpSync(module_, module, { recursive: true });
      // -mod=readonly: exactly the modules of go.sum, each with its checksum.
      const args = ['build', '-mod=readonly', '-trimpath', '-ldflags=-s -w', '-o', join(fresh, 'versitygw'), PROGRAM];
      await runProgram('go', args, { cwd: module, from: 'Go 1.25 or newer; or start the stack --without s3' });
      rmSync(module, { recursive: true });
    },
  });
  return join(folder, 'versitygw');
}
