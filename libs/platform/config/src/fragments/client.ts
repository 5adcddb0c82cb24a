import { optionalText, optionalUrl } from '../setting.ts';

/** Where the command line finds a server. */
export const clientSettings = {
  url: optionalUrl('PRODUCTGRAPH_URL', ['http', 'https'], {
    about: 'Server that the command line talks to; by default the one that runs on DATA_DIR.',
  }),
  key: optionalText('PRODUCTGRAPH_KEY', {
    shown: 'not set',
    allowed: 'a key of the server',
    secret: true,
    about: 'Key that the command line sends with.',
  }),
} as const;
