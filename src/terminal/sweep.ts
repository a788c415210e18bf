import type { EnvironmentSummary, Sweep, SweepDocument, SweptEnvironment, SweptName } from '../index.js';
import { toErrorDocument } from './complaint.js';
import { type Page, wrapText } from './page.js';
import { renderPlan } from './plan.js';
import { describeExpiry } from './results.js';
import { safeText } from './safe-text.js';
import { countOf } from './units.js';

/** Writes a sweep as a document; `swept` is absent while nothing was done. */
export function toSweepDocument(sweep: Sweep, swept: readonly SweptEnvironment[] | undefined): SweepDocument {
  const { target, account, region, entries, unreadable, hiddenBuckets } = sweep;
  const planned = entries.map(({ environment, plan, refusal }) => ({
    ...nameOf(environment),
    ...(plan === undefined ? {} : { plan }),
    ...(refusal === undefined ? {} : { error: toErrorDocument(refusal, false) }),
  }));
  const done = swept?.map(({ environment, outcome, removed, left, error }) => ({
    ...nameOf(environment),
    ...{ outcome, removed, left },
    ...(error === undefined ? {} : { error: toErrorDocument(error, false) }),
  }));
  return {
    ...{ target, account, region },
    ...(hiddenBuckets === undefined ? {} : { hiddenBuckets }),
    environments: done ?? planned,
    unreadable: unreadable.map((found) => ({
      ...nameOf(found),
      ...(found.unreadableLease === undefined ? {} : { unreadableLease: found.unreadableLease }),
    })),
  };
}

function nameOf({ name, stage, token, createdBy, expiresAt }: EnvironmentSummary): SweptName {
  return {
    ...{ name, stage, token },
    ...(createdBy === undefined ? {} : { createdBy }),
    ...(expiresAt === undefined ? {} : { expiresAt }),
  };
}

/** Sets out everything that a sweep would take away, as one plan. */
export function renderSweep({ entries, unreadable, hiddenBuckets = [] }: Sweep, page: Page, verbose = false): string[] {
  return [
    ...entries.flatMap(({ environment, plan, refusal }) => [
      page.paint('strong', titleOf(environment)),
      ...(plan === undefined ? [] : renderPlan(plan, page, verbose)),
      ...(refusal === undefined ? [] : warn(`  stays: ${refusal.message}`, page)),
    ]),
    ...unreadable.flatMap((found) => {
      const tags = (found.unreadableLease ?? []).map(({ thing, value }) => `${thing} says ${JSON.stringify(value)}`);
      const text = `! ${found.name}, stage ${found.stage}, stays: nobody can read when it expires (${tags.join(', ')}).`;
      return warn(text, page);
    }),
    ...hiddenBuckets.flatMap((bucket) => warn(`! bucket ${bucket} stays: its tags may not be read.`, page)),
  ];
}

/** Sets out what became of each environment, and how many are gone. */
export function renderSwept(swept: readonly SweptEnvironment[], page: Page): string[] {
  const gone = swept.filter(({ outcome }) => outcome === 'removed').length;
  return [
    ...swept.flatMap(({ environment, outcome, removed, left, error }) => {
      const count = left.length === 0 ? '' : `, ${left.length} left`;
      const head = `${environment.name}, stage ${environment.stage}: ${wordsOf[outcome]} (${removed.length} removed${count})`;
      return [
        page.paint(outcome === 'removed' ? 'good' : 'warning', safeText(head)),
        ...(error === undefined ? [] : wrapText(`  ${safeText(error.message)}`, page.columns, 2)),
        ...left.map((thing) => `  left: ${safeText(thing)}`),
      ];
    }),
    `${gone} of ${countOf(swept.length, 'environment')} removed`,
  ];
}

const wordsOf: Readonly<Record<SweptEnvironment['outcome'], string>> = {
  removed: 'removed',
  left: 'not all of it could be removed',
  refused: 'stays',
  renewed: 'stays, its lease was renewed meanwhile',
  waiting: 'stays, the run was stopped before',
};

function titleOf(environment: EnvironmentSummary): string {
  return safeText(`${environment.name}, stage ${environment.stage}: ${describeExpiry(environment)}`);
}

function warn(text: string, page: Page): string[] {
  return wrapText(safeText(text), page.columns, 4).map((line) => page.paint('warning', line));
}
