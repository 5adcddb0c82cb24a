import { randomUUID } from 'node:crypto';

const PLANS = ['free', 'team', 'business'];
const PATHS = [
  '/',
  '/pricing',
  '/docs/getting-started',
  '/app/projects',
  '/app/projects/settings',
  '/blog/2026/funnels',
];

/** A native event of about 550 bytes of JSON: ids, names, page, 8 properties, 5 context fields. */
function syntheticEvent(n: number, users: number, at: number): Record<string, unknown> {
  const user = n % users;
  return {
    event_id: randomUUID(),
    'event.type': n % 3 === 0 ? 'page.view' : 'ui.click',
    'event.timestamp': at,
    'event.sequence': n,
    'user.id': `user-${String(user)}`,
    'page.path': PATHS[n % PATHS.length],
    'page.title': 'Projects and settings',
    'ui.element': 'button.primary',
    properties: {
      plan: PLANS[n % PLANS.length],
      amount: (n * 7919) % 10_000,
      currency: 'EUR',
      experiment: `variant-${String(n % 4)}`,
      items: n % 12,
      coupon: n % 5 === 0,
      position: 'header',
      label: `Button number ${String(n % 97)}`,
    },
    context: {
      library: 'productgraph-js/1.0.0',
      locale: 'en-GB',
      time_zone: 'Europe/Berlin',
      user_agent:
        'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36',
      device: 'desktop',
    },
  };
}

/** What bodies are made of. */
export interface BodyOptions {
  readonly bodies: number;
  /** Events of each. */
  readonly batch: number;
  readonly users: number;
  /** Of every event, Unix ms. */
  readonly at: number;
  /** The first event of each body is one to look for: page `/probe`, the body's number as its sequence, a user of its own. */
  readonly probes?: boolean;
}

const probe = (n: number): Record<string, unknown> => ({
  'event.type': 'page.view',
  'event.sequence': n,
  'user.id': `probe-${String(n)}`,
  'page.path': '/probe',
});

/** JSON bodies of `batch` events each, made ahead so that the generator costs nothing while measuring. */
export function syntheticBodies({ bodies, batch, users, at, probes = false }: BodyOptions): Buffer[] {
  return Array.from({ length: bodies }, (_, body) => {
    const events = Array.from({ length: batch }, (__, n) => {
      const event = syntheticEvent(body * batch + n, users, at);
      return probes && n === 0 ? { ...event, ...probe(body) } : event;
    });
    return Buffer.from(JSON.stringify({ events }));
  });
}
