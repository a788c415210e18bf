import type { IAMClient } from '@aws-sdk/client-iam';
import type { S3ClientConfig } from '@aws-sdk/client-s3';
import type { Clock } from '../clock.js';
import { mostSockets } from './most-sockets.js';

/** How AWS is reached: everything in which the world and the local cloud differ. */
export interface AwsAccess {
  readonly region: string;
  readonly clock: Clock;
  /** Absent: the SDK's own chain of environment, profile, SSO and instance roles. */
  readonly credentials?: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  };
  /** Profile of the AWS config files. */
  readonly profile?: string;
  /** Another endpoint for every service. */
  readonly endpointUrl?: string;
  /** How far AWS's clock is ahead of this machine's, in milliseconds. Absent: each client finds out by a call that fails. */
  readonly clockOffsetMs?: number;
  /** Another transport. Absent: HTTPS with time-outs that throw. */
  readonly requestHandler?: NonNullable<S3ClientConfig['requestHandler']>;
}

/**
 * What every client is made with. Retries and time-outs are pinned, so that the user's environment cannot change them:
 * 4 attempts, 5 s to connect, 30 s of silence; 5 minutes in all, since a body may be large and the line slow.
 */
export function clientConfig(access: AwsAccess, maxAttempts = 4): ClientConfig {
  const { region, credentials, profile, endpointUrl, requestHandler, clockOffsetMs } = access;
  const maxSockets = mostSockets();
  return {
    region,
    maxAttempts,
    retryMode: 'standard',
    // AWS SDK: without throwOnRequestTimeout the time-out only logs a warning and the call hangs for ever.
    requestHandler: requestHandler ?? {
      connectionTimeout: 5_000,
      socketTimeout: 30_000,
      requestTimeout: 300_000,
      throwOnRequestTimeout: true,
      // As many as may be sent at once; the SDK's own limit is 50.
      httpAgent: { maxSockets },
      httpsAgent: { maxSockets },
    },
    ...(credentials === undefined ? {} : { credentials }),
    ...(profile === undefined ? {} : { profile }),
    ...(endpointUrl === undefined ? {} : { endpoint: endpointUrl }),
    ...(clockOffsetMs === undefined ? {} : { systemClockOffset: clockOffsetMs }),
  };
}

/** The settings that all clients share. */
export interface ClientConfig {
  readonly region: string;
  readonly maxAttempts: number;
  readonly retryMode: 'standard';
  readonly requestHandler: NonNullable<S3ClientConfig['requestHandler']>;
  readonly credentials?: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  };
  readonly profile?: string;
  readonly endpoint?: string;
  /** Milliseconds that are added to this machine's time before a call is signed. */
  readonly systemClockOffset?: number;
}

/**
 * Has a client fail at once where an account has no room for another thing. AWS answers that with 429 as it does haste, so
 * the SDK would try again, and no waiting helps.
 */
export function failOnFullQuota<C extends { readonly config: Pick<IAMClient['config'], 'retryStrategy'> }>(
  client: C,
): C {
  const { config } = client;
  const usual = config.retryStrategy;
  config.retryStrategy = async () => {
    const strategy = await usual();
    if (!('refreshRetryTokenForRetry' in strategy)) return strategy;
    return {
      acquireInitialRetryToken: (scope) => strategy.acquireInitialRetryToken(scope),
      refreshRetryTokenForRetry: async (token, info) => {
        if (info.error instanceof Error && info.error.name === 'LimitExceededException') throw info.error;
        return strategy.refreshRetryTokenForRetry(token, info);
      },
      recordSuccess: (token) => strategy.recordSuccess(token),
    };
  };
  return client;
}
