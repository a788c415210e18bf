import { CreateDeploymentCommand, GetDeploymentCommand } from '@aws-sdk/client-api-gateway';
import { describe, expect, it } from 'vitest';
import { type Snapshot, TABLES } from '../../../src/emulator/apigateway/model.js';
import {
  badRequest,
  createControlPlane,
  makeApi,
  makeImages,
  makeLive,
  makeWired,
  notFound,
  patch,
} from './control-plane.js';

describe('CreateDeployment', () => {
  it('answers no more than its id, date and description', async () => {
    const plane = createControlPlane();
    const { id: restApiId } = makeWired(plane);

    const made = await plane.client.send(new CreateDeploymentCommand({ restApiId, description: 'first' }));

    const { $metadata: _metadata, ...deployment } = made;
    expect(deployment).toEqual({
      id: expect.stringMatching(/^\w{6}$/),
      createdDate: new Date('2026-01-02T03:04:05Z'),
      description: 'first',
    });
    expect(plane.make('GET', `/restapis/${restApiId}/stages`)['item']).toEqual([]);
  });

  it('freezes the API as it stands, and a later change reaches only the next deployment', () => {
    const plane = createControlPlane();
    const live = makeLive(plane);
    plane.make('PATCH', live.api, patch(['add', '/binaryMediaTypes/image~1png']));
    plane.make('PUT', `${live.api}/gatewayresponses/THROTTLED`, {});
    plane.make('PUT', `${live.method}/integration`, { type: 'MOCK' });

    const { id } = plane.make('POST', `${live.api}/deployments`, { stageName: 'live' });

    const read = (deployment: unknown) => {
      const snapshot = plane.store.get<Snapshot>(TABLES.snapshot, `${live.id}/${deployment}`);
      const resource = snapshot?.resources.find((one) => one.id === live.resourceId);
      const type = resource?.methods['GET']?.methodIntegration?.type;
      return [snapshot?.api.binaryMediaTypes, type, Object.keys(snapshot?.gatewayResponses ?? {})];
    };
    expect(read(live.deploymentId)).toEqual([[], 'AWS', []]);
    expect(read(id)).toEqual([['image/png'], 'MOCK', ['THROTTLED']]);
  });

  it('makes the stage that it is given', () => {
    const plane = createControlPlane();
    const { api } = makeWired(plane);

    const { id } = plane.make('POST', `${api}/deployments`, {
      ...{ stageName: 'live', stageDescription: 'for all', variables: { a: 'b' }, tracingEnabled: true },
      cacheClusterEnabled: true,
    });

    expect(plane.make('GET', `${api}/stages/live`)).toMatchObject({
      ...{ deploymentId: id, description: 'for all', variables: { a: 'b' }, tracingEnabled: true },
      ...{ cacheClusterEnabled: true, cacheClusterSize: '0.5', cacheClusterStatus: 'CREATE_IN_PROGRESS' },
    });
  });

  it('has a stage that is there serve it, and leaves the settings of the stage and the old deployment alone', () => {
    const plane = createControlPlane();
    const live = makeLive(plane);
    plane.make('PATCH', live.stage, patch(['replace', '/*/*/caching/enabled', 'true']));
    const before = plane.make('GET', live.stage);
    plane.advance(60_000);

    const { id } = plane.make('POST', `${live.api}/deployments`, { stageName: 'live' });

    const lastUpdatedDate = Number(before['lastUpdatedDate']) + 60;
    expect(plane.make('GET', live.stage)).toEqual({ ...before, deploymentId: id, lastUpdatedDate });
    expect(plane.ask('GET', `${live.api}/deployments/${live.deploymentId}`).status).toBe(200);
  });

  it('refuses an API without methods, and a method without integration', () => {
    const plane = createControlPlane();
    const { api, method } = makeImages(plane);

    expect(plane.ask('POST', `${api}/deployments`, {})).toEqual(badRequest("The REST API doesn't contain any methods"));
    plane.make('PUT', method, { authorizationType: 'NONE' });
    expect(plane.ask('POST', `${api}/deployments`, { stageName: 'live' })).toEqual(
      badRequest('No integration defined for method'),
    );
    expect(plane.make('GET', `${api}/deployments`)['item']).toEqual([]);
    expect(plane.make('GET', `${api}/stages`)['item']).toEqual([]);
  });

  it('refuses a canary without a stage, and leaves canaries out otherwise', () => {
    const plane = createControlPlane();
    const { api } = makeLive(plane);
    const deploy = (stageName?: string) => plane.ask('POST', `${api}/deployments`, { stageName, canarySettings: {} });

    expect(deploy()).toEqual(
      badRequest(
        'Invalid deployment content specified.Non null and non empty stageName must be provided for canary deployment. Provided value is null',
      ),
    );
    expect(deploy('next')).toEqual(
      badRequest(
        'Invalid deployment content specified.Stage next must already be created before making a canary release deployment',
      ),
    );
    expect(deploy('live').status).toBe(501);
  });
});

describe('GetDeployment', () => {
  it('sums up what it froze when asked to', async () => {
    const plane = createControlPlane();
    const { id: restApiId, deploymentId } = makeLive(plane);

    const { apiSummary } = await plane.client.send(
      new GetDeploymentCommand({ restApiId, deploymentId, embed: ['apisummary'] }),
    );

    expect(apiSummary).toEqual({ '/{key+}': { GET: { authorizationType: 'NONE', apiKeyRequired: false } } });
  });
});

describe('UpdateDeployment', () => {
  it('changes the description and nothing else', () => {
    const plane = createControlPlane();
    const { api, deploymentId } = makeLive(plane);
    const deployment = `${api}/deployments/${deploymentId}`;

    expect(plane.make('PATCH', deployment, patch(['replace', '/description', 'b']))).toMatchObject({
      description: 'b',
    });
    expect(plane.ask('PATCH', deployment, patch(['replace', '/id', 'b']))).toEqual(
      badRequest('Invalid patch path /id'),
    );
  });
});

describe('DeleteDeployment', () => {
  it('refuses one that a stage serves, and removes one that none does', () => {
    const plane = createControlPlane();
    const live = makeLive(plane);
    const deployment = `${live.api}/deployments/${live.deploymentId}`;

    expect(plane.ask('DELETE', deployment)).toEqual(
      badRequest('Active stages pointing to this deployment must be moved or deleted'),
    );
    plane.make('POST', `${live.api}/deployments`, { stageName: 'live' });
    expect(plane.ask('DELETE', deployment)).toEqual({ status: 202, type: undefined, body: undefined });

    expect(plane.ask('GET', deployment)).toEqual(notFound('Invalid Deployment identifier specified'));
    expect(plane.store.get(TABLES.snapshot, `${live.id}/${live.deploymentId}`)).toBeUndefined();
  });

  it('does not find the deployment of another API', () => {
    const plane = createControlPlane();
    const { deploymentId } = makeLive(plane);
    const other = makeApi(plane);

    expect(plane.ask('DELETE', `/restapis/${other}/deployments/${deploymentId}`)).toEqual(
      notFound('Invalid Deployment identifier specified'),
    );
  });
});
