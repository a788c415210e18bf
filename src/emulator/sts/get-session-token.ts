import type { QueryOperation } from '../wire/query-xml.js';
import { Refusal } from '../wire/refusal.js';
import { beginSession } from './sessions.js';

/**
 * Gives the caller temporary keys with its own rights. The local cloud has no MFA devices, so a code is always refused.
 *
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html
 */
export const GetSessionToken: QueryOperation = {
  name: 'GetSessionToken',
  mutating: false,
  fidelity: 'documented',
  source: 'STS API Reference, GetSessionToken; the sentences of its errors as the SDKs report them',
  run(input, call) {
    const { caller } = call;
    const longest = caller.kind === 'root' ? 3600 : 129_600;
    const seconds = input.findInteger('DurationSeconds', 900, 129_600) ?? Math.min(43_200, longest);
    if (caller.kind === 'assumed-role' || caller.context?.['aws:MultiFactorAuthPresent'] !== undefined)
      throw new Refusal('AccessDenied', 403, 'Cannot call GetSessionToken with session credentials');
    if (input.has('SerialNumber') || input.has('TokenCode')) {
      const advice = 'Please verify your MFA serial number is valid and associated with this user.';
      throw new Refusal(
        'AccessDenied',
        403,
        `MultiFactorAuthentication failed, unable to validate MFA code.  ${advice}`,
      );
    }
    const session = { ...caller, context: { 'aws:MultiFactorAuthPresent': 'false' } };
    return { Credentials: beginSession(call, session, Math.min(seconds, longest)) };
  },
};
