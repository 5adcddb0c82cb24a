import { queryEngineSuite } from '@productgraph/testing';
import { createFilledQueryEngine } from './filled-engine.ts';

queryEngineSuite('memory', async () => createFilledQueryEngine(Date.UTC(2024, 0, 1)));
