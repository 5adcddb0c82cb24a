import { expect, it } from 'vitest';
import { lagsOf } from './group-lag.ts';
import { nameOnBrokers, standardTopics } from './topics/settings.ts';

it('a group is behind by what lies between its position and the end, from the start of the log at the earliest', () => {
  const [events] = standardTopics({ partitions: 3, generation: 2 });
  const topic = { ...events!, name: nameOnBrokers('pg.', events!) };
  const marks = new Map([
    [2, { low: 5, high: 9 }],
    [0, { low: 0, high: 7 }],
    [1, { low: 0, high: 0 }],
  ]);
  const lags = lagsOf('writers', topic, { positions: new Map([[0, 7], [2, 3]]), marks }); // prettier-ignore
  expect(lags.map(({ partition, position, records }) => [partition, position, records])).toEqual([
    [0, 7, 0],
    [1, 0, 0],
    [2, 5, 4],
  ]);
  expect(lags[0]).toMatchObject({ group: 'writers', topic: 'events', generation: 2 });
});
