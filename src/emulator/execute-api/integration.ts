import { type Exchange, routeOf } from './context.js';
import { NotEmulated } from './gateway-failure.js';
import { answerMock } from './mock-integration.js';
import { sendToS3 } from './s3-integration.js';

/**
 * Has the integration answer: S3 for AWS integrations that name it, the gateway itself for MOCK.
 *
 * @throws {NotEmulated} for every other kind of integration.
 */
export function integrate(exchange: Exchange): void {
  const { type } = routeOf(exchange).integration;
  if (type === 'MOCK') exchange.incoming = answerMock(exchange);
  else if (type === 'AWS') exchange.incoming = sendToS3(exchange);
  else throw new NotEmulated(`integration type ${type}`);
}
