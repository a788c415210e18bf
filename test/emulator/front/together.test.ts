import {
  APIGatewayClient,
  CreateDeploymentCommand,
  CreateResourceCommand,
  CreateRestApiCommand,
  GetResourcesCommand,
  PutIntegrationCommand,
  PutIntegrationResponseCommand,
  PutMethodCommand,
  PutMethodResponseCommand,
  TestInvokeMethodCommand,
} from '@aws-sdk/client-api-gateway';
import {
  CreateRoleCommand,
  DeleteRolePolicyCommand,
  IAMClient,
  PutRolePolicyCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { expect, test } from 'vitest';
import { ACCOUNT, type LocalCloud, openCloud } from './local-cloud.js';

const PIXELS = Buffer.from([137, 80, 78, 71, 0, 255, 254, 192]);
const ROLE = 'reader';

function policy(...statements: object[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: statements });
}

function trust(condition: object = {}): string {
  const Principal = { Service: 'apigateway.amazonaws.com' };
  return policy({ Effect: 'Allow', Principal, Action: 'sts:AssumeRole', ...condition });
}

/** A bucket with one image behind `GET /live/{key+}`, read by a role. Answers how to reach it. */
async function withGateway(cloud: LocalCloud) {
  const s3 = new S3Client(cloud.config());
  const iam = new IAMClient(cloud.config());
  const gateway = new APIGatewayClient(cloud.config());
  const CreateBucketConfiguration = { LocationConstraint: 'eu-west-1' } as const;
  await s3.send(new CreateBucketCommand({ Bucket: 'photos', CreateBucketConfiguration }));
  await s3.send(new PutObjectCommand({ Bucket: 'photos', Key: 'a/b.png', Body: PIXELS, ContentType: 'image/png' }));
  const AssumeRolePolicyDocument = trust();
  const { Role } = await iam.send(new CreateRoleCommand({ RoleName: ROLE, AssumeRolePolicyDocument }));
  const PolicyDocument = policy(
    { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::photos/*' },
    { Effect: 'Allow', Action: 's3:ListBucket', Resource: 'arn:aws:s3:::photos' },
  );
  await iam.send(new PutRolePolicyCommand({ RoleName: ROLE, PolicyName: 'read', PolicyDocument }));
  const api = await gateway.send(new CreateRestApiCommand({ name: 'photos', binaryMediaTypes: ['*/*'] }));
  const restApiId = api.id ?? '';
  const { items } = await gateway.send(new GetResourcesCommand({ restApiId }));
  const parentId = items?.[0]?.id ?? '';
  const { id } = await gateway.send(new CreateResourceCommand({ restApiId, parentId, pathPart: '{key+}' }));
  const at = { restApiId, resourceId: id ?? '', httpMethod: 'GET' };
  const requestParameters = { 'method.request.path.key': true };
  await gateway.send(new PutMethodCommand({ ...at, authorizationType: 'NONE', requestParameters }));
  await gateway.send(
    new PutIntegrationCommand({
      ...at,
      type: 'AWS',
      integrationHttpMethod: 'GET',
      uri: 'arn:aws:apigateway:eu-west-1:s3:path/photos/{key}',
      credentials: Role?.Arn ?? '',
      requestParameters: { 'integration.request.path.key': 'method.request.path.key' },
    }),
  );
  for (const [statusCode, selectionPattern] of [
    ['200', undefined],
    ['403', '403'],
    ['404', '404'],
  ] as const) {
    await gateway.send(
      new PutMethodResponseCommand({
        ...at,
        statusCode,
        responseParameters: { 'method.response.header.Content-Type': false },
      }),
    );
    await gateway.send(
      new PutIntegrationResponseCommand({
        ...at,
        statusCode,
        ...(selectionPattern === undefined ? {} : { selectionPattern }),
        responseParameters: { 'method.response.header.Content-Type': 'integration.response.header.Content-Type' },
      }),
    );
  }
  await gateway.send(new CreateDeploymentCommand({ restApiId, stageName: 'live' }));
  const get = async (path: string) => {
    const url = `https://${restApiId}.execute-api.eu-west-1.amazonaws.com/live/${path}`;
    const response = await cloud.emulator.fetch(new Request(url, { headers: { accept: 'text/html' } }));
    return {
      status: response.status,
      type: response.headers.get('content-type'),
      body: Buffer.from(await response.arrayBuffer()),
    };
  };
  return { iam, gateway, at, get };
}

test('an image goes from the bucket through role and gateway to the client unchanged', async () => {
  const { get } = await withGateway(openCloud());

  const image = await get('a/b.png');
  const missing = await get('a/c.png');

  expect(image).toEqual({ status: 200, type: 'image/png', body: PIXELS });
  expect(missing.status).toBe(404);
});

test('an image is refused as soon as the role may not read it', async () => {
  const { iam, get } = await withGateway(openCloud());

  await iam.send(new DeleteRolePolicyCommand({ RoleName: ROLE, PolicyName: 'read' }));

  expect((await get('a/b.png')).status).toBe(403);
});

test('a missing image is a 403 to a role that may not list the bucket', async () => {
  const { iam, get } = await withGateway(openCloud());
  const PolicyDocument = policy({ Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::photos/*' });

  await iam.send(new PutRolePolicyCommand({ RoleName: ROLE, PolicyName: 'read', PolicyDocument }));

  expect([(await get('a/b.png')).status, (await get('a/c.png')).status]).toEqual([200, 403]);
});

test.each([
  ['a condition on aws:SourceAccount', trust({ Condition: { StringEquals: { 'aws:SourceAccount': ACCOUNT } } })],
  ['another principal', trust({ Principal: { Service: 'lambda.amazonaws.com' } })],
])(
  'every image is a 500 when the role trusts with %s, and a test invocation says why',
  async (_what, PolicyDocument) => {
    const { iam, gateway, at, get } = await withGateway(openCloud());

    await iam.send(new UpdateAssumeRolePolicyCommand({ RoleName: ROLE, PolicyDocument }));

    const image = await get('a/b.png');
    const { log } = await gateway.send(new TestInvokeMethodCommand({ ...at, pathWithQueryString: '/a/b.png' }));
    expect([image.status, image.body.toString()]).toEqual([500, '{"message":"Internal server error"}']);
    expect(log).toContain('API Gateway does not have permission to assume the provided role');
  },
);
