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

/** JSON bodies of `batch` events each, made ahead so that the generator costs nothing while measuring. */
export function syntheticBodies(options: { bodies: number; batch: number; users: number; at: number }): Buffer[] {
  return Array.from({ length: options.bodies }, (_, body) => {
    const events = Array.from({ length: options.batch }, (__, n) =>
      syntheticEvent(body * options.batch + n, options.users, options.at),
    );
    return Buffer.from(JSON.stringify({ events }));
  });
}
