import { systemClock } from '../clock.js';
import type { Config } from '../config/config.js';
import { RefusedError } from '../errors.js';
import type { Pictures } from './home-page.js';
import { openProject } from './open-project.js';

/** What `pixgate local` needs to tell. */
export interface LocalServer {
  readonly url: string;
  readonly port: number;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly accountId: string;
  close(): Promise<void>;
}

/** What to serve, and where. */
export interface ServeOptions {
  /** Folder of the project, absolute. */
  readonly directory: string;
  /** Port on the loopback address: 1 to 65535. */
  readonly port: number;
  /** Whether AWS's call quotas hold, now and in every later run on the folder's local cloud. @default as it was */
  readonly pace?: 'none' | 'aws';
  /** Finds the environment whose images a browser is shown at `/`, each time anew. @default none: how to make one */
  readonly config?: () => Promise<Config | undefined>;
}

/**
 * Serves the local cloud of a project's folder on the loopback address, for browsers, curl, the AWS CLI and other SDKs.
 *
 * @throws {Error} with code EADDRINUSE when the port is taken, EACCES when the system does not allow it.
 */
export async function serveLocal(options: ServeOptions): Promise<LocalServer> {
  const { serveLocalCloud } = await import('../targets/local.js');
  const { renderHome } = await import('./home-page.js');
  return serveLocalCloud({ ...options, home: async () => renderHome(await findPictures(options)) });
}

/** How many images the page shows. */
const SHOWN = 60;

/** What is served now; undefined while nothing is. */
async function findPictures({ config: find, port }: ServeOptions): Promise<Pictures | undefined> {
  const config = await find?.();
  if (config === undefined) return undefined;
  const project = await openProject({ config, target: 'local', localPort: port });
  try {
    const closed = config.mounts.filter(({ access }) => access.kind !== 'public').map((mount) => mount.path);
    return {
      name: config.name,
      stage: config.stage,
      closed,
      nowMs: systemClock.now(),
      ...(await project.images(SHOWN)),
    };
  } catch (error) {
    if (error instanceof RefusedError) return undefined;
    throw error;
  } finally {
    await project.close();
  }
}
