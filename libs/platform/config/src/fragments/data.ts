import { flag, number, optionalText, optionalUrl } from '../setting.ts';

/** Where the data is. */
export const dataSettings = {
  folder: optionalText('DATA_DIR', {
    shown: './data',
    allowed: 'a folder that this user may write to',
    about: 'Folder of the embedded PostgreSQL and of the running process’s notes.',
  }),
  databaseUrl: optionalUrl('DATABASE_URL', ['postgres', 'postgresql'], {
    secret: true,
    about: 'PostgreSQL 16 or newer to use instead of the embedded one.',
  }),
  apiConnections: number('DATABASE_API_CONNECTIONS', {
    fallback: 10,
    min: 2,
    max: 200,
    about: 'Connections to PostgreSQL for questions, at most.',
  }),
  writerConnections: number('DATABASE_WRITER_CONNECTIONS', {
    fallback: 8,
    min: 2,
    max: 200,
    about: 'Connections to PostgreSQL for processors, at most.',
  }),
} as const;

/** What a first start puts into an empty database. */
export const demoSettings = {
  enabled: flag('DEMO', {
    fallback: true,
    about: 'On first start, into an empty database only: a demo project with keys and a sample access log.',
  }),
} as const;
