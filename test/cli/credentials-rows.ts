/** AWS config files with every way in which a profile can be of no use. */
export const FILES = {
  config: `[profile bare]
region = eu-west-1
[profile role]
role_arn = arn:aws:iam::111122223333:role/x
source_profile = ghost
[profile loop]
role_arn = arn:aws:iam::111122223333:role/x
source_profile = pool
[profile pool]
role_arn = arn:aws:iam::111122223333:role/x
source_profile = loop
[profile process]
credential_process = false
[profile sso]
sso_session = corp
sso_account_id = 111122223333
sso_role_name = Admin
[profile old]
sso_start_url = https://old.example/start
sso_region = eu-west-1
sso_account_id = 111122223333
sso_role_name = Admin
[profile nosession]
sso_session = ghost
sso_account_id = 111122223333
sso_role_name = Admin
[profile elsewhere]
endpoint_url = http://elsewhere.example
[profile s3elsewhere]
services = moved
[services moved]
s3 =
  endpoint_url = http://s3.elsewhere.example
[profile typo]
region = us-esat-1
[sso-session corp]
sso_region = eu-west-1
sso_start_url = https://corp.example/start
sso_registration_scopes = sso:account:access
`,
  credentials: `[default]
endpoint_url = http://default.example
[half]
aws_access_key_id = AKIA0000000000000009
[elsewhere]
aws_access_key_id = AKIA0000000000000009
aws_secret_access_key = elsewhere/not-a-secret
[s3elsewhere]
aws_access_key_id = AKIA0000000000000009
aws_secret_access_key = elsewhere/not-a-secret
`,
};

/** A profile that cannot be used, and what is said of it. */
export interface Row {
  readonly what: string;
  /** Absent: none is named. */
  readonly profile?: string;
  readonly exitCode: number;
  /** Parts of the text; `shown` are the files as they are named in it. */
  readonly says: (shown: string) => readonly string[];
  /** @default FILES */
  readonly files?: typeof FILES;
  /** Sessions whose cached token is over. @default none */
  readonly tokens?: readonly string[];
}

const SIGN_IN = 'then run the same command again; it goes on where it stopped';

/** Every reason that the SDK tells of alike. */
export const ROWS: readonly Row[] = [
  {
    what: 'no credentials anywhere',
    files: { config: '', credentials: '' },
    exitCode: 4,
    says: () => ['no AWS credentials are found in the environment, the profile or an SSO session.', 'aws sso login'],
  },
  {
    what: 'a profile that does not exist',
    profile: 'ghost',
    exitCode: 2,
    says: (shown) => [
      `Cannot use profile "ghost": there is no profile "ghost" (looked in ${shown}).`,
      'Try this: use one that there is: bare, role, loop, pool, process and 8 more',
    ],
  },
  {
    what: 'a profile where there are none',
    profile: 'ghost',
    files: { config: '', credentials: '' },
    exitCode: 2,
    says: () => ['there is no profile "ghost"', 'Try this: aws configure, or aws configure sso'],
  },
  {
    what: 'a source_profile that does not exist',
    profile: 'role',
    exitCode: 2,
    says: () => [
      'Cannot use profile "role": there is no profile "ghost", which profile "role" names as its source_profile',
    ],
  },
  {
    what: 'a source_profile that leads in a circle',
    profile: 'loop',
    exitCode: 2,
    says: () => ['Cannot use profile "loop": its source_profile leads back to "loop"'],
  },
  {
    what: 'an sso_session that does not exist',
    profile: 'nosession',
    exitCode: 2,
    says: () => ['there is no [sso-session ghost], which profile "nosession" names'],
  },
  {
    what: 'a profile without credentials',
    profile: 'bare',
    exitCode: 4,
    says: (shown) => [`Cannot sign in to AWS: profile "bare" holds no credentials (looked in ${shown}).`],
  },
  {
    what: 'half of a key',
    profile: 'half',
    exitCode: 4,
    says: () => ['profile "half" has an aws_access_key_id without an aws_secret_access_key'],
  },
  {
    what: 'a credential_process that fails',
    profile: 'process',
    exitCode: 4,
    says: () => ['profile "process" has a credential_process that gave no credentials'],
  },
  ...[[], ['corp'], ['https://old.example/start']].flatMap((tokens): Row[] =>
    ['sso', 'old'].map((profile) => ({
      what: `an SSO session of profile ${profile}, with tokens ${JSON.stringify(tokens)} that are over`,
      profile,
      tokens,
      exitCode: 4,
      says: () => [
        `Cannot sign in to AWS: the SSO session of profile "${profile}" is over.`,
        `Try this: aws sso login --profile ${profile} or: ${SIGN_IN}`,
      ],
    })),
  ),
];
