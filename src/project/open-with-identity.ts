import { rmdirSync } from 'node:fs';
import path from 'node:path';
import { openAws } from '../aws/aws.js';
import type { Identity } from '../aws/sts.js';
import { systemClock } from '../clock.js';
import type { Config } from '../config/config.js';
import { RefusedError } from '../errors.js';
import type { LedgerSubject } from '../ledger/document.js';
import { findOtherAccount, newInstallation, openLedger } from '../ledger/ledger.js';
import { openDigests } from '../resources/digests.js';
import type { Target } from '../targets/target.js';
import { readAccess } from './access.js';
import { applyPlan } from './apply-plan.js';
import type { Context } from './context.js';
import { findInstallation } from './discover.js';
import { findStage } from './find-stage.js';
import { flush } from './flush.js';
import { openKeyDesk } from './key-desk.js';
import { withLocalFunctions } from './local-functions.js';
import { makePlan } from './make-plan.js';
import type { Project } from './project.js';
import { readLogs } from './read-logs.js';
import { servedUrls } from './served-urls.js';
import { readStatus } from './status.js';
import { stoppableClock } from './stoppable-clock.js';
import { openUserDesk } from './user-desk.js';
import { verifyProject } from './verify-project.js';

/** Opens an environment behind an open door, once it is known whose credentials these are. */
export async function openWithIdentity(
  target: Target,
  identity: Identity,
  given: Config,
  createdBy: string,
): Promise<Project> {
  const config = withLocalFunctions(given, target, identity.account);
  const place = {
    target: target.name,
    account: identity.account,
    partition: identity.partition,
    region: config.region,
    name: config.name,
    stage: config.stage,
    createdBy,
    ...(target.access.endpointUrl === undefined ? {} : { endpoint: target.access.endpointUrl }),
  };
  let heard: (why: string, ms: number) => void = () => {};
  let stop: AbortSignal | undefined;
  const clock = stoppableClock(target.access.clock, () => stop);
  const aws = openAws({ ...target.access, clock }, identity, (why, ms) => heard(why, ms));
  const home = path.join(config.directory, '.pixgate');
  const folder = path.join(home, 'state');
  const ledger = await openLedger(folder, place);
  const found = ledger.installation === undefined ? await findInstallation(aws, place, config) : undefined;
  if (ledger.installation === undefined && found === undefined)
    refuseOtherAccount(await findOtherAccount(folder, place), place);
  const token = ledger.installation ?? found ?? newInstallation();
  const context: Context = {
    config,
    environment: { ...place, token },
    target,
    aws,
    ledger,
    digests: openDigests(config.directory, systemClock.now),
    foundByTags: found !== undefined,
  };
  return {
    config,
    target: target.name,
    account: identity.account,
    plan: (phase, planOptions = {}) => makePlan(context, phase, planOptions),
    apply: async (plan, listener = () => {}, signal = new AbortController().signal, options = {}) => {
      stop = signal;
      heard = (why, ms) => listener({ type: 'wait', address: '', for: why, elapsedMs: 0, expectedMs: ms });
      return applyPlan(context, plan, listener, signal, options);
    },
    verify: (verifyOptions = {}, listener = () => {}, signal) =>
      verifyProject(context, verifyOptions, listener, signal),
    access: () => readAccess(context),
    images: async (limit) => {
      const { url } = await findStage(context, 'Cannot name images');
      return servedUrls(context, url, limit === undefined ? {} : { limit });
    },
    keys: openKeyDesk(context),
    users: openUserDesk(context),
    flush: (flushOptions = {}, listener = () => {}, signal = new AbortController().signal) =>
      flush(context, flushOptions, listener, signal),
    logs: (logsOptions = {}) => readLogs(context, logsOptions),
    status: () => readStatus(context),
    async close() {
      await target.close();
      // At once: where the input has ended, no loop is left that could wait.
      removeIfEmpty(home);
    },
  };
}

/** Removes the folder of all state, which is there for what lies in it. */
function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // Something is in it, or it is not there.
  }
}

/**
 * Refuses to begin an environment that this folder has in another account: most likely these are the wrong credentials.
 *
 * @throws {RefusedError} naming both accounts.
 */
function refuseOtherAccount(other: string | undefined, { account, name, stage }: LedgerSubject): void {
  if (other === undefined) return;
  throw new RefusedError(
    `Cannot use these credentials for "${name}", stage "${stage}": the state in this folder is for account ${other}, and you are ${account}.`,
    {
      code: 'WRONG_ACCOUNT',
      suggestions: [
        `use credentials of account ${other}, with --profile or AWS_PROFILE`,
        `add --stage STAGE to begin another environment in account ${account}`,
      ],
    },
  );
}
