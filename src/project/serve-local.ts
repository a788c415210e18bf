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
}

/**
 * Serves the local cloud of a project's folder on the loopback address, for browsers, curl, the AWS CLI and other SDKs.
 *
 * @throws {Error} with code EADDRINUSE when the port is taken, EACCES when the system does not allow it.
 */
export async function serveLocal(options: ServeOptions): Promise<LocalServer> {
  const { serveLocalCloud } = await import('../targets/local.js');
  return serveLocalCloud(options);
}
