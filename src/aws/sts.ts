import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { type AwsAccess, clientConfig } from './access.js';
import { checkProfile, explainNoCredentials } from './profile.js';
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
  /**
   * @throws {AwsError} when there are no credentials or they are not valid.
   * @throws {UsageError} when the profile, or one that it leads to, does not exist.
   * @throws {RefusedError} when an endpoint is set where nobody sees it.
   */
  getIdentity(): Promise<Identity>;
}

/** A clock that is less wrong than this hurts nobody: AWS takes signatures that are a quarter of an hour old. Milliseconds. */
const NOTABLE_MS = 300_000;

/** STS in the Region of `access`. */
export function createSts(access: AwsAccess): Sts {
  const client = new STSClient(clientConfig(access));
  const send = createSend({ service: 'STS', region: access.region, clock: access.clock });
  return {
    async getIdentity() {
      await checkProfile(access);
      const call = async () => {
        const { Account = '', Arn = '' } = await client.send(new GetCallerIdentityCommand({}));
        // Everything is named and owned by it: half an answer must not pass for an account.
        if (!/^\d{12}$/.test(Account) || Arn === '') throw new SyntaxError('the answer names no account');
        return { Account, Arn };
      };
      const { Account, Arn } = await sent(send('GetCallerIdentity', call)).catch(async (error: unknown) => {
        throw await explainNoCredentials(error, access);
      });
      // AWS SDK: it keeps what AWS's answers tell of the time, and says nothing of it. A few seconds are the way there.
      const { systemClockOffset = 0 } = client.config as { readonly systemClockOffset?: number };
      const identity = { account: Account, arn: Arn, partition: Arn.split(':')[1] ?? 'aws' };
      return Math.abs(systemClockOffset) < NOTABLE_MS ? identity : { ...identity, clockOffsetMs: systemClockOffset };
    },
  };
}
