import { createSts } from '../aws/sts.js';
import type { EnvironmentSummary } from '../model/result.js';
import { openTarget } from '../targets/open-target.js';
import { DEFAULT_LOCAL_PORT } from './open-project.js';
import type { OpenOptions } from './project.js';

/** Whose environments are looked for. */
export interface ListOptions extends Omit<OpenOptions, 'config'> {
  readonly region: string;
  /** Folder below which `.pixgate/local` lies, for the local target. */
  readonly directory: string;
}

/** Finds every environment of pixgate in one account and Region by its tags; needs no ledger. Changes nothing. */
export async function listEnvironments(options: ListOptions): Promise<readonly EnvironmentSummary[]> {
  const target = await openTarget({
    ...options,
    target: options.target ?? 'aws',
    localPort: options.localPort ?? DEFAULT_LOCAL_PORT,
  });
  try {
    const identity = await createSts(target.access).getIdentity();
    const { openAws } = await import('../aws/aws.js');
    const { surveyEnvironments } = await import('./survey-environments.js');
    const aws = openAws(target.access, identity);
    const found = await surveyEnvironments({ aws, target, identity, region: options.region });
    return found.map(({ summary }) => summary);
  } finally {
    await target.close();
  }
}
