export { flushAuthorizersCache } from './authorizer-cache.js';
export { flushStageCache } from './cache-entry.js';
export type { SignatureError } from './context.js';
export { NotEmulated } from './gateway-failure.js';
export { invokeStage, type StageAsk } from './invoke-stage.js';
export { type TestInvokeAsk, testInvoke } from './test-invoke.js';
