export { renderHtmlReport } from './html.js';
export type { ChecksAsk } from './inspection.js';
export { renderJunit } from './junit.js';
export { type ChecksOutcome, runChecks } from './run-checks.js';
