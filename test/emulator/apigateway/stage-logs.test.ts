import { describe, expect, it } from 'vitest';
import { badRequest, makeStage, noSetting } from './control-plane.js';

const LOG_GROUP = 'arn:aws:logs:eu-central-1:000000000000:log-group:access';

describe('UpdateStage, access log', () => {
  const FORMAT = '$context.requestId $context.status';

  it.each([
    ['add', [['destinationArn', LOG_GROUP]]],
    ['replace', [['destinationArn', LOG_GROUP]]],
    ['add', [['format', FORMAT]]],
    [
      'replace',
      [
        ['format', FORMAT],
        ['destinationArn', LOG_GROUP],
      ],
    ],
    [
      'add',
      [
        ['destinationArn', LOG_GROUP],
        ['format', FORMAT],
      ],
    ],
    ['add', [['destinationArn', 'arn:aws:firehose:eu-central-1:000000000000:deliverystream/amazon-apigateway-logs']]],
  ] as const)('does %s %j one after the other', (op, members) => {
    const { change, read } = makeStage();

    for (const [name, value] of members) expect(change([op, `/accessLogSettings/${name}`, value]).status).toBe(200);

    expect(read()['accessLogSettings']).toEqual(Object.fromEntries(members));
  });

  it('is removed as a whole only', () => {
    const { change, read } = makeStage();
    change(['add', '/accessLogSettings/destinationArn', LOG_GROUP], ['add', '/accessLogSettings/format', FORMAT]);

    expect(change(['remove', '/accessLogSettings/destinationArn'])).toEqual(
      noSetting('accessLogSettings/destinationArn'),
    );
    expect(change(['remove', '/accessLogSettings']).status).toBe(200);

    expect(read()).not.toHaveProperty('accessLogSettings');
  });

  it.each([
    ['add', '/accessLogSettings/format', '', 'Access Log value must not be empty'],
    ['replace', '/accessLogSettings/destinationArn', undefined, 'Access Log value must not be empty'],
    [
      'add',
      '/accessLogSettings',
      LOG_GROUP,
      'Invalid accessLogSettings path. Must be one of : [/accessLogSettings/destinationArn, /accessLogSettings/format]',
    ],
    [
      'replace',
      '/accessLogSettings/wrong',
      'x',
      'Invalid accessLogSettings path. Must be one of : [/accessLogSettings/destinationArn, /accessLogSettings/format]',
    ],
    ['add', '/accessLogSettings/destinationArn', `${LOG_GROUP}:*`, 'Invalid ARN specified in the request'],
    [
      'add',
      '/accessLogSettings/format',
      '$context.status',
      'Access log format must contain $context.requestId or $context.extendedRequestId',
    ],
  ])('refuses %s %s %s', (op, path, value, message) => {
    const { change } = makeStage();

    expect(change([op, path, value])).toEqual(badRequest(message));
  });

  it.each([
    ['/*/*/logging/loglevel', 'INFO'],
    ['/*/*/logging/loglevel', 'ERROR'],
    ['/accessLogSettings/destinationArn', LOG_GROUP],
  ])('needs the role of the account for %s = %s', (path, value) => {
    const { change } = makeStage({ logging: false });

    expect(change(['replace', path, value])).toEqual(
      badRequest('CloudWatch Logs role ARN must be set in account settings to enable logging'),
    );
    expect(change(['replace', '/*/*/logging/loglevel', 'OFF']).status).toBe(200);
  });
});
