import { GetTagsCommand, TagResourceCommand, UntagResourceCommand } from '@aws-sdk/client-api-gateway';
import { describe, expect, it } from 'vitest';
import { ACCOUNT, createControlPlane, makeLive, notFound } from './control-plane.js';

const arnOf = (path: string, region = 'eu-central-1') => `arn:aws:apigateway:${region}::${path}`;

describe('TagResource', () => {
  it.each(['', '/stages/live'])('tags and untags an API%s', async (tail) => {
    const plane = createControlPlane();
    const { api } = makeLive(plane);
    const resourceArn = arnOf(`${api}${tail}`);

    await plane.client.send(new TagResourceCommand({ resourceArn, tags: { a: '1', 'b c': '2' } }));
    await plane.client.send(new TagResourceCommand({ resourceArn, tags: { a: '3', d: '4', e: '5' } }));
    await plane.client.send(new UntagResourceCommand({ resourceArn, tagKeys: ['d', 'e', 'none'] }));
    const { tags } = await plane.client.send(new GetTagsCommand({ resourceArn }));

    expect(tags).toEqual({ a: '3', 'b c': '2' });
    expect(plane.make('GET', `${api}${tail}`)['tags']).toEqual(tags);
  });

  it.each(['/apikeys', '/usageplans'])(
    'tags and untags what is under %s, and changes nothing else of it',
    async (path) => {
      const plane = createControlPlane();
      const { id } = plane.make('POST', path, { name: 'a', tags: { a: '1' } });
      const resourceArn = arnOf(`${path}/${id}`);
      const before = plane.make('GET', `${path}/${id}`);

      await plane.client.send(new TagResourceCommand({ resourceArn, tags: { b: '2', c: '3' } }));
      await plane.client.send(new UntagResourceCommand({ resourceArn, tagKeys: ['a', 'b'] }));
      const { tags } = await plane.client.send(new GetTagsCommand({ resourceArn }));

      expect(before).toMatchObject({ tags: { a: '1' } });
      expect(tags).toEqual({ c: '3' });
      expect(plane.make('GET', `${path}/${id}`)).toEqual({ ...before, tags });
    },
  );

  it('does not find an API, a stage or a Region that is not there, and leaves other kinds out', () => {
    const plane = createControlPlane();
    const { api } = makeLive(plane);
    const ask = (arn: string) => plane.ask('GET', `/tags/${encodeURIComponent(arn)}`);

    expect(ask(arnOf('/restapis/nothere'))).toEqual(notFound(`Invalid API identifier specified ${ACCOUNT}:nothere`));
    expect(ask(arnOf(`${api}/stages/test`))).toEqual(notFound('Invalid stage identifier specified'));
    expect(ask(arnOf(api, 'us-east-1')).status).toBe(404);
    expect(ask(arnOf('/apikeys/nothere'))).toEqual(notFound('Invalid API Key identifier specified'));
    expect(ask(arnOf('/usageplans/nothere'))).toEqual(notFound('Invalid Usage Plan ID specified'));
    expect(ask(arnOf('/vpclinks/abc')).status).toBe(501);
    expect(ask(arnOf(api)).body).toEqual({ tags: {} });
  });
});
