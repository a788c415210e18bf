import {
  APIGatewayClient,
  CreateDeploymentCommand,
  CreateResourceCommand,
  CreateRestApiCommand,
  PutIntegrationCommand,
  PutIntegrationResponseCommand,
  PutMethodCommand,
  PutMethodResponseCommand,
  UpdateRestApiCommand,
} from '@aws-sdk/client-api-gateway';
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { ACCOUNT, openCloud } from '../front/local-cloud.js';
import { B64, CORRUPTED, RAW } from './payloads.js';

const ROLE = `arn:aws:iam::${ACCOUNT}:role/reader`;

function policy(statement: object): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...statement }] });
}

/** The whole local cloud with `GET /live/{key+}` wired to an image in a bucket, read by a role; neither need be there. */
async function withImage({ isThere = true } = {}) {
  const cloud = openCloud();
  const gateway = new APIGatewayClient(cloud.config(undefined, 'us-east-1'));
  if (isThere) await makeImage(cloud.config(undefined, 'us-east-1'));
  const { id: restApiId = '', rootResourceId: parentId = '' } = await gateway.send(
    new CreateRestApiCommand({ name: 'photos' }),
  );
  const { id: resourceId = '' } = await gateway.send(
    new CreateResourceCommand({ restApiId, parentId, pathPart: '{key+}' }),
  );
  const at = { restApiId, resourceId, httpMethod: 'GET' };
  const requestParameters = { 'method.request.path.key': true };
  await gateway.send(new PutMethodCommand({ ...at, authorizationType: 'NONE', requestParameters }));
  await gateway.send(
    new PutIntegrationCommand({
      ...{ ...at, type: 'AWS', integrationHttpMethod: 'GET', credentials: ROLE },
      uri: 'arn:aws:apigateway:us-east-1:s3:path/photos/{key}',
      requestParameters: { 'integration.request.path.key': 'method.request.path.key' },
    }),
  );
  await gateway.send(new PutMethodResponseCommand({ ...at, statusCode: '200' }));
  await gateway.send(new PutIntegrationResponseCommand({ ...at, statusCode: '200' }));
  const deploy = () => gateway.send(new CreateDeploymentCommand({ restApiId, stageName: 'live' }));
  await deploy();
  const get = async () => {
    const url = `https://${restApiId}.execute-api.us-east-1.amazonaws.com/live/a.png`;
    const response = await cloud.emulator.fetch(new Request(url, { headers: { accept: 'text/html' } }));
    return { status: response.status, body: Buffer.from(await response.arrayBuffer()) };
  };
  const patch = (op: 'add' | 'remove', path: string) =>
    gateway.send(new UpdateRestApiCommand({ restApiId, patchOperations: [{ op, path }] }));
  return { get, patch, deploy };
}

async function makeImage(config: ReturnType<ReturnType<typeof openCloud>['config']>): Promise<void> {
  const s3 = new S3Client(config);
  const iam = new IAMClient(config);
  await s3.send(new CreateBucketCommand({ Bucket: 'photos' }));
  await s3.send(new PutObjectCommand({ Bucket: 'photos', Key: 'a.png', Body: RAW, ContentType: 'image/png' }));
  const trust = policy({ Principal: { Service: 'apigateway.amazonaws.com' }, Action: 'sts:AssumeRole' });
  await iam.send(new CreateRoleCommand({ RoleName: 'reader', AssumeRolePolicyDocument: trust }));
  const PolicyDocument = policy({ Action: 's3:GetObject', Resource: 'arn:aws:s3:::photos/*' });
  await iam.send(new PutRolePolicyCommand({ RoleName: 'reader', PolicyName: 'read', PolicyDocument }));
}

describe('CreateDeployment', () => {
  it('is what puts changed binary media types into force', async () => {
    const { get, patch, deploy } = await withImage();
    const bodies = [(await get()).body];
    await patch('add', '/binaryMediaTypes/image~1png');
    bodies.push((await get()).body);

    await deploy();

    bodies.push((await get()).body);
    await patch('remove', '/binaryMediaTypes/image~1png');
    bodies.push((await get()).body);
    await deploy();
    bodies.push((await get()).body);
    expect(bodies).toEqual([CORRUPTED, CORRUPTED, B64, B64, CORRUPTED]);
  });
});

describe('PutIntegration', () => {
  it('takes a role and a bucket that nobody made, and every request is a 500', async () => {
    const { get } = await withImage({ isThere: false });

    const { status, body } = await get();

    expect([status, body.toString()]).toEqual([500, '{"message":"Internal server error"}']);
  });
});
