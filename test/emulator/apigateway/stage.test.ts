import { CreateStageCommand, GetStagesCommand } from '@aws-sdk/client-api-gateway';
import { describe, expect, it } from 'vitest';
import {
  badRequest,
  conflict,
  createControlPlane,
  invalid,
  makeLive,
  makeStage,
  makeWired,
  notFound,
} from './control-plane.js';

describe('CreateStage', () => {
  it('answers a stage without settings, cache or logs', async () => {
    const plane = createControlPlane();
    const { id: restApiId, deploymentId } = makeLive(plane);

    const made = await plane.client.send(new CreateStageCommand({ restApiId, stageName: 'test', deploymentId }));

    const { $metadata, ...stage } = made;
    const date = new Date('2026-01-02T03:04:05Z');
    expect($metadata.httpStatusCode).toBe(201);
    expect(stage).toEqual({
      ...{ stageName: 'test', deploymentId, cacheClusterEnabled: false, cacheClusterStatus: 'NOT_AVAILABLE' },
      ...{ methodSettings: {}, tracingEnabled: false, createdDate: date, lastUpdatedDate: date },
    });
  });

  it('keeps everything that it is given', () => {
    const plane = createControlPlane();
    const { api, deploymentId } = makeLive(plane);
    const given = {
      ...{ stageName: 'test_1-a', deploymentId, description: 'd', variables: { a: 'b.c' }, tags: { t: 'u' } },
      ...{ tracingEnabled: true, cacheClusterSize: '1.6' },
    };

    const made = plane.make('POST', `${api}/stages`, given);

    expect(made).toMatchObject({ ...given, cacheClusterStatus: 'NOT_AVAILABLE' });
    expect(plane.make('GET', `${api}/stages/test_1-a`)).toEqual(made);
  });

  it('makes a cache cluster, which takes its time', () => {
    const plane = createControlPlane();
    const { api, deploymentId } = makeLive(plane);
    const given = { stageName: 'fast', deploymentId, cacheClusterEnabled: true };
    const status = () => plane.make('GET', `${api}/stages/fast`)['cacheClusterStatus'];

    expect(plane.make('POST', `${api}/stages`, given)).toMatchObject({ cacheClusterSize: '0.5' });

    expect(status()).toBe('CREATE_IN_PROGRESS');
    plane.advance(1999);
    expect(status()).toBe('CREATE_IN_PROGRESS');
    plane.advance(1);
    expect(status()).toBe('AVAILABLE');
  });

  it('refuses an unknown deployment, a name that is taken or bad, and a size that is none', () => {
    const plane = createControlPlane();
    const { api, deploymentId } = makeLive(plane);
    const make = (input: object) => plane.ask('POST', `${api}/stages`, { stageName: 'test', deploymentId, ...input });

    expect(make({ deploymentId: 'nothere' })).toEqual(badRequest('Deployment id does not exist'));
    expect(make({ stageName: 'live' })).toEqual(conflict('Stage already exists'));
    expect(make({ stageName: 'a b' }).status).toBe(400);
    expect(make({ stageName: 'a'.repeat(129) }).status).toBe(400);
    expect(make({ variables: { 'a-b': 'c' } }).status).toBe(400);
    expect(make({ cacheClusterSize: '1' })).toEqual(
      invalid(
        "1 validation error detected: Value '1' at 'createStageInput.cacheClusterSize' failed to satisfy constraint: Member must satisfy enum value set: [0.5, 1.6, 6.1, 13.5, 28.4, 58.2, 118, 237]",
      ),
    );
    expect(make({}).status).toBe(201);
  });
});

describe('GetStages', () => {
  it('lists all stages, or those of one deployment', async () => {
    const plane = createControlPlane();
    const { id: restApiId, api, deploymentId } = makeLive(plane);
    const { id: second } = plane.make('POST', `${api}/deployments`, { stageName: 'next' });
    for (const n of [1, 2, 3, 4, 5]) plane.make('POST', `${api}/stages`, { stageName: `s${n}`, deploymentId });

    const all = await plane.client.send(new GetStagesCommand({ restApiId }));
    const some = await plane.client.send(new GetStagesCommand({ restApiId, deploymentId: String(second) }));

    expect(all.item?.map(({ stageName }) => stageName)).toEqual(['live', 'next', 's1', 's2', 's3', 's4', 's5']);
    expect(some.item?.map(({ stageName }) => stageName)).toEqual(['next']);
  });
});

describe('FlushStageCache', () => {
  it('changes nothing without a cluster', () => {
    const { plane, live, read } = makeStage();

    expect(plane.ask('DELETE', `${live.stage}/cache/data`)).toEqual({ status: 202, type: undefined, body: undefined });
    expect(read()['cacheClusterStatus']).toBe('NOT_AVAILABLE');
  });
});

describe('DeleteStage', () => {
  it('takes the cached answers of this stage with it', () => {
    const { plane, live } = makeStage();
    plane.make('POST', `${live.api}/stages`, { stageName: 'live2', deploymentId: live.deploymentId });
    for (const stage of ['live', 'live2']) plane.store.put('execute-api/cache', `${live.id}/${stage}/entry`, {});

    expect(plane.ask('DELETE', live.stage)).toEqual({ status: 202, type: undefined, body: undefined });

    expect(plane.ask('GET', live.stage)).toEqual(notFound('Invalid stage identifier specified'));
    expect(plane.store.list('execute-api/cache').map(({ key }) => key)).toEqual([`${live.id}/live2/entry`]);
    expect(plane.asked.flushed).toEqual([`${live.id}/live`]);
  });

  it.each([
    ['GET', ''],
    ['PATCH', ''],
    ['DELETE', ''],
    ['DELETE', '/cache/data'],
    ['DELETE', '/cache/authorizers'],
  ])('%s …/stages/{name}%s does not find a stage that is not there', (verb, tail) => {
    const plane = createControlPlane();
    const { api } = makeWired(plane);

    expect(plane.ask(verb, `${api}/stages/live${tail}`)).toEqual(notFound('Invalid stage identifier specified'));
  });
});
