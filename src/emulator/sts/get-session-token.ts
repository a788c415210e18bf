import type { QueryOperation } from '../wire/query-xml.js';
import { Refusal } from '../wire/refusal.js';
import { takeMfaCode } from './mfa-code.js';
import { beginSession } from './sessions.js';

/**
 * Gives the caller temporary keys with its own rights, which say whether it showed a code of its MFA device.
 *
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html
 */
export const GetSessionToken: QueryOperation = {
  name: 'GetSessionToken',
  mutating: false,
  fidelity: 'documented',
  source:
    'STS API Reference, GetSessionToken; the sentences of its errors as the SDKs report them, those about codes are guessed',
  run(input, call) {
    const { caller } = call;
    const longest = caller.kind === 'root' ? 3600 : 129_600;
    const seconds = input.findInteger('DurationSeconds', 900, 129_600) ?? Math.min(43_200, longest);
    if (caller.kind === 'assumed-role' || caller.context?.['aws:MultiFactorAuthPresent'] !== undefined)
      throw new Refusal('AccessDenied', 403, 'Cannot call GetSessionToken with session credentials');
    const isMfa = takeMfaCode(input, call);
    const session = { ...caller, context: { 'aws:MultiFactorAuthPresent': String(isMfa) } };
    return { Credentials: beginSession(call, session, Math.min(seconds, longest)) };
  },
};
