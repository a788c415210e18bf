import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { type AwsAccess, clientConfig } from './access.js';
import { createSend, sent } from './sender.js';

/** Who the credentials belong to. */
export interface Identity {
  /** Twelve digits. */
  readonly account: string;
  readonly arn: string;
  /** 'aws', 'aws-cn', 'aws-us-gov', 'aws-eusc'. */
  readonly partition: string;
  /** How far AWS's clock is ahead of this machine's, in milliseconds; absent within five minutes. */
  readonly clockOffsetMs?: number;
}

/** The verbs of STS. */
export interface Sts {
  /** @throws {AwsError} when there are no credentials or they are not valid. */
  getIdentity(): Promise<Identity>;
}

/** STS in the Region of `access`. */
export function createSts(access: AwsAccess): Sts {
  const client = new STSClient(clientConfig(access));
  const send = createSend({ service: 'STS', region: access.region, clock: access.clock });
  return {
    async getIdentity() {
      const { Account = '', Arn = '' } = await sent(
        send('GetCallerIdentity', () => client.send(new GetCallerIdentityCommand({}))),
      );
      // AWS SDK: it follows AWS's clock when its own is more than five minutes off, and says nothing of it.
      const { systemClockOffset = 0 } = client.config as { readonly systemClockOffset?: number };
      const identity = { account: Account, arn: Arn, partition: Arn.split(':')[1] ?? 'aws' };
      return systemClockOffset === 0 ? identity : { ...identity, clockOffsetMs: systemClockOffset };
    },
  };
}
