import {
  DeleteGatewayResponseCommand,
  DeleteIntegrationCommand,
  DeleteIntegrationResponseCommand,
  DeleteMethodCommand,
  DeleteMethodResponseCommand,
  DeleteRequestValidatorCommand,
  DeleteResourceCommand,
  DeleteStageCommand,
  PutMethodResponseCommand,
  UntagResourceCommand as UntagApiCommand,
  UpdateIntegrationResponseCommand,
  UpdateMethodCommand,
} from '@aws-sdk/client-api-gateway';
import { UntagResourceCommand as UntagGroupCommand } from '@aws-sdk/client-cloudwatch-logs';
import { UntagRoleCommand } from '@aws-sdk/client-iam';
import {
  DeleteBucketEncryptionCommand,
  DeleteBucketLifecycleCommand,
  DeleteBucketOwnershipControlsCommand,
  DeleteBucketPolicyCommand,
  DeletePublicAccessBlockCommand,
  PutBucketEncryptionCommand,
  PutPublicAccessBlockCommand,
} from '@aws-sdk/client-s3';
import type { Patch } from '../../src/aws/api-gateway.js';
import type { MethodSettings } from '../../src/aws/stage-reader.js';
import type { Phase } from '../../src/model/plan.js';
import { type Bench, LOGGING_ROLE } from './drift-bench.js';

/** What somebody does behind our back, and how it shows. */
export interface Row {
  readonly thing: string;
  readonly how: 'deleted' | 'changed';
  readonly act: (bench: Bench) => Promise<unknown>;
  /** Address of the thing that `status` names. */
  readonly at: string;
  /** Path of the field that `status` names; absent: the thing as a whole is missing. */
  readonly field?: RegExp;
  /** Phases that repair it. @default wire */
  readonly repair?: readonly Phase[];
  /** What the stage then shows of the API. @default 'current' */
  readonly deployment?: 'edited' | 'unknown' | 'none';
  /** What is not as in an undisturbed account although it is repaired: what nobody can know any more, or AWS keeps. */
  readonly unlike?: RegExp;
}

const GROUP = '/pixgate/holiday/dev/access';
const executionGroup = ({ apiId }: Bench) => `API-Gateway-Execution-Logs_${apiId}/dev`;
const arnOf = (group: string) => `arn:aws:logs:eu-west-1:000000000000:log-group:${group}`;
const apiArn = ({ apiId }: Bench) => `arn:aws:apigateway:eu-west-1::/restapis/${apiId}`;

/** A policy of somebody else, of the same form as ours. */
const OTHER_POLICY = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::elsewhere/*' }],
});
const OTHER_TRUST = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
});

const BUCKET: readonly Row[] = [
  {
    thing: 'bucket',
    how: 'deleted',
    at: 'bucket/images',
    repair: ['init', 'upload'],
    act: async ({ aws, bucket }) => {
      await aws.s3.deleteVersions(bucket, await aws.s3.listSomeVersions(bucket));
      await aws.s3.deleteBucket(bucket);
    },
  },
  ...(
    [
      ['publicAccessBlocked', (Bucket) => new DeletePublicAccessBlockCommand({ Bucket })],
      ['objectOwnership', (Bucket) => new DeleteBucketOwnershipControlsCommand({ Bucket })],
      ['policy', (Bucket) => new DeleteBucketPolicyCommand({ Bucket })],
      ['encryption', (Bucket) => new DeleteBucketEncryptionCommand({ Bucket })],
      ['abortUploadsAfterDays', (Bucket) => new DeleteBucketLifecycleCommand({ Bucket })],
    ] as const satisfies readonly (readonly [string, (bucket: string) => object])[]
  ).map(
    ([name, command]): Row => ({
      thing: `bucket: ${name}`,
      how: 'deleted',
      at: 'bucket/images',
      field: new RegExp(`^settings.${name}$`),
      repair: ['init'],
      act: ({ s3, bucket }) => s3.send(command(bucket) as DeleteBucketPolicyCommand),
    }),
  ),
  {
    thing: 'bucket: publicAccessBlocked',
    how: 'changed',
    at: 'bucket/images',
    field: /^settings.publicAccessBlocked$/,
    repair: ['init'],
    act: ({ s3, bucket: Bucket }) => {
      const switches = { BlockPublicAcls: true, BlockPublicPolicy: false, IgnorePublicAcls: true };
      return s3.send(new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration: switches }));
    },
  },
  {
    thing: 'bucket: objectOwnership',
    how: 'changed',
    at: 'bucket/images',
    field: /^settings.objectOwnership$/,
    repair: ['init'],
    act: ({ aws, bucket }) => aws.s3.settings.write(bucket, 'objectOwnership', 'ObjectWriter'),
  },
  {
    thing: 'bucket: encryption',
    how: 'changed',
    at: 'bucket/images',
    field: /^settings.encryption$/,
    repair: ['init'],
    act: ({ s3, bucket: Bucket }) => {
      const byKms = { SSEAlgorithm: 'aws:kms' as const };
      const Rules = [{ ApplyServerSideEncryptionByDefault: byKms }];
      return s3.send(new PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration: { Rules } }));
    },
  },
  {
    thing: 'bucket: policy',
    how: 'changed',
    at: 'bucket/images',
    field: /^settings.policy$/,
    repair: ['init'],
    act: async ({ aws, bucket }) => {
      const { policy } = await aws.s3.settings.read(bucket);
      await aws.s3.settings.write(bucket, 'policy', policy.replace('"s3:*"', '"s3:GetObject"'));
    },
  },
  {
    thing: 'bucket: abortUploadsAfterDays',
    how: 'changed',
    at: 'bucket/images',
    field: /^settings.abortUploadsAfterDays$/,
    repair: ['init'],
    act: ({ aws, bucket }) => aws.s3.settings.write(bucket, 'abortUploadsAfterDays', 30),
  },
  {
    thing: 'bucket: tag of the config',
    how: 'deleted',
    at: 'bucket/images',
    field: /^tags.team$/,
    repair: ['init'],
    act: async ({ aws, bucket }) => {
      const { team: _team, ...rest } = (await aws.s3.findBucketTags(bucket)) ?? {};
      await aws.s3.putBucketTags(bucket, rest);
    },
  },
  {
    thing: 'bucket: tag of the config',
    how: 'changed',
    at: 'bucket/images',
    field: /^tags.team$/,
    repair: ['init'],
    act: async ({ aws, bucket }) =>
      aws.s3.putBucketTags(bucket, { ...(await aws.s3.findBucketTags(bucket)), team: 'other' }),
  },
];

const OBJECTS: readonly Row[] = [
  {
    thing: 'object',
    how: 'deleted',
    at: 'objects/images',
    field: /^put waves.png$/,
    repair: ['upload'],
    act: ({ aws, bucket }) => aws.s3.deleteObject(bucket, 'images/waves.png'),
  },
  {
    thing: 'object: bytes',
    how: 'changed',
    at: 'objects/images',
    field: /^put waves.png$/,
    repair: ['upload'],
    act: ({ aws, bucket }) =>
      aws.s3.putObject(bucket, {
        key: 'images/waves.png',
        body: Buffer.from('other'),
        contentType: 'image/png',
        headers: {},
      }),
  },
  {
    thing: 'list of what was sent',
    how: 'deleted',
    at: 'objects/images',
    repair: ['upload'],
    act: ({ aws, bucket }) => aws.s3.deleteObject(bucket, '.pixgate/holiday.dev.eu-west-1.images.ndjson'),
  },
  {
    thing: 'image: its headers',
    how: 'changed',
    at: 'objects/images',
    field: /^headers waves.png$/,
    repair: ['upload'],
    act: async ({ aws, bucket, world }) => {
      // S3 tells the time in whole seconds.
      await world.emulator.clock.sleep(1000);
      const [there] = await aws.s3.listObjects(bucket, 'images/waves.png');
      const stored = { contentType: 'text/html', headers: {} };
      await aws.s3.putObjectHeaders(bucket, 'images/waves.png', stored, there?.etag ?? '');
    },
  },
];

const ROLE: readonly Row[] = [
  { thing: 'role', how: 'deleted', at: 'role/images', act: ({ aws, role }) => aws.iam.deleteRole(role) },
  {
    thing: 'role: trust',
    how: 'changed',
    at: 'role/images',
    field: /^trust$/,
    act: ({ aws, role }) => aws.iam.putTrust(role, OTHER_TRUST),
  },
  {
    thing: 'role: policy',
    how: 'deleted',
    at: 'role/images',
    field: /^policy$/,
    act: ({ aws, role }) => aws.iam.deleteRolePolicy(role, 'read-images'),
  },
  {
    thing: 'role: policy',
    how: 'changed',
    at: 'role/images',
    field: /^policy/,
    act: ({ aws, role }) => aws.iam.putRolePolicy(role, 'read-images', OTHER_POLICY),
  },
  {
    thing: 'role: inline policy of others',
    how: 'changed',
    at: 'role/images',
    field: /^policies.theirs$/,
    act: ({ aws, role }) => aws.iam.putRolePolicy(role, 'theirs', OTHER_POLICY),
  },
  {
    thing: 'role: attached policy of others',
    how: 'changed',
    at: 'role/images',
    field: /^policies.arn:/,
    act: ({ aws, role }) => aws.iam.attachRolePolicy(role, 'arn:aws:iam::aws:policy/AdministratorAccess'),
  },
  {
    thing: 'role: tag of the config',
    how: 'deleted',
    at: 'role/images',
    field: /^tags.team$/,
    act: ({ iam, role }) => iam.send(new UntagRoleCommand({ RoleName: role, TagKeys: ['team'] })),
  },
  {
    thing: 'role: tag of the config',
    how: 'changed',
    at: 'role/images',
    field: /^tags.team$/,
    act: ({ aws, role }) => aws.iam.tagRole(role, { team: 'other' }),
  },
];

const LOGS: readonly Row[] = [
  {
    thing: 'logging role',
    how: 'deleted',
    at: 'logging',
    act: ({ aws }) => aws.iam.deleteRole(LOGGING_ROLE),
  },
  {
    thing: 'logging role: setting of the account',
    how: 'deleted',
    at: 'logging',
    act: ({ aws }) => aws.apiGateway.putAccountRole(''),
  },
  {
    thing: 'logging role: setting of the account',
    how: 'changed',
    at: 'logging',
    act: async ({ aws }) => {
      const trust = (await aws.iam.findRole(LOGGING_ROLE))?.trust ?? '';
      await aws.iam.createRole({ name: 'theirs', path: '/', description: 'theirs', trust, tags: {} });
      const push = 'arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs';
      await aws.iam.attachRolePolicy('theirs', push);
      await aws.apiGateway.putAccountRole((await aws.iam.findRole('theirs'))?.arn ?? '');
      await aws.iam.deleteRole('theirs');
    },
  },
  {
    thing: 'access log group',
    how: 'deleted',
    at: 'logs',
    field: /^access.retentionDays$/,
    act: ({ aws }) => aws.logs.deleteGroup(GROUP),
  },
  {
    thing: 'access log group: retention',
    how: 'changed',
    at: 'logs',
    field: /^access.retentionDays$/,
    act: ({ aws }) => aws.logs.putRetention(GROUP, 1),
  },
  {
    thing: 'access log group: tag of the config',
    how: 'changed',
    at: 'logs',
    field: /^access.tags.team$/,
    act: ({ aws }) => aws.logs.tagGroup(arnOf(GROUP), { team: 'other' }),
  },
  {
    thing: 'execution log group',
    how: 'deleted',
    at: 'logs',
    field: /^execution.retentionDays$/,
    act: (bench) => bench.aws.logs.deleteGroup(executionGroup(bench)),
  },
  {
    thing: 'execution log group: retention',
    how: 'changed',
    at: 'logs',
    field: /^execution.retentionDays$/,
    act: (bench) => bench.aws.logs.putRetention(executionGroup(bench), 1),
  },
  {
    thing: 'execution log group: our tags',
    how: 'deleted',
    at: 'logs',
    field: /^execution.owner$/,
    act: (bench) =>
      bench.logs.send(
        new UntagGroupCommand({
          resourceArn: arnOf(executionGroup(bench)),
          tagKeys: ['pixgate:token', 'pixgate:name', 'pixgate:stage', 'pixgate:region', 'pixgate:created-by'],
        }),
      ),
  },
];

/** What an edit of the draft has in common: nobody sees it until somebody deploys. */
function edit(thing: string, how: Row['how'], field: RegExp, act: Row['act']): Row {
  return { thing, how, at: 'api', field, deployment: 'edited', act };
}

const API: readonly Row[] = [
  {
    thing: 'API',
    how: 'deleted',
    at: 'api',
    deployment: 'none',
    // AWS names the group after the API that is gone. Teardown takes it.
    unlike: /API-Gateway-Execution-Logs_/,
    act: ({ aws, apiId }) => aws.apiGateway.deleteApi(apiId),
  },
  edit('API: name', 'changed', /^name$/, (b) => b.patchApi({ op: 'replace', path: '/name', value: 'theirs' })),
  edit('API: description', 'changed', /^description$/, (b) =>
    b.patchApi({ op: 'replace', path: '/description', value: 'theirs' }),
  ),
  edit('API: compression', 'changed', /^foreign/, (b) =>
    b.patchApi({ op: 'replace', path: '/minimumCompressionSize', value: '0' }),
  ),
  edit('API: default endpoint', 'changed', /^foreign/, (b) =>
    b.patchApi({ op: 'replace', path: '/disableExecuteApiEndpoint', value: 'true' }),
  ),
  edit('API: source of keys', 'changed', /^foreign/, (b) =>
    b.patchApi({ op: 'replace', path: '/apiKeySource', value: 'AUTHORIZER' }),
  ),
  edit('API: binary types', 'deleted', /^binaryMediaTypes$/, (b) =>
    b.patchApi({ op: 'remove', path: '/binaryMediaTypes/*~1*' }),
  ),
  edit('API: binary types', 'changed', /^binaryMediaTypes$/, (b) =>
    b.patchApi({ op: 'add', path: '/binaryMediaTypes/image~1png' }),
  ),
  edit('API: resource policy', 'deleted', /^policy$/, (b) => b.patchApi({ op: 'replace', path: '/policy', value: '' })),
  edit('API: resource policy', 'changed', /^policy$/, (b) => {
    const open = { Effect: 'Allow', Principal: '*', Action: 'execute-api:Invoke', Resource: 'execute-api:/*' };
    const value = JSON.stringify({ Version: '2012-10-17', Statement: [open] });
    return b.patchApi({ op: 'replace', path: '/policy', value });
  }),
  {
    thing: 'API: tag of the config',
    how: 'deleted',
    at: 'api',
    field: /^tags.team$/,
    act: (b) => b.apiGateway.send(new UntagApiCommand({ resourceArn: apiArn(b), tagKeys: ['team'] })),
  },
  {
    thing: 'API: tag of the config',
    how: 'changed',
    at: 'api',
    field: /^tags.team$/,
    act: ({ aws, apiId }) => aws.apiGateway.tagApi(apiId, { team: 'other' }),
  },
  edit('resource', 'deleted', /^routes.GET \/images\/\{key\+\}/, ({ apiGateway, apiId, resourceId }) =>
    apiGateway.send(new DeleteResourceCommand({ restApiId: apiId, resourceId })),
  ),
  edit('resource of others', 'changed', /^routes.GET \/theirs$/, async ({ aws, apiId, drawn }) => {
    const rootId = (await aws.apiGateway.findGateway(apiId))?.rootId ?? '';
    const resourceId = await aws.apiGateway.createResource(apiId, rootId, 'theirs');
    const { integration: _integration, requestParameters: _parameters, ...method } = drawn('GET');
    await aws.apiGateway.putMethod(
      { apiId, resourceId, verb: 'GET' },
      { ...method, requestParameters: {}, responses: {} },
      { validatorId: undefined, authorizerId: undefined },
    );
  }),
  edit('method', 'deleted', /^routes.HEAD /, ({ apiGateway, method }) =>
    apiGateway.send(new DeleteMethodCommand(method('HEAD'))),
  ),
  edit('method', 'changed', /^routes.GET .*access/, ({ apiGateway, method }) =>
    apiGateway.send(
      new UpdateMethodCommand({
        ...method('GET'),
        patchOperations: [{ op: 'replace', path: '/authorizationType', value: 'AWS_IAM' }],
      }),
    ),
  ),
  edit('method: key', 'changed', /^routes.GET .*access/, ({ apiGateway, method }) =>
    apiGateway.send(
      new UpdateMethodCommand({
        ...method('GET'),
        patchOperations: [{ op: 'replace', path: '/apiKeyRequired', value: 'true' }],
      }),
    ),
  ),
  edit('method response', 'deleted', /^routes.GET .*replies.404/, ({ apiGateway, method }) =>
    apiGateway.send(new DeleteMethodResponseCommand({ ...method('GET'), statusCode: '404' })),
  ),
  edit('method response', 'changed', /^routes.GET .*replies.418/, ({ apiGateway, method }) =>
    apiGateway.send(new PutMethodResponseCommand({ ...method('GET'), statusCode: '418' })),
  ),
  edit('integration', 'deleted', /^routes.GET .*backend/, ({ apiGateway, method }) =>
    apiGateway.send(new DeleteIntegrationCommand(method('GET'))),
  ),
  edit('integration', 'changed', /^routes.GET .*backend/, (bench) =>
    bench.rewire('GET', { uri: bench.drawn('GET').integration.uri?.replace('/images/', '/other/') ?? '' }),
  ),
  edit('integration: time-out', 'changed', /^routes.GET .*backend/, (bench) =>
    bench.rewire('GET', { timeoutMs: 1000 }),
  ),
  edit('integration response', 'deleted', /^routes.GET .*replies.404/, ({ apiGateway, method }) =>
    apiGateway.send(new DeleteIntegrationResponseCommand({ ...method('GET'), statusCode: '404' })),
  ),
  edit('integration response', 'changed', /^routes.GET .*replies.404/, ({ apiGateway, method }) =>
    apiGateway.send(
      new UpdateIntegrationResponseCommand({
        ...method('GET'),
        statusCode: '404',
        patchOperations: [{ op: 'replace', path: '/selectionPattern', value: '4\\d{2}' }],
      }),
    ),
  ),
  edit('gateway response', 'deleted', /^errors.MISSING_AUTHENTICATION_TOKEN/, ({ apiGateway, apiId: restApiId }) =>
    apiGateway.send(new DeleteGatewayResponseCommand({ restApiId, responseType: 'MISSING_AUTHENTICATION_TOKEN' })),
  ),
  edit('gateway response', 'changed', /^errors.THROTTLED/, ({ aws, apiId }) =>
    aws.apiGateway.putGatewayResponse(apiId, 'THROTTLED', {
      statusCode: '503',
      responseParameters: {},
      responseTemplates: {},
    }),
  ),
  edit('gateway response of others', 'changed', /^errors.REQUEST_TOO_LARGE/, ({ aws, apiId }) =>
    aws.apiGateway.putGatewayResponse(apiId, 'REQUEST_TOO_LARGE', {
      statusCode: '400',
      responseParameters: {},
      responseTemplates: {},
    }),
  ),
  edit('validator', 'deleted', /validator/, async ({ apiGateway, method, apiId, validatorId, drawn }) => {
    for (const verb of ['GET', 'HEAD', 'OPTIONS'].filter((is) => drawn(is).validator !== undefined)) {
      const patchOperations = [{ op: 'replace' as const, path: '/requestValidatorId', value: '' }];
      await apiGateway.send(new UpdateMethodCommand({ ...method(verb), patchOperations }));
    }
    await apiGateway.send(new DeleteRequestValidatorCommand({ restApiId: apiId, requestValidatorId: validatorId }));
  }),
  edit('validator', 'changed', /^validators/, ({ aws, apiId, validatorId }) =>
    aws.apiGateway.patchValidator(apiId, validatorId, { validateRequestBody: true, validateRequestParameters: false }),
  ),
  edit('cache keys', 'deleted', /cacheKey/, (bench) => bench.rewire('GET', { cacheKeyParameters: [] })),
  edit('cache keys', 'changed', /cacheKey/, (bench) => {
    const keys = bench.drawn('GET').integration.cacheKeyParameters;
    return bench.rewire('GET', { cacheKeyParameters: keys.slice(1) });
  }),
];

const OTHER_SETTINGS: Readonly<Record<keyof MethodSettings, readonly [path: string, value: string]>> = {
  loggingLevel: ['logging/loglevel', 'INFO'],
  dataTraceEnabled: ['logging/dataTrace', 'true'],
  metricsEnabled: ['metrics/enabled', 'false'],
  throttlingBurstLimit: ['throttling/burstLimit', '5'],
  throttlingRateLimit: ['throttling/rateLimit', '5'],
  cachingEnabled: ['caching/enabled', 'false'],
  cacheTtlInSeconds: ['caching/ttlInSeconds', '5'],
  cacheDataEncrypted: ['caching/dataEncrypted', 'false'],
  requireAuthorizationForCacheControl: ['caching/requireAuthorizationForCacheControl', 'false'],
  unauthorizedCacheControlHeaderStrategy: ['caching/unauthorizedCacheControlHeaderStrategy', 'FAIL_WITH_403'],
};

/** A change of the stage, which holds without a deployment. */
function set(thing: string, how: Row['how'], field: RegExp, ...patches: readonly Patch[]): Row {
  return { thing: `stage: ${thing}`, how, at: 'stage', field, act: (bench) => bench.patchStage(...patches) };
}

const STAGE: readonly Row[] = [
  {
    thing: 'stage',
    how: 'deleted',
    at: 'stage',
    deployment: 'none',
    act: ({ apiGateway, apiId }) => apiGateway.send(new DeleteStageCommand({ restApiId: apiId, stageName: 'dev' })),
  },
  {
    thing: 'deployment',
    how: 'changed',
    at: 'stage',
    field: /^deployment$/,
    deployment: 'unknown',
    // Somebody else's deployment is not ours to delete.
    unlike: /"by hand"|apigateway\/snapshot/,
    act: (bench) => bench.deployByHand(),
  },
  {
    thing: 'deployment',
    how: 'deleted',
    at: 'stage',
    field: /^deployment$/,
    deployment: 'unknown',
    // Somebody else's deployment is not ours to delete.
    unlike: /"by hand"|apigateway\/snapshot/,
    act: async (bench) => {
      const { aws, apiId } = bench;
      const [ours] = (await aws.apiGateway.listDeployments(apiId)).filter((is) => is.description !== 'by hand');
      await bench.deployByHand();
      await aws.apiGateway.deleteDeployment(apiId, ours?.id ?? '');
    },
  },
  ...Object.entries(OTHER_SETTINGS).map(([name, [path, value]]) =>
    set(name, 'changed', new RegExp(`^allMethods.${name}$`), { op: 'replace', path: `/*/*/${path}`, value }),
  ),
  set('settings of all methods', 'deleted', /^allMethods.throttlingRateLimit$/, { op: 'remove', path: '/*/*' }),
  set('settings of one method', 'changed', /^methods.images~1\{key\+\}\/GET/, {
    op: 'replace',
    path: '/images~1{key+}/GET/throttling/rateLimit',
    value: '1',
  }),
  ...(
    [
      ['deleted', /^cache.enabled$/, { op: 'replace', path: '/cacheClusterEnabled', value: 'false' }],
      ['changed', /^cache.sizeGb$/, { op: 'replace', path: '/cacheClusterSize', value: '1.6' }],
    ] as const
  ).map(
    ([how, field, patch]): Row => ({
      thing: 'stage: cache cluster',
      how,
      at: 'stage',
      field,
      act: async (bench) => {
        await bench.patchStage(patch);
      },
    }),
  ),
  set('access log', 'deleted', /^accessLogArn$/, { op: 'remove', path: '/accessLogSettings' }),
  set('access log', 'changed', /^accessLogFormat$/, {
    op: 'replace',
    path: '/accessLogSettings/format',
    value: '$context.requestId $context.path',
  }),
  set('tracing', 'changed', /^tracingEnabled$/, { op: 'replace', path: '/tracingEnabled', value: 'true' }),
  {
    thing: 'stage: tag of the config',
    how: 'deleted',
    at: 'stage',
    field: /^tags.team$/,
    act: (b) => b.apiGateway.send(new UntagApiCommand({ resourceArn: `${apiArn(b)}/stages/dev`, tagKeys: ['team'] })),
  },
  {
    thing: 'stage: tag of the config',
    how: 'changed',
    at: 'stage',
    field: /^tags.team$/,
    act: ({ aws, apiId }) => aws.apiGateway.tagStage(apiId, 'dev', { team: 'other' }),
  },
];

/** Every made thing and setting, deleted and changed. */
export const ROWS: readonly Row[] = [...BUCKET, ...OBJECTS, ...ROLE, ...LOGS, ...API, ...STAGE];
