import { flag, number, optionalUrl, text } from '../setting.ts';

/** Where the data is. */
export const dataSettings = {
  folder: text('DATA_DIR', {
    fallback: './data',
    allowed: 'a folder that this user may write to',
    about: 'Folder of the embedded PostgreSQL and of the running process’s notes.',
  }),
  databaseUrl: optionalUrl('DATABASE_URL', ['postgres', 'postgresql'], {
    secret: true,
    about: 'PostgreSQL 16 or newer to use instead of the embedded one.',
  }),
  poolSize: number('DATABASE_POOL_SIZE', {
    fallback: 8,
    min: 2,
    max: 200,
    about: 'Connections per role (API, processors) at most.',
  }),
} as const;

/** What a first start puts into an empty database. */
export const demoSettings = {
  enabled: flag('DEMO', {
    fallback: true,
    about: 'On first start, into an empty database only: a demo project with keys and a sample access log.',
  }),
} as const;
