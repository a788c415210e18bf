import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { z } from 'zod';
import type { MountAccess } from './config.js';
import { judgedText } from './judged-text.js';
import { didYouMean, wordOf } from './word.js';

/** Kinds of access that can be named by themselves, as flags do. */
const NAMED_KINDS = ['public', 'iam', 'api-key', 'cognito'] as const;

const ACCESS_RULE =
  'must be written out: public (everybody who knows an address can read the image), iam, api-key, cognito or lambda';

/** Says what is wrong with a value that names no kind of access. */
function refuse({ input }: { readonly input: unknown }): string {
  return input === 'lambda'
    ? 'must name a function, such as { lambda: { functionArn: "arn:…" } }'
    : `${ACCESS_RULE}${didYouMean(input, NAMED_KINDS)}`;
}

/** Kind of access by its name alone. */
export const accessKindField = z.enum(NAMED_KINDS, { error: refuse });

const accountField = judgedText('must be the number of an account (put it in quotes)', (text) =>
  /^\d{12}$/.test(text) ? true : 'must be the number of an account: twelve digits, in quotes',
);

const ROLE = /^arn:aws[a-z-]*:iam::\d{12}:role\/[A-Za-z0-9+=,.@_/*-]{1,576}$/;
const ROLE_RULE = 'must be the ARN of a role, such as arn:aws:iam::111122223333:role/Viewer';

const roleField = judgedText(ROLE_RULE, (text) => (ROLE.test(text) ? true : ROLE_RULE));

const IP_RULE = 'must be an address or a block such as 203.0.113.0/24';

const sourceIpField = judgedText(IP_RULE, (text) => {
  const [address = '', bits, ...rest] = text.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return IP_RULE;
  if (bits === undefined) return true;
  return /^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128) ? true : IP_RULE;
});

/** AWS: a resource policy has 8,192 characters, so no list may be endless. */
const LONGEST_LIST = 20;

function listOf(field: typeof accountField, what: string) {
  const rule = `must be a list of 1 to ${LONGEST_LIST} ${what}`;
  return z.array(field, rule).min(1, rule).max(LONGEST_LIST, rule);
}

const iamSchema = z
  .strictObject(
    {
      accounts: listOf(accountField, 'numbers of accounts')
        .describe("Accounts whose callers get in, and nobody else. Default: the API's own.")
        .exactOptional(),
      roles: listOf(roleField, 'ARNs of roles')
        .describe('Roles that get in, and nobody else; * stands for any characters. Default: any.')
        .exactOptional(),
      sourceIps: listOf(sourceIpField, 'addresses or blocks')
        .describe('Where callers must come from. Default: anywhere.')
        .exactOptional(),
      mfa: wordOf(['required', 'none'], 'must be required or none')
        .describe('required: only sessions that began with MFA get in. Default: none.')
        .exactOptional(),
    },
    'must be a set of fields',
  )
  .superRefine(({ roles, mfa }, context) => {
    if (roles === undefined || mfa !== 'required') return;
    // AWS: temporary credentials of AssumeRole carry no MFA information. (IAM User Guide, "Secure API access with MFA")
    const message = 'must be left out beside roles, whose sessions never say that they began with MFA';
    context.addIssue({ code: 'custom', path: ['mfa'], message, input: mfa });
  })
  .describe('Callers who sign with AWS credentials, and what is asked of them.');

const RATE_RULE = 'must be a number of requests a second from 0.1 to 10000';
const COUNT_RULE = 'must be a whole number from 1 to 10000';

const apiKeySchema = z
  .strictObject(
    {
      throttle: z
        .strictObject(
          {
            rate: z.number(RATE_RULE).min(0.1, RATE_RULE).max(10_000, RATE_RULE).exactOptional(),
            burst: z.int(COUNT_RULE).min(1, COUNT_RULE).max(10_000, COUNT_RULE).exactOptional(),
          },
          'must be a set of fields',
        )
        .describe('Requests a second and at one moment, for each key. Default: 100 and 200.')
        .exactOptional(),
      quota: z
        .strictObject(
          {
            limit: z
              .int('must be a whole number from 1 to 2147483647')
              .min(1, 'must be a whole number from 1 to 2147483647')
              .max(2_147_483_647, 'must be a whole number from 1 to 2147483647'),
            per: wordOf(['day', 'week', 'month'], 'must be day, week or month'),
          },
          'must be a set of fields',
        )
        .describe('Requests that each key has in each period. Default: no limit.')
        .exactOptional(),
    },
    'must be a set of fields',
  )
  .describe('Callers who send an API key, which meters them and proves nothing.');

const POOL_RULE =
  'must be the ARN of a user pool, such as arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_AbCdEfGhI';
const POOL = /^arn:aws[a-z-]*:cognito-idp:[a-z0-9-]{1,32}:\d{12}:userpool\/[a-z0-9-]{1,32}_[0-9A-Za-z]{1,55}$/;

const SCOPE_RULE = 'must be a scope such as images/read';

const cognitoSchema = z
  .strictObject(
    {
      userPoolArn: judgedText(POOL_RULE, (text) => (POOL.test(text) ? true : POOL_RULE))
        .describe('A pool that exists. Default: pixgate makes one.')
        .exactOptional(),
      scopes: listOf(
        judgedText(SCOPE_RULE, (text) => (/^[\x21\x23-\x5b\x5d-\x7e]{1,512}$/.test(text) ? true : SCOPE_RULE)),
        'scopes',
      )
        .describe('Of a pool that exists: access tokens with any of these get in, in place of ID tokens.')
        .exactOptional(),
      create: z
        .literal(true, 'must be true, or left out')
        .describe('pixgate makes the pool. Default: unless userPoolArn is given.')
        .exactOptional(),
      mfa: wordOf(['required', 'optional', 'none'], 'must be required, optional or none')
        .describe('Whether users of a pool that pixgate makes show a code of an authenticator. Default: optional.')
        .exactOptional(),
    },
    'must be a set of fields',
  )
  .superRefine(({ userPoolArn, create, mfa, scopes }, context) => {
    const clash = (path: string, message: string, input: unknown) =>
      context.addIssue({ code: 'custom', path: [path], message, input });
    if (userPoolArn !== undefined && create !== undefined)
      clash('create', 'must be left out beside userPoolArn', create);
    if (userPoolArn !== undefined && mfa !== undefined)
      clash('mfa', 'must be left out beside userPoolArn: the pool says', mfa);
    // AWS: tokens that come from signing in by API carry no scopes of one's own. (source: Cognito Developer Guide, "Scopes, M2M, and APIs")
    if (userPoolArn === undefined && scopes !== undefined)
      clash('scopes', 'must come with userPoolArn: a pool that pixgate makes gives no such tokens', scopes);
  })
  .describe('Callers who send a token of a user pool.');

const FUNCTION_RULE =
  'must be the ARN of a function without a version, such as arn:aws:lambda:eu-west-1:111122223333:function:viewers';
const FUNCTION = /^arn:aws[a-z-]*:lambda:[a-z0-9-]{1,32}:\d{12}:function:[A-Za-z0-9_-]{1,64}$/;
const HEADER_RULE = 'must be the name of a request header';
const TTL_RULE = 'must be a whole number from 0 to 3600';

const lambdaSchema = z
  .strictObject(
    {
      functionArn: judgedText(FUNCTION_RULE, (text) => (FUNCTION.test(text) ? true : FUNCTION_RULE)).describe(
        'A function that exists.',
      ),
      type: wordOf(['token', 'request'], 'must be token or request')
        .describe('What the function is asked with. Default: token.')
        .exactOptional(),
      identityHeaders: listOf(
        judgedText(HEADER_RULE, (text) => (/^[A-Za-z0-9-]{1,64}$/.test(text) ? true : HEADER_RULE)),
        'names of request headers',
      )
        .describe('Headers that tell who calls; of token exactly one. Default: Authorization.')
        .exactOptional(),
      ttlSeconds: z
        .int(TTL_RULE)
        .min(0, TTL_RULE)
        .max(3600, TTL_RULE)
        .describe('How long its policy is kept for the same headers. Default: 300.')
        .exactOptional(),
      local: judgedText('must be a file such as ./authorizer.mjs', (text) =>
        /^[^\x00-\x1f\x7f]+\.m?js$/.test(text) ? true : 'must be a file such as ./authorizer.mjs',
      )
        .describe('A JavaScript module that stands for the function in the local cloud, relative to this file.')
        .exactOptional(),
    },
    'must be a set of fields',
  )
  .superRefine(({ type = 'token', identityHeaders = [] }, context) => {
    if (type !== 'token' || identityHeaders.length < 2) return;
    const message = 'must be one header where type is token';
    context.addIssue({ code: 'custom', path: ['identityHeaders'], message, input: identityHeaders });
  })
  .describe('Callers whom a Lambda function lets in.');

const accessSchema = z
  .strictObject({
    iam: iamSchema.exactOptional(),
    'api-key': apiKeySchema.exactOptional(),
    cognito: cognitoSchema.exactOptional(),
    lambda: lambdaSchema.exactOptional(),
  })
  .refine((access) => Object.keys(access).length === 1, { error: refuse });

/** Who may read: a kind by its name, or with what is asked of callers. */
export const accessField = z
  .union([accessKindField, accessSchema], { error: refuse })
  .describe('Who may read. It must be written out, since public is everybody who knows an address.');

/** Who may read, as a file says it. */
export type AccessFile = z.infer<typeof accessField>;

/** Derives the kind of access, whichever way it is written. */
export function accessKind(access: AccessFile): MountAccess['kind'] {
  if (typeof access === 'string') return access;
  if (access.iam !== undefined) return 'iam';
  if (access['api-key'] !== undefined) return 'api-key';
  return access.cognito === undefined ? 'lambda' : 'cognito';
}

/** Fills in what is left out. `directory` is that of the config file. */
export function completeAccess(access: AccessFile, directory: string): MountAccess {
  const written = typeof access === 'string' ? { [access]: {} } : access;
  const { iam, 'api-key': apiKey, cognito, lambda }: Exclude<AccessFile, string> = written;
  if (iam !== undefined) return { kind: 'iam', ...iam };
  if (apiKey !== undefined)
    return { kind: 'api-key', ...apiKey, throttle: { rate: 100, burst: 200, ...apiKey.throttle } };
  if (cognito !== undefined) {
    const { create: _create, ...own } = cognito;
    return { kind: 'cognito', ...own };
  }
  if (lambda === undefined) return { kind: 'public' };
  const { local, ...own } = lambda;
  return {
    ...{ kind: 'lambda', type: 'token', identityHeaders: ['Authorization'], ttlSeconds: 300, ...own },
    ...(local === undefined ? {} : { local: resolve(directory, local) }),
  };
}
