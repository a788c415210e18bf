import { openAwsTarget } from './aws.js';
import type { Target } from './target.js';

/** Which door, and what lies behind it. */
export interface TargetOptions {
  readonly target: 'aws' | 'local';
  readonly region: string;
  readonly profile?: string;
  readonly endpointUrl?: string;
  /** Folder of the project: the local cloud lies in `.pixgate/local` below it. */
  readonly directory: string;
  /** Port that is part of the URLs of the local cloud. */
  readonly localPort: number;
}

/** Opens a door. The emulator is loaded only for the local one. */
export async function openTarget({
  target,
  region,
  profile,
  endpointUrl,
  directory,
  localPort,
}: TargetOptions): Promise<Target> {
  if (target === 'local') return (await import('./local.js')).openLocalTarget({ directory, region, port: localPort });
  return openAwsTarget({
    region,
    ...(profile === undefined ? {} : { profile }),
    ...(endpointUrl === undefined ? {} : { endpointUrl }),
  });
}
