import { isIP } from 'node:net';
import { z } from 'zod';
import { judgedText } from './judged-text.js';

/** Kinds of access that can be named by themselves, as flags do. */
export const ACCESS_KINDS = ['public', 'iam'] as const;

const LATER: readonly unknown[] = ['api-key', 'cognito', 'lambda'];

const ACCESS_RULE =
  'must be written out: public (everybody who knows an address can read the image) or iam (callers who sign with AWS credentials)';

/** Says what is wrong with a value that names no kind of access. */
function refuse({ input }: { readonly input: unknown }): string {
  return LATER.includes(input) ? `${input} is not available in this version; public and iam are` : ACCESS_RULE;
}

/** Kind of access by its name alone. */
export const accessKindField = z.enum(ACCESS_KINDS, { error: refuse });

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
      mfa: z
        .enum(['required', 'none'], 'must be required or none')
        .describe('required: only sessions that began with MFA get in. Default: none.')
        .exactOptional(),
    },
    'must be a set of fields',
  )
  .describe('Callers who sign with AWS credentials, and what is asked of them.');

const accessSchema = z
  .strictObject({ iam: iamSchema.exactOptional() })
  .refine((access): access is { iam: z.infer<typeof iamSchema> } => Object.keys(access).length === 1, {
    error: refuse,
  });

/** Who may read: a kind by its name, or with what is asked of callers. */
export const accessField = z
  .union([accessKindField, accessSchema], { error: refuse })
  .describe('Who may read. It must be written out, since public is everybody who knows an address.');
