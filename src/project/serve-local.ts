/** What `pixgate local` needs to tell. */
export interface LocalServer {
  readonly url: string;
  readonly port: number;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly accountId: string;
  close(): Promise<void>;
}

/**
 * Serves the local cloud of a project's folder on the loopback address, for browsers, curl, the AWS CLI and other SDKs.
 *
 * @throws {Error} with code EADDRINUSE when the port is taken, EACCES when the system does not allow it.
 */
export async function serveLocal(options: { readonly directory: string; readonly port: number }): Promise<LocalServer> {
  const { serveLocalCloud } = await import('../targets/local.js');
  return serveLocalCloud(options);
}
