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
      return { account: Account, arn: Arn, partition: Arn.split(':')[1] ?? 'aws' };
    },
  };
}
