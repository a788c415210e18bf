import * as Flags from '@oclif/core/flags';
import { ChecksFailedError, UsageError } from '../errors.js';
import type { Plan } from '../model/plan.js';
import { countSteps, summarizePlan } from './plan.js';
import { describeRefused, REFUSED_REMEDIES } from './unsent.js';

/** Turns a plan into a check, for pipelines. */
export const checkPlanFlag = {
  check: Flags.boolean({
    summary: 'With --plan: exit 1 when anything would change, or files cannot be sent.',
    env: 'PIXGATE_CHECK',
  }),
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
 * Lets only a plan pass that changes nothing and leaves no file out; `command` is what would do it.
 *
 * @throws {ChecksFailedError} saying how much would change, and which files cannot be sent
 */
export function demandNothingPending(plan: Plan, command: string): Plan {
  const { refused = [] } = plan;
  const pending = countSteps(plan);
  if (pending + refused.length === 0) return plan;
  const why = [
    ...(pending > 0 ? [summarizePlan(plan)] : []),
    ...(refused.length > 0 ? [describeRefused(refused)] : []),
  ];
  const counts = { failed: pending + refused.length, total: plan.steps.length + refused.length };
  throw new ChecksFailedError(`Cannot call "${plan.name}" up to date: ${why.join(' ')}`, counts, {
    code: pending > 0 ? 'PENDING' : 'FILES_REFUSED',
    suggestions: [...(pending > 0 ? [command] : []), ...(refused.length > 0 ? REFUSED_REMEDIES : [])],
  });
}

/** Names the command that comes after a plan that has nothing to do, as it comes after the work; undefined where there is work. */
export function afterNothing(plan: Plan): string | undefined {
  // What an earlier run changed may still have to expire.
  if (countSteps(plan) > 0 || plan.invalidate === true) return undefined;
  if (plan.phase === 'upload') return plan.wired === true ? 'test' : 'wire';
  return { init: 'upload', wire: 'test', up: 'status', teardown: 'list' }[plan.phase];
}
