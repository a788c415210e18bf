import { compact } from './compact.js';
import { findMethod } from './method.js';
import { operation } from './operation.js';
import { leftOut, listOf, mapOf, text } from './shape.js';

/** Runs a method as it stands now, without deploying it. It changes nothing of the API itself. */
export const TestInvokeMethod = operation({
  name: 'TestInvokeMethod',
  route: 'POST /restapis/{restApiId}/resources/{resourceId}/methods/{httpMethod}',
  success: 200,
  mutating: false,
  fidelity: 'recorded',
  source: 'LocalStack, recorded tests of TestInvokeMethod (August and September 2025)',
  body: {
    pathWithQueryString: text(),
    body: text(),
    headers: mapOf(text()),
    multiValueHeaders: mapOf(listOf(text())),
    stageVariables: mapOf(text()),
    clientCertificateId: leftOut('TestInvokeMethod clientCertificateId'),
  },
  run(call, { path, body }) {
    findMethod(call, path);
    const { restApiId: apiId, resourceId, httpMethod } = path;
    return call.cloud.testInvoke(call, { apiId, resourceId, httpMethod, input: compact(body) });
  },
});
