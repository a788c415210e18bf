import type { Config, MountConfig } from '../config/config.js';
import { UsageError } from '../errors.js';
import type { Target } from '../targets/target.js';

/**
 * Has JavaScript modules stand for the functions that a config names, where the cloud is the local one: the functions are
 * then those of its account. Elsewhere the config stays as it is.
 *
 * @throws {UsageError} when no module is named.
 */
export function withLocalFunctions(config: Config, { putFunction }: Target, account: string): Config {
  if (putFunction === undefined) return config;
  const stand = (mount: MountConfig): MountConfig => {
    const { access } = mount;
    if (access.kind !== 'lambda') return mount;
    if (access.local === undefined) {
      throw new UsageError(
        `Cannot ask ${access.functionArn} in the local cloud: no module stands for it (${mount.path}, access.lambda.local).`,
        { suggestions: ['add local: ./authorizer.mjs beside functionArn; it is used by --target local only'] },
      );
    }
    const functionArn = access.functionArn.replace(/:\d{12}:/, `:${account}:`);
    putFunction({ functionArn, file: access.local });
    return { ...mount, access: { ...access, functionArn } };
  };
  return { ...config, mounts: config.mounts.map(stand) };
}
