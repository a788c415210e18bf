import * as Flags from '@oclif/core/flags';
import { ChecksFailedError, UsageError } from '../errors.js';
import type { Plan } from '../model/plan.js';
import { countSteps, summarizePlan } from './plan.js';

/** Turns a plan into a check, for pipelines. */
export const checkPlanFlag = {
  check: Flags.boolean({ summary: 'With --plan: exit 1 when anything would change.', env: 'PIXGATE_CHECK' }),
};

/**
 * Lets `--check` pass only beside `--plan`: alone it would check nothing and change everything.
 *
 * @throws {UsageError} saying what to type
 */
export function requirePlan({ plan }: { readonly plan?: boolean }): void {
  if (plan === true) return;
  throw new UsageError('--check must go with --plan: it says by the exit code whether anything would change.', {
    suggestions: ['add --plan'],
  });
}

/**
 * Lets only a plan that changes nothing pass; `command` is what would do it.
 *
 * @throws {ChecksFailedError} saying how much would change
 */
export function demandNothingPending(plan: Plan, command: string): Plan {
  const pending = countSteps(plan);
  if (pending === 0) return plan;
  const message = `Cannot call "${plan.name}" up to date: ${summarizePlan(plan)}`;
  const counts = { failed: pending, total: plan.steps.length };
  throw new ChecksFailedError(message, counts, { code: 'PENDING', suggestions: [command] });
}
