import type { MountConfig } from '../config/config.js';
import type { AccessResult, MountCalls } from '../model/access.js';
import { findManifest } from '../resources/manifest.js';
import { bucketName, bucketRegion, manifestKey } from '../resources/names.js';
import { callsOf } from './access-calls.js';
import type { Context } from './context.js';
import { findStage } from './find-stage.js';
import { findSecretCommands } from './secret-commands.js';

/**
 * Tells for each mount how its images are called. Changes nothing and holds no secret.
 *
 * @throws {RefusedError} when nothing is wired yet.
 */
export async function readAccess(context: Context): Promise<AccessResult> {
  const { config, environment, target } = context;
  const { url, api } = await findStage(context, 'Cannot tell how to call');
  const { account, region, partition, name, stage } = environment;
  const calls = async (mount: MountConfig): Promise<MountCalls> => {
    const image = `${url}${mount.path}/${await anImage(context, mount)}`;
    const arn = (verb: string): string =>
      `arn:${partition}:execute-api:${region}:${account}:${api.id}/${stage}/${verb}${mount.path}/*`;
    const place = { url: image, region, invokeArns: ['GET', 'HEAD'].map(arn) };
    const secretFrom = await findSecretCommands(context, mount.access);
    return {
      path: mount.path,
      access: mount.access.kind,
      url: image,
      ...callsOf(mount.access, place),
      ...(secretFrom.length === 0 ? {} : { secretFrom }),
    };
  };
  const mounts = await Promise.all(config.mounts.map(calls));
  return { target: target.name, account, region, name, stage, url, mounts };
}

/** The encoded key of some image of a mount, or the word IMAGE. */
async function anImage({ aws, environment }: Context, mount: MountConfig): Promise<string> {
  const s3 = aws.s3In(bucketRegion(environment, mount));
  const manifest = await findManifest(s3, bucketName(environment, mount), manifestKey(environment, mount));
  const [key = 'IMAGE'] = manifest?.objects.keys() ?? [];
  return key.split('/').map(encodeURIComponent).join('/').replaceAll("'", '%27');
}
