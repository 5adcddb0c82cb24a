import { stateStoreSuite } from '@productgraph/testing';
import { createMemoryStateStore } from './state.ts';

stateStoreSuite('memory', async () => ({ store: createMemoryStateStore(), close: async () => undefined }));
