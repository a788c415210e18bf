import { look, type Sight } from '../engine/survey.js';
import { RefusedError, UsageError } from '../errors.js';
import type { Status } from '../model/status.js';
import { NoImagesError } from '../resources/no-images.js';
import type { ObjectsWant } from '../resources/objects-work.js';
import { findStrays } from '../resources/strays.js';
import type { Context } from './context.js';
import { jobOf } from './job.js';

/** What was seen of one resource, or why it cannot be used. */
export type StatusSight = Sight & {
  readonly label: string;
  /** What stands in the way, in one sentence. */
  readonly refusal?: string;
};

/** Everything there is to see of an environment. */
export interface StatusSurvey {
  /** In the order in which things are made. */
  readonly sights: readonly StatusSight[];
  /** What each resource turned out to be. */
  readonly known: ReadonlyMap<string, unknown>;
  /** Things of ours that no mount uses: address and name. */
  readonly strays: readonly { readonly address: string; readonly label: string }[];
  /** A sentence for each folder that could not be compared. */
  readonly unread: readonly string[];
  /** Files that cannot be served. */
  readonly refused: NonNullable<Status['refused']>;
}

/**
 * Looks at everything once. What stands in the way of one thing is told and keeps nobody from seeing the others, and a
 * source folder that is missing only means that its images are not compared. Changes nothing.
 */
export async function surveyStatus(context: Context): Promise<StatusSurvey> {
  const { config } = context;
  const job = jobOf(context, { prune: false, readFolders: true, removing: false });
  const blind = jobOf(context, { prune: false, readFolders: false, removing: false });
  const known = new Map<string, unknown>();
  const sights: StatusSight[] = [];
  const unread: string[] = [];
  const refused: { file: string; reason: string }[] = [];
  for (const [n, withFolder] of job.resources.entries()) {
    const withoutFolder = blind.resources[n] ?? withFolder;
    const sight = await look(job, withFolder, known)
      .catch((error: unknown) => {
        if (!(error instanceof UsageError) || !withFolder.address.startsWith('objects/')) throw error;
        if (error instanceof NoImagesError) refused.push(...error.refused);
        unread.push(`Images are not compared with their files: ${error.message}`);
        return look(job, withoutFolder, known);
      })
      .catch(async (error: unknown) => {
        if (!(error instanceof RefusedError)) throw error;
        const want = await withoutFolder.desire(config, known);
        return { resource: withoutFolder, want, have: undefined, changes: [], refusal: error.message };
      });
    if (withFolder.address.startsWith('objects/')) refused.push(...(sight.want as ObjectsWant).folder.refused);
    if (sight.have !== undefined) known.set(withFolder.address, sight.have);
    sights.push({ ...sight, label: sight.resource.label(sight.want) });
  }
  const strays = await Promise.all(
    (await findStrays(job.world, config)).map(async ({ address, desire, label }) => ({
      address,
      label: label(await desire(config, known)),
    })),
  );
  return { sights, known, strays, unread, refused };
}
