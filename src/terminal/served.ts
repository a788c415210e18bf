import { get, type IncomingMessage } from 'node:http';

/** How long a local port may take to answer, in milliseconds. */
const PATIENCE_MS = 500;

/** Tells whether the API at a local URL answers there: a port that another project serves knows nothing of it. */
export function isServed(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get(url, { timeout: PATIENCE_MS, agent: false }, (answer) => {
      resolve(isOfApi(answer));
      answer.destroy();
    });
    request.once('error', () => resolve(false));
    request.once('timeout', () => request.destroy());
  });
}

/** AWS: a host name of no API, or of one without this stage, answers 403 ForbiddenException. */
function isOfApi({ headers }: IncomingMessage): boolean {
  return headers['x-amzn-requestid'] !== undefined && headers['x-amzn-errortype'] !== 'ForbiddenException';
}
