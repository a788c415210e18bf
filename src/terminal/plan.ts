import type { Action, Plan, Step } from '../model/plan.js';
import { describeChange } from './describe-change.js';
import { renderObjectChanges } from './object-changes.js';
import { type Page, padTo, type Style, widthOf, wrapText } from './page.js';
import { safeText } from './safe-text.js';
import { countOf, countShown, formatUsd } from './units.js';
import { describeUnsent } from './unsent.js';

const marks: Readonly<Record<Action, readonly [mark: string, style: Style]>> = {
  create: ['+', 'good'],
  update: ['~', 'warning'],
  remove: ['-', 'bad'],
  restore: ['<', 'warning'],
  keep: ['=', 'faint'],
};

const verbs: readonly (readonly [Action, string])[] = [
  ['create', 'to create'],
  ['update', 'to change'],
  ['remove', 'to remove'],
  ['restore', 'to give back'],
];

/** How many changes of one step are shown before the rest is only counted. */
const SHOWN_CHANGES: Readonly<Record<Action, number>> = { create: 0, update: 8, remove: 0, restore: 4, keep: 0 };

/** How many files that will not be sent are named before the rest is only counted. */
const SHOWN_REFUSALS = 5;

/** Hours in a month as AWS counts them. */
const HOURS_A_MONTH = 730;

/** Counts the steps that would change something. */
export function countSteps(plan: Plan): number {
  return plan.steps.filter((step) => step.action !== 'keep').length;
}

/** Says in one sentence what a plan would change: `2 to change.`, or `Nothing to change.` */
export function summarizePlan(plan: Plan): string {
  const parts = verbs.flatMap(([action, words]) => {
    const count = plan.steps.filter((step) => step.action === action).length;
    return count > 0 ? [`${count} ${words}`] : [];
  });
  return parts.length > 0 ? `${parts.join(', ')}.` : 'Nothing to change.';
}

/**
 * Sets out a plan: where, what changes for callers, each step with its reasons, the cost of an hour, notices, files that will
 * not be sent, and the count. `verbose` shows every change, every such file and what stays.
 */
export function renderPlan(plan: Plan, page: Page, verbose = false): string[] {
  const shown = plan.steps.filter((step) => verbose || step.action !== 'keep');
  const addressWidth = Math.max(0, ...shown.map((step) => widthOf(step.address)));
  const kept = plan.steps.length - countSteps(plan);
  const { callers = [] } = plan;
  const notices = plan.notices.filter((notice) => !callers.includes(notice));
  const warn = (text: string): string[] =>
    wrapText(`  ! ${safeText(text)}`, page.columns, 4).map((line) => page.paint('warning', line));
  return [
    ...renderPlace(plan, page),
    ...callers.flatMap(warn),
    ...shown.flatMap((step) => renderStep(step, addressWidth, page, verbose, plan)),
    ...(kept > 0 && !verbose && shown.length > 0 ? [page.paint('faint', `  =  ${kept} unchanged`)] : []),
    ...renderCost(plan, page),
    ...(plan.expiresAt === undefined
      ? []
      : wrapText(`  Expires ${plan.expiresAt}: pixgate teardown --expired removes it from then on.`, page.columns, 4)),
    ...[...notices, ...refusalsOf(plan, verbose)].flatMap(warn),
    ...renderCount(plan, page),
  ];
}

/** Sets out a plan that nobody has to approve: where, the cost of an hour, and the count. */
export function renderOutline(plan: Plan, page: Page): string[] {
  return [...renderPlace(plan, page), ...renderCost(plan, page), ...renderCount(plan, page)];
}

function renderPlace({ phase, target, region, account, name, stage }: Plan, page: Page): string[] {
  const place = `${phase} → ${target} ${region}, account ${account}: ${name}, stage ${stage}`;
  return wrapText(`  ${place}`, page.columns, 4);
}

function renderCount(plan: Plan, page: Page): string[] {
  return wrapText(`  ${summarizePlan(plan)}`, page.columns, 2).map((line) => page.paint('strong', line));
}

function refusalsOf({ refused = [], phase }: Plan, verbose: boolean): string[] {
  const sentences = refused.map(describeUnsent);
  const shown = verbose ? sentences.length : countShown(sentences.length, SHOWN_REFUSALS);
  const hidden = sentences.length - shown;
  if (hidden === 0) return sentences;
  const how = `--verbose shows them, ${phase} --plan --json lists them`;
  return [...sentences.slice(0, shown), `and ${countOf(hidden, 'more file')} not sent (${how})`];
}

function renderStep(step: Step, addressWidth: number, page: Page, verbose: boolean, plan: Plan): string[] {
  const [mark, style] = marks[step.action];
  const head = `  ${mark}  ${padTo(step.address, addressWidth)}  ${safeText(step.label)}`;
  const painted = wrapText(head, page.columns, 5).map((line) =>
    line.replace(`  ${mark}  `, `  ${page.paint(style, mark)}  `),
  );
  if (step.address.startsWith('objects/')) {
    return [...painted, ...renderObjectChanges(step, page, verbose, plan.bytesToSend?.[step.address])];
  }
  const most = SHOWN_CHANGES[step.action];
  // What they come to for callers is said in a sentence.
  const isTold = step.address === 'api' && plan.callers !== undefined;
  const limit = verbose ? step.changes.length : isTold || most === 0 ? 0 : countShown(step.changes.length, most);
  const hidden = step.changes.length - limit;
  const counted = limit === 0 ? countOf(hidden, 'change') : `and ${hidden} more`;
  return [
    ...painted,
    ...step.changes.slice(0, limit).map((change) => `       ${describeChange(change, page.columns - 7, verbose)}`),
    ...(hidden > 0 && most > 0 ? [page.paint('faint', `       ${counted} (--verbose shows them)`)] : []),
  ];
}

function renderCost(plan: Plan, page: Page): string[] {
  if (plan.phase === 'teardown' || plan.phase === 'init' || plan.phase === 'upload') return [];
  if (plan.usdPerHour === 0) return ['  Costs nothing by the hour; AWS bills requests, storage and logs.'];
  const month = formatUsd(plan.usdPerHour * HOURS_A_MONTH);
  const verb = plan.target === 'local' ? 'On AWS this would cost' : 'Costs';
  const text = `  ${verb} ${formatUsd(plan.usdPerHour)} an hour, ${month} a month, used or not: the cache cluster.`;
  return wrapText(text, page.columns, 4);
}
