import { describe, expect, it } from 'vitest';
import { createControlPlane, makeLive, patch, refused } from '../apigateway/control-plane.js';

/** Operations of AWS that are not emulated, each with a request that fits it. */
const OPERATIONS: readonly (readonly [name: string, call: string])[] = [
  ['ImportApiKeys', 'POST /apikeys?mode=import&format=csv'],
  ['UpdateUsage', 'PATCH /usageplans/abc123/keys/abcde12345/usage'],
  ['GetBasePathMapping', 'GET /domainnames/images.example.com/basepathmappings/(none)'],
  ['UpdateBasePathMapping', 'PATCH /domainnames/images.example.com/basepathmappings/(none)'],
  ['UpdateDomainName', 'PATCH /domainnames/images.example.com'],
  ['TestInvokeAuthorizer', 'POST /restapis/abc/authorizers/abc123'],
  ['ImportRestApi', 'POST /restapis?mode=import&basepath=prepend'],
  ['PutRestApi', 'PUT /restapis/abc?mode=merge'],
  ['GetExport', 'GET /restapis/abc/stages/live/exports/swagger'],
  ['UpdateModel', 'PATCH /restapis/abc/models/Pet'],
];

const notEmulated = (what: string) =>
  refused(501, 'NotImplemented', `The local cloud does not emulate apigateway ${what}.`);

describe('apigatewayService', () => {
  it.each(OPERATIONS)('answers 501 to %s, by name', (name, call) => {
    const [verb = '', target = ''] = call.split(' ');

    expect(createControlPlane().ask(verb, target)).toEqual(notEmulated(name));
  });

  it.each([
    ['UpdateStage /canarySettings', 'PATCH /stages/live', patch(['replace', '/canarySettings/percentTraffic', '50'])],
    ['UpdateStage /canarySettings', 'PATCH /stages/live', patch(['copy', '/canarySettings/deploymentId'])],
    ['CreateDeployment canarySettings', 'POST /deployments', { stageName: 'live', canarySettings: {} }],
    ['CreateStage canarySettings', 'POST /stages', { stageName: 'b', deploymentId: 'c', canarySettings: {} }],
  ])('answers 501 to %s, by name: %s', (name, call, body) => {
    const plane = createControlPlane();
    const { api } = makeLive(plane);
    const [verb = '', tail = ''] = call.split(' ');

    expect(plane.ask(verb, `${api}${tail}`, body)).toEqual(notEmulated(name));
  });
});
