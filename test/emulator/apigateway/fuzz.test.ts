import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createControlPlane, makeLive } from './control-plane.js';

const VERBS = ['GET', 'PUT', 'POST', 'PATCH', 'DELETE', 'HEAD'];

/** Bodies that look a little like what operations want. */
const names = fc.constantFrom(
  ...['name', 'type', 'uri', 'httpMethod', 'credentials', 'pathPart', 'authorizationType', 'stageName', 'deploymentId'],
  ...['requestParameters', 'responseParameters', 'responseTemplates', 'tags', 'statusCode', 'schema', 'contentType'],
  ...['cacheKeyParameters', 'variables', '__proto__', 'policy', 'endpointConfiguration', 'binaryMediaTypes'],
);
const change = fc.record(
  {
    op: fc.constantFrom('add', 'remove', 'replace', 'copy', 'test', 'wrong'),
    path: fc.oneof(
      fc.constantFrom(
        '/name',
        '/*/*/caching/enabled',
        '/variables/__proto__',
        '/cacheClusterEnabled',
        '/parentId',
        '/',
      ),
      fc.string(),
    ),
    value: fc.oneof(fc.constantFrom('true', '', '/'), fc.string()),
  },
  { requiredKeys: ['op'] },
);
const body = fc.oneof(
  fc.dictionary(names, fc.jsonValue()),
  fc.dictionary(names, fc.oneof(fc.string(), fc.dictionary(fc.string(), fc.string()))),
  fc.record({ patchOperations: fc.array(change) }),
  fc.jsonValue(),
);

describe('apigatewayService', () => {
  it('answers whatever it is sent, with a message for every refusal', () => {
    fc.assert(
      fc.property(
        fc.infiniteStream(fc.nat()),
        fc.array(fc.tuple(fc.constantFrom(...VERBS), body), { minLength: 1 }),
        (picks, asks) => {
          const plane = createControlPlane();
          const live = makeLive(plane);
          const pick = () => picks.next().value ?? 0;
          const tails = [
            ...['', '/resources', `/resources/${live.rootId}`, `/resources/${live.resourceId}/methods/GET`],
            ...[`/resources/${live.resourceId}/methods/GET/integration`, '/stages', '/stages/live', '/deployments'],
            ...[`/resources/${live.resourceId}/methods/GET/responses/200`, '/gatewayresponses/THROTTLED', '/models'],
            ...[
              `/resources/${live.resourceId}/methods/GET/integration/responses/200`,
              '/requestvalidators',
              '/%zz',
              '/a%2Fb',
            ],
          ];

          for (const [verb, sent] of asks) {
            const reply = plane.ask(verb, `${live.api}${tails[pick() % tails.length]}`, sent);

            expect([200, 201, 202, 204, 400, 403, 404, 409, 501]).toContain(reply.status);
            if (reply.status >= 400) expect(reply.body).toEqual({ message: expect.stringMatching(/./) });
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});
