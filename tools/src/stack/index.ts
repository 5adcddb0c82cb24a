export { startFaultProxy, type FaultProxy, type FaultProxyOptions } from './fault-proxy.ts';
export { only, profiles, type Plan, type Profile } from './profiles.ts';
export { s3Client } from './s3.ts';
export { Stack, type ProcessStatus } from './stack.ts';
export type { Launch, Settings } from './state.ts';
export { testStack } from './test-stack.ts';
export { startStack, type StackOptions } from './up.ts';
