import { connect } from 'node:net';

/** How long a local port may take to answer, in milliseconds. */
const PATIENCE_MS = 500;

/** Tells whether something listens at a URL's host and port. */
export function isServed(url: string): Promise<boolean> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port || 80), timeout: PATIENCE_MS });
    const answer = (served: boolean) => {
      socket.destroy();
      resolve(served);
    };
    socket.once('connect', () => answer(true));
    socket.once('error', () => answer(false));
    socket.once('timeout', () => answer(false));
  });
}
