import type { ApiKey, ProvisionedProject } from '@productgraph/domain-tenant';

/** Words for people, on standard output. */
export type Say = (text: string) => void;

const RULE = '─'.repeat(88);

/** As soon as the first project is there: its keys, shown this once. */
export function keysBanner({ project, write, secret, token }: ProvisionedProject): string {
  return `
${RULE}
  Project     ${project.name}
  Write key   ${write.secret}   sends events; may be public
  Secret key  ${secret.secret}   for servers and imports
  API token   ${token.secret}   asks questions; owner of everything

  The keys are shown only this once. New ones: npm run productgraph -- keys create --help
${RULE}
`;
}

/** After the first start: URL, a first event, a first question. */
export function firstStartBanner(url: string, { write }: ProvisionedProject): string {
  return `
${RULE}
  ProductGraph is ready: ${url}

  Send an event:
    curl -sS ${url}/v1/events -H 'X-PG-API-Key: ${write.secret}' \\
      -d '{"event_id":"hello-1","event.type":"page.view","user.id":"ada","page.path":"/pricing"}'

  Ask questions in the browser (it has a field for the API token):
    ${url}/graphql
${RULE}
`;
}

/** After every other start. Of the keys, the first 5 are shown. */
export function banner(url: string, keys: readonly ApiKey[]): string {
  const shown = keys.slice(0, 5).map(({ prefix, name }) => `  ${prefix}…  ${name}`);
  const more = keys.length > shown.length ? [`  … and ${keys.length - shown.length} more`] : [];
  const list = shown.length === 0 ? ['  none yet'] : [...shown, ...more];
  return `
${RULE}
  ProductGraph is ready: ${url}   (explorer: ${url}/graphql)

  Keys (lost ones cannot be shown again; new ones: npm run productgraph -- keys create --help):
${list.map((line) => `  ${line}`).join('\n')}
${RULE}
`;
}

/** In an empty database that wants no demo. */
export function emptyBanner(url: string): string {
  return `
${RULE}
  ProductGraph is ready: ${url}

  There is no project yet. Make one, with its keys:
    npm run productgraph -- projects create <name>
${RULE}
`;
}
