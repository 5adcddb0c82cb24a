import { fileURLToPath } from 'node:url';
import type { Base } from '@productgraph/assembly-process';
import {
  accessLogLines,
  awaitStored,
  importLines,
  openFile,
  readCounts,
  requestSettlement,
  type ImportTarget,
} from '@productgraph/delivery-import-client';
import {
  issueKey,
  keyStatus,
  PROJECT_DEFAULTS,
  provisionOrganisation,
  provisionProject,
  type ApiKey,
  type Organisation,
  type ProvisionedProject,
} from '@productgraph/domain-tenant';
import { banner, emptyBanner, firstStartBanner, keysBanner, type Say } from './banner.ts';
import type { StarterConfig } from './config.ts';
import type { Ports } from './ports.ts';

const SAMPLE = fileURLToPath(new URL('../assets/apache_access.log.gz', import.meta.url));
const ACTOR = 'system';
/** The key by which the sample is loaded. While it is not revoked, loading has not come to its end. */
const SAMPLE_KEY = 'Sample log (until it is loaded)';
const STORED_WITHIN_MS = 60_000;

export interface FirstRun extends Pick<Base, 'clock' | 'random'> {
  readonly ports: { readonly value: Ports };
  readonly http: { readonly value: { readonly url: string } };
}

/** Fills an empty database with a demo project, unless told otherwise, and tells people where they are. */
export async function firstRun(parts: FirstRun, { demo }: StarterConfig, signal: AbortSignal): Promise<void> {
  const say: Say = (text) => void process.stdout.write(text);
  const { url } = parts.http.value;
  const { overview, tenants } = parts.ports.value;
  const [organisation] = await overview.organisations();
  // A first start that was killed in between leaves an organisation alone.
  const isEmpty = organisation === undefined || (await tenants.projects(organisation.id)).length === 0;
  if (isEmpty && !demo.enabled) say(emptyBanner(url));
  else if (isEmpty) await begin(parts, organisation, { say, signal });
  else {
    await finishLoading(parts, organisation, { say, signal });
    const keys = await tenants.keys(organisation.id, null);
    const active = keys.filter((key) => keyStatus(key) === 'active');
    say(banner(url, active.sort((a, b) => b.createdAt - a.createdAt))); // prettier-ignore
  }
}

interface Saying {
  readonly say: Say;
  readonly signal: AbortSignal;
}

async function begin(parts: FirstRun, begun: Organisation | undefined, saying: Saying): Promise<void> {
  const { clock, ports, http } = parts;
  const deps = { store: ports.value.tenants, clock, actor: ACTOR };
  const organisation = begun ?? (await provisionOrganisation(deps, 'Demo'));
  const made = await provisionProject(deps, organisation.id, { ...PROJECT_DEFAULTS, name: 'Sample access log' });
  // Before loading, which may be interrupted: it goes on at the next start, but the keys are shown only now.
  saying.say(keysBanner(made));
  await load(parts, made.project, saying);
  saying.say(firstStartBanner(http.value.url, made));
}

/** A first start that was interrupted left its loading key behind. */
async function finishLoading(parts: FirstRun, { id }: Organisation, saying: Saying): Promise<void> {
  const { tenants } = parts.ports.value;
  const left = (await tenants.keys(id, null)).filter((key) => key.name === SAMPLE_KEY && keyStatus(key) === 'active');
  const project = left[0]?.projectId ?? null;
  if (project === null) return;
  await load(parts, { id: project, orgId: id }, saying);
  for (const key of left) await tenants.revokeKey(id, key.id, ACTOR);
}

type Place = Pick<ProvisionedProject['project'], 'id' | 'orgId'>;

/** The sample log through the HTTP port, by the same code as `productgraph import`. */
async function load(parts: FirstRun, { id: projectId, orgId }: Place, { say, signal }: Saying): Promise<void> {
  const { clock, random, ports, http } = parts;
  const { tenants } = ports.value;
  const draft = { orgId, projectId, kind: 'pgs', name: SAMPLE_KEY, role: null, allowedOrigins: [] } as const;
  const { key, secret } = await issueKey(tenants, draft, ACTOR);
  const target: ImportTarget = { url: local(http.value.url), key: secret, clock, random, signal };
  const source = await openFile(SAMPLE);
  const from = clock.now();
  const before = await readCounts(target, from);
  say(`Loading the sample access log `);
  const summary = await importLines({
    target,
    source,
    translate: accessLogLines(source.label, 'combined'),
    historical: true,
    onProgress: () => say('.'),
  });
  const stored = await awaitStored(target, { from, before, accepted: summary.accepted, timeoutMs: STORED_WITHIN_MS });
  await requestSettlement(target, { from, to: clock.now() + 1 });
  const quarantined = summary.unreadable + summary.rejected + stored.quarantinedLater;
  const events = (stored.stored + stored.duplicate).toLocaleString('en-US');
  say(` ${events} events, ${quarantined} line${quarantined === 1 ? '' : 's'} in quarantine\n`);
  await revoke(tenants, key);
}

async function revoke(tenants: Ports['tenants'], key: ApiKey): Promise<void> {
  await tenants.revokeKey(key.orgId, key.id, ACTOR);
}

/** This very process, whatever the name resolution says of localhost. */
function local(url: string): string {
  return url.replace('//localhost:', '//127.0.0.1:');
}
