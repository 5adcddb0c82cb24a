import { eventLogSuite } from '@productgraph/testing';
import { openTestLogs } from './testing/fixture.ts';

eventLogSuite('Kafka', () => openTestLogs());
