import { createSts } from '../aws/sts.js';
import type { Config } from '../config/config.js';
import { openTarget } from '../targets/open-target.js';
import type { Target } from '../targets/target.js';
import type { OpenOptions, Project } from './project.js';

/** Port on which `pixgate local` serves unless told otherwise. */
export const DEFAULT_LOCAL_PORT = 4510;

/**
 * Opens an environment: finds out whose credentials these are, reads the ledger, and finds the installation. Changes
 * nothing, neither in the cloud nor on disk.
 *
 * @throws {AwsError} when there are no valid credentials.
 * @throws {LedgerError} when the ledger cannot be read.
 * @throws {RefusedError} when the ledger is about another environment, or two installations claim it.
 */
export async function openProject(options: OpenOptions): Promise<Project> {
  const { config, localPort = DEFAULT_LOCAL_PORT } = options;
  const target = await openTarget({
    ...options,
    target: options.target ?? 'aws',
    region: config.region,
    directory: config.directory,
    localPort,
  });
  return openProjectOn(target, config, options.createdBy);
}

/** Opens an environment behind a door that is open already; closes the door when that fails. */
export async function openProjectOn(target: Target, config: Config, createdBy = ''): Promise<Project> {
  try {
    const identity = await createSts(target.access).getIdentity();
    // Half of the program. Loaded any sooner, it would hold back the first call.
    const { openWithIdentity } = await import('./open-with-identity.js');
    return await openWithIdentity(target, identity, config, createdBy);
  } catch (error) {
    await target.close();
    throw error;
  }
}
