import { describe, expect, it } from 'vitest';
import type { Config } from '../../src/config/config.js';
import { newWorld, REGION, type World } from './world.js';

const KEY = `arn:aws:kms:${REGION}:000000000000:key/1234abcd-12ab-34cd-56ef-1234567890ab`;
const SECRET = 'Bearer not-for-logs';

/** A policy document as AWS keeps it. */
interface Policy {
  readonly Statement: {
    Effect: string;
    Principal?: unknown;
    Action: string | string[];
    Resource?: string | string[];
    Condition?: unknown;
  }[];
}

/** What the account holds, as plain rows of the local cloud. */
interface Account {
  readonly stage: {
    methodSettings: Record<string, Record<string, unknown>>;
    accessLogSettings?: { destinationArn: string; format: string };
    variables?: Record<string, string>;
  };
  readonly api: { securityPolicy?: string; endpointAccessMode?: string };
  readonly methods: Record<string, { requestValidatorId?: string }>[];
  readonly validators: { id: string; validateRequestParameters: boolean }[];
  readonly buckets: {
    name: string;
    ownership?: string;
    policy: Policy;
    publicAccess?: Record<string, boolean>;
    encryption: { algorithm: string; kmsKeyId?: string };
    lifecycle: unknown[];
  }[];
  readonly roles: { name: string; policies: Policy[]; attached: string[]; trust: Policy }[];
  readonly users: { policies: Record<string, string> }[];
  readonly groups: { name: string; retentionDays?: number }[];
  readonly lines: string[];
  /** What happened to deployments and stages while a header changed, in order. */
  readonly redeployed: string[];
}

interface Control {
  readonly ids: string;
  readonly demand: string;
  readonly holds: (account: Account) => boolean;
  /** Takes the control away: a row must notice. */
  readonly spoil: (account: Account) => void;
}

/** Every control that is on without being asked for, or with the cache or the key that it is about. */
const CONTROLS: readonly Control[] = [
  {
    ids: 'FSBP APIGateway.1, CKV2_AWS_4, cdk-nag APIG6',
    demand: 'every method writes an execution log at ERROR or INFO, and metrics',
    holds: (is) =>
      settings(
        is,
        ({ loggingLevel, metricsEnabled }) => /^(ERROR|INFO)$/.test(`${loggingLevel}`) && metricsEnabled === true,
      ),
    spoil: (is) => set(is, 'loggingLevel', 'OFF'),
  },
  {
    ids: 'CKV_AWS_276',
    demand: 'bodies are kept out of the logs',
    holds: (is) => settings(is, ({ dataTraceEnabled }) => dataTraceEnabled === false),
    spoil: (is) => set(is, 'dataTraceEnabled', true),
  },
  {
    ids: 'CKV_AWS_76, cdk-nag APIG1, Trivy AWS-0001, cfn_nag W45 W69',
    demand: 'the stage writes an access log to a group that exists, with a request id',
    holds: ({ stage: { accessLogSettings }, groups }) =>
      groups.some(({ name }) => accessLogSettings?.destinationArn.endsWith(`:log-group:${name}`)) &&
      accessLogSettings?.format.includes('$context.extendedRequestId') === true,
    spoil: ({ stage }) => delete stage.accessLogSettings,
  },
  {
    ids: 'FSBP APIGateway.5, CKV_AWS_308, Trivy AWS-0002, cfn_nag W87',
    demand: 'what is cached is encrypted',
    holds: (is) => settings(is, (own) => own['cachingEnabled'] === true && own['cacheDataEncrypted'] === true),
    spoil: (is) => set(is, 'cacheDataEncrypted', false),
  },
  {
    ids: 'our own rule',
    // Not FAIL_WITH_403: browsers send max-age=0 on every reload, so visitors would get a 403. Silence protects as well.
    demand: 'strangers cannot evict, and a visitor who reloads is neither refused nor told',
    holds: (is) =>
      settings(
        is,
        (own) =>
          own['requireAuthorizationForCacheControl'] === true &&
          own['unauthorizedCacheControlHeaderStrategy'] === 'SUCCEED_WITHOUT_RESPONSE_HEADER',
      ),
    spoil: (is) => set(is, 'requireAuthorizationForCacheControl', false),
  },
  {
    ids: 'cdk-nag APIG2, CKV2_AWS_53',
    demand: 'every method validates its parameters',
    holds: ({ methods, validators }) =>
      methods.flatMap((is) => Object.values(is)).length >= 3 &&
      methods
        .flatMap((is) => Object.entries(is))
        .every(
          ([verb, { requestValidatorId }]) =>
            verb === 'OPTIONS' ||
            validators.some(
              ({ id, validateRequestParameters }) => id === requestValidatorId && validateRequestParameters,
            ),
        ),
    spoil: ({ validators }) => Object.assign(validators[0] ?? {}, { validateRequestParameters: false }),
  },
  {
    ids: 'cfn_nag W64 W68',
    demand: 'requests are throttled at a stated number',
    holds: (is) => settings(is, (own) => own['throttlingRateLimit'] === 1000 && own['throttlingBurstLimit'] === 2000),
    spoil: (is) => set(is, 'throttlingRateLimit', 10_000),
  },
  {
    ids: 'Prowler no_secrets_in_stage_variables',
    demand: 'there are no stage variables',
    holds: ({ stage }) => Object.keys(stage.variables ?? {}).length === 0,
    spoil: ({ stage }) => Object.assign(stage, { variables: { password: 'x' } }),
  },
  {
    ids: 'CKV_AWS_217 237',
    demand: 'a new deployment is made and shown before the old one goes',
    holds: ({ redeployed }) => {
      const at = ['CreateDeployment', 'UpdateStage', 'DeleteDeployment'].map((name) => redeployed.indexOf(name));
      return at.every((n, i) => n >= 0 && n > (at[i - 1] ?? -1));
    },
    spoil: ({ redeployed }) => redeployed.reverse(),
  },
  {
    ids: 'FSBP S3.8 S3.2 S3.3, CKV_AWS_53-56, CKV2_AWS_6, cdk-nag S2, CIS 3.1.4',
    demand: 'Block Public Access is on, all four switches',
    holds: (is) => buckets(is, ({ publicAccess = {} }) => Object.values(publicAccess).filter((on) => on).length === 4),
    spoil: ({ buckets: [first] }) => Object.assign(first?.publicAccess ?? {}, { IgnorePublicAcls: false }),
  },
  {
    ids: 'FSBP S3.12, CKV2_AWS_65, CKV_AWS_20 57 375, cfn_nag W31 F14',
    demand: 'ACLs are off',
    holds: (is) => buckets(is, ({ ownership }) => ownership === 'BucketOwnerEnforced'),
    spoil: ({ buckets: [first] }) => delete first?.ownership,
  },
  {
    ids: 'FSBP S3.5, CKV_AWS_379, cdk-nag S10, CIS 3.1.1',
    demand: 'a bucket takes requests over TLS only, for itself and every object',
    holds: (is) =>
      buckets(is, ({ name, policy: { Statement } }) =>
        Statement.some(
          ({ Effect, Principal, Action, Resource, Condition }) =>
            JSON.stringify([Effect, Principal, Action, Resource, Condition]) ===
            JSON.stringify([
              'Deny',
              '*',
              's3:*',
              [`arn:aws:s3:::${name}`, `arn:aws:s3:::${name}/*`],
              { Bool: { 'aws:SecureTransport': 'false' } },
            ]),
        ),
      ),
    spoil: ({ buckets: [first] }) => first?.policy.Statement.splice(0),
  },
  {
    ids: 'CKV_AWS_19, Trivy 0088, cfn_nag W41',
    demand: 'objects are encrypted at rest',
    holds: (is) => buckets(is, ({ encryption }) => ['AES256', 'aws:kms'].includes(encryption.algorithm)),
    spoil: ({ buckets: [first] }) => Object.assign(first?.encryption ?? {}, { algorithm: '' }),
  },
  {
    ids: 'CKV_AWS_300',
    demand: 'unfinished uploads are dropped after a week, in the whole bucket',
    holds: (is) =>
      buckets(is, ({ lifecycle }) => {
        const text = JSON.stringify(lifecycle);
        return (
          /"DaysAfterInitiation":"?7"?/.test(text) && /"Status":"Enabled"/.test(text) && !/"Prefix":"[^"]/.test(text)
        );
      }),
    spoil: ({ buckets: [first] }) => first?.lifecycle.splice(0),
  },
  {
    ids: 'CKV_AWS_70 93, FSBP S3.6, cfn_nag F9 F15 F16 W20',
    demand: 'the policy of a bucket allows nobody anything, and shuts out nobody on TLS',
    holds: (is) =>
      buckets(
        is,
        ({ policy: { Statement } }) =>
          Statement.length === 1 &&
          Statement.every(({ Effect, Condition }) => Effect === 'Deny' && Condition !== undefined),
      ),
    spoil: ({ buckets: [first] }) => first?.policy.Statement.push({ Effect: 'Allow', Principal: '*', Action: 's3:*' }),
  },
  {
    ids: 'Prowler shadow_resource_vulnerability',
    demand: 'nobody else can take the name of a bucket: it is of this account and Region alone',
    holds: (is) => buckets(is, ({ name }) => name.endsWith(`-000000000000-${REGION}-an`)),
    spoil: ({ buckets: [first] }) => Object.assign(first ?? {}, { name: 'holiday-images' }),
  },
  {
    ids: 'FSBP IAM.1 IAM.21, CKV_AWS_60-63 107-111 286-290 355, cfn_nag W11 F2 F3 F38',
    demand: 'a reading role reads one prefix of one bucket; no action is a wildcard and no role may be passed on',
    holds: ({ roles }) =>
      roles.every(({ policies }) =>
        policies
          .flatMap(({ Statement }) => Statement)
          .every(({ Action }) => [Action].flat().every((action) => !action.includes('*') && action !== 'iam:PassRole')),
      ) &&
      readers(roles).length === 2 &&
      readers(roles).every(({ policies }) =>
        policies
          .flatMap(({ Statement }) => Statement)
          .every(({ Effect, Resource }) =>
            [Resource]
              .flat()
              .every(
                (arn = '*') => Effect === 'Deny' || /^arn:aws:(s3:::pixgate-[^/*]+(\/[a-z]+\/\*)?|kms:.*)$/.test(arn),
              ),
          ),
      ),
    spoil: ({ roles }) =>
      readers(roles)[0]?.policies[0]?.Statement.push({ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }),
  },
  {
    ids: 'cdk-nag IAM4',
    // The logging role serves every stage of the account and Region, and API Gateway tries it out on a group of its own:
    // so it may write to all groups, by a policy of ours, and is not cut to our groups.
    demand:
      'no role holds a policy of AWS; the logging role may write logs in this account and Region and nothing else',
    holds: ({ roles }) =>
      roles.every(({ attached }) => attached.length === 0) &&
      roles
        .filter(({ name }) => name === `pixgate-logging-${REGION}`)
        .flatMap(({ policies }) => policies.flatMap(({ Statement }) => Statement))
        .map(({ Action, Resource }) => [[Action].flat().length, Resource].join(' '))
        .join(', ') === `6 arn:aws:logs:${REGION}:000000000000:log-group:*, 1 *`,
    spoil: ({ roles }) => roles[0]?.attached.push('arn:aws:iam::aws:policy/AdministratorAccess'),
  },
  {
    ids: 'cfn_nag F6',
    demand: 'no user gets a policy',
    holds: ({ users }) => users.every(({ policies }) => Object.keys(policies).length === 0),
    spoil: ({ users }) => Object.assign(users[0]?.policies ?? {}, { mine: '{}' }),
  },
  {
    ids: 'CKV_AWS_66, cfn_nag W86',
    demand: 'every log group of ours has a retention',
    holds: ({ groups }) => groups.length === 2 && groups.every(({ retentionDays }) => retentionDays === 30),
    spoil: ({ groups: [first] }) => delete first?.retentionDays,
  },
  {
    ids: 'FSBP KMS.1 KMS.2',
    demand: 'kms:Decrypt is given on the one key that a mount names, and on none elsewhere',
    holds: ({ roles }) =>
      readers(roles)
        .flatMap(({ policies }) => policies.flatMap(({ Statement }) => Statement))
        .filter(({ Action }) => [Action].flat().some((action) => action.startsWith('kms:')))
        .map(({ Action, Resource, Condition }) => [Action, Resource, Condition !== undefined].join(' '))
        .join(', ') === `kms:Decrypt ${KEY} true`,
    spoil: ({ roles }) =>
      readers(roles)[0]?.policies[0]?.Statement.push({ Effect: 'Allow', Action: 'kms:Decrypt', Resource: '*' }),
  },
  {
    ids: 'Prowler no_secrets_in_logs',
    demand: 'no credential that a client sends is in a log, and no field that a client can shape freely',
    holds: ({ lines, stage }) =>
      lines.some((line) => line.includes('"status":"200"')) &&
      lines.every((line) => !line.includes(SECRET)) &&
      !/\$context\.(path|identity\.userAgent|error\.message\b)/.test(
        stage.accessLogSettings?.format ?? '$context.path',
      ),
    spoil: ({ lines }) => lines.push(SECRET),
  },
];

/** Every control that has to be asked for, with the config that asks. */
const OPT_IN: readonly (Control & { readonly ask: Partial<Config> })[] = [
  {
    ids: 'FSBP APIGateway.11, CKV_AWS_206, Trivy AWS-0005, cfn_nag W62',
    // Not on by default: clients without TLS 1.3 would be shut out, and no change of mind keeps the address of the API.
    demand: 'the API takes TLS 1.3 only',
    ask: { securityPolicy: 'SecurityPolicy_TLS13_1_3_2025_09' },
    holds: ({ api }) => api.securityPolicy === 'SecurityPolicy_TLS13_1_3_2025_09' && api.endpointAccessMode === 'BASIC',
    spoil: ({ api }) => Object.assign(api, { securityPolicy: 'TLS_1_0' }),
  },
];

function settings({ stage }: Account, holds: (own: Record<string, unknown>) => boolean): boolean {
  const all = Object.entries(stage.methodSettings);
  return all.some(([key]) => key === '*/*') && all.every(([, own]) => holds(own));
}

function set({ stage }: Account, field: string, value: unknown): void {
  Object.assign(stage.methodSettings['*/*'] ?? {}, { [field]: value });
}

function buckets(account: Account, holds: (bucket: Account['buckets'][number]) => boolean): boolean {
  return account.buckets.length === 2 && account.buckets.every(holds);
}

function readers(roles: Account['roles']): Account['roles'] {
  return roles.filter(({ name }) => !name.startsWith('pixgate-logging-'));
}

/** Two mounts, one with a key of its own, and a cache: everything that a control is about is there. */
async function bringUp(ask: Partial<Config> = {}): Promise<Account> {
  const world = newWorld();
  const config = (csp: string) => {
    const base = world.config({ cache: { sizeGb: 0.5, ttlSeconds: 300 }, ...ask });
    const mounts = base.mounts.flatMap((mount) => [
      { ...mount, headers: { 'X-Robots-Tag': csp } },
      {
        ...mount,
        id: 'secret',
        path: '/secret',
        bucket: { ...mount.bucket, prefix: 'secret/', encryption: { kms: KEY } },
      },
    ]);
    return { ...base, mounts };
  };
  const { urls = [] } = await world.run('up', config('none'));
  await world.get(urls[0]?.url ?? '', { Authorization: SECRET, 'X-Api-Key': SECRET, 'User-Agent': SECRET });
  await world.get(`${urls[0]?.url ?? ''}.missing`, { Authorization: SECRET });
  world.calls.length = 0;
  await world.run('wire', config('all'));
  return readAccount(world);
}

function readAccount({ emulator: { store }, calls }: World): Account {
  const rows = <T>(table: string): T[] => store.list<T>(table).map(({ value }) => value);
  const parse = (text: unknown): Policy => JSON.parse(String(text)) as Policy;
  type Raw = Record<string, unknown> & { name: string };
  return {
    stage: rows<Account['stage']>('apigateway/stage')[0] ?? { methodSettings: {} },
    api: rows<Account['api']>('apigateway/restapi')[0] ?? {},
    methods: rows<{ methods: Account['methods'][number] }>('apigateway/resource').map(({ methods }) => methods),
    validators: rows('apigateway/validator'),
    buckets: rows<Raw>('s3/bucket').map(
      (raw) => ({ ...raw, policy: parse(raw['policy']) }) as unknown as Account['buckets'][number],
    ),
    roles: rows<Raw>('iam/role').map(({ name, policies, attached, trustPolicy }) => ({
      name,
      policies: Object.values(policies as Record<string, string>).map(parse),
      attached: (attached ?? []) as string[],
      trust: parse(trustPolicy),
    })),
    users: rows('iam/user'),
    // API Gateway's own group greets whoever names a role; it is AWS's, and goes with teardown.
    groups: rows<Account['groups'][number]>('logs/group').filter(({ name }) => name !== '/aws/apigateway/welcome'),
    lines: rows<{ message: string }>('logs/event').map(({ message }) => message),
    redeployed: calls.flatMap(({ service, operation = '' }) => (service === 'apigateway' ? [operation] : [])),
  };
}

describe('the controls of the published lists', () => {
  it('are on by default in what the account holds after up, with a cache and a key', async () => {
    const account = await bringUp();

    const held = CONTROLS.filter(({ holds }) => holds(account));

    process.stdout.write(`controls: ${held.length} of ${CONTROLS.length} on by default\n`);
    const missing = CONTROLS.filter((control) => !held.includes(control));
    expect(missing.map(({ ids, demand }) => `${ids}: ${demand}`)).toEqual([]);
    expect(CONTROLS.length).toBe(22);
  });

  it('that are opt-in hold where the config asks for them, and only there', async () => {
    const plain = await bringUp();
    const without = OPT_IN.filter(({ holds }) => holds(plain));
    const held: Control[] = [];

    for (const control of OPT_IN) {
      const asked = await bringUp(control.ask);
      if ([...CONTROLS, control].every(({ holds }) => holds(asked))) held.push(control);
    }

    process.stdout.write(`controls: ${held.length} of ${OPT_IN.length} when asked for\n`);
    expect(held).toEqual(OPT_IN);
    expect(without).toEqual([]);
  });

  it('are each noticed when they are taken away', async () => {
    const account = await bringUp(Object.assign({}, ...OPT_IN.map(({ ask }) => ask)));

    const unnoticed = [...CONTROLS, ...OPT_IN].filter(({ holds, spoil }) => {
      const spoilt = structuredClone(account);
      spoil(spoilt);
      return holds(spoilt);
    });

    expect(unnoticed.map(({ demand }) => demand)).toEqual([]);
  });

  it('keep an upload from a bucket that belongs to somebody else by now', async () => {
    const world = newWorld();
    await world.run('up');
    const { store } = world.emulator;
    for (const { key, value } of store.list<object>('s3/bucket'))
      store.put('s3/bucket', key, { ...value, owner: '111122223333' });
    world.calls.length = 0;

    await expect(world.run('upload')).rejects.toThrow(/belongs to another account/);

    expect(world.calls.filter(({ mutating }) => mutating)).toEqual([]);
  });
});
