import { inspect } from 'node:util';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { describe, expect, it, vi } from 'vitest';
import { targetOn } from '../../src/targets/local.js';
import type { World } from '../stories/world.js';
import { ledgerOf, newAwsHosts, type SentRequest } from './aws-hosts.js';
import { serviceOf } from './call-lines.js';

/** Keys that hold for an hour, as an SSO session hands them out. */
async function sessionOf(world: World): Promise<{ id: string; secret: string; token: string }> {
  const { emulator } = world;
  const { iam } = await world.aws();
  const root = { AWS: `arn:aws:iam::${emulator.accountId}:root` };
  const Statement = [{ Effect: 'Allow', Principal: root, Action: 'sts:AssumeRole' }];
  const trust = JSON.stringify({ Version: '2012-10-17', Statement });
  await iam.createRole({ name: 'operator', path: '/', description: '', trust, tags: {} });
  await iam.attachRolePolicy('operator', 'arn:aws:iam::aws:policy/AdministratorAccess');
  const { requestHandler = {} } = targetOn(emulator, 'eu-west-1', 4510).access;
  const client = new STSClient({ region: 'eu-west-1', credentials: emulator.credentials, requestHandler });
  const RoleArn = `arn:aws:iam::${emulator.accountId}:role/operator`;
  const { Credentials } = await client.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'ann' }));
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = Credentials ?? {};
  return { id: AccessKeyId, secret: SecretAccessKey, token: SessionToken };
}

/** Everything that a person or a log could get to see of a value. */
function shown(value: unknown): string {
  const options = { depth: Infinity, maxArrayLength: Infinity, maxStringLength: Infinity, breakLength: Infinity };
  return `${inspect(value, options)}${JSON.stringify(value)}`;
}

const REFUSAL = {
  status: 403,
  headers: { 'x-amzn-errortype': 'AccessDeniedException' },
  body: Buffer.from('{"message":"User is not authorized to perform: apigateway:POST"}'),
};

describe('secrets', () => {
  it('the secret key stays here, and the session token goes into its own header and nowhere else', async () => {
    let refused = 0;
    const isCreateStage = (is: SentRequest): boolean => is.method === 'POST' && is.path.endsWith('/stages');
    const hosts = newAwsHosts({
      credentials: null,
      weather: async (request, pass) => (isCreateStage(request) && refused++ === 0 ? REFUSAL : pass()),
    });
    const { id, secret, token } = await sessionOf(hosts.world);
    vi.stubEnv('AWS_ACCESS_KEY_ID', id);
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', secret);
    vi.stubEnv('AWS_SESSION_TOKEN', token);

    const failure: unknown = await hosts.run('up').catch((error: unknown) => error);
    await hosts.run('up');
    const ledger = ledgerOf(hosts);
    const report = await (await hosts.open()).verify();
    await hosts.run('teardown');

    const leaks = (text: string): boolean =>
      [secret, token, encodeURIComponent(secret), encodeURIComponent(token)].some((word) => text.includes(word));
    const carriers = hosts.sent.flatMap(({ host, path, query, headers, body }) => [
      ...Object.entries(headers).flatMap(([name, value]) => (leaks(value) ? [name] : [])),
      ...(leaks(`${host}${path}?${query}`) ? ['the URL'] : []),
      ...(leaks(body.toString('latin1')) ? ['the body'] : []),
    ]);
    const toTheApi = hosts.sent.filter((is) => serviceOf(is) === 'execute-api');
    expect([...new Set(carriers)]).toEqual(['x-amz-security-token']);
    expect(toTheApi.filter(({ headers }) => 'x-amz-security-token' in headers)).toEqual([]);
    expect(failure).toMatchObject({ name: 'AwsError', code: 'ACCESS_DENIED' });
    expect(ledger).toContain('"installation"');
    expect(hosts.said.some((one) => 'type' in one && one.type === 'fail')).toBe(true);
    expect([ledger, shown(failure), shown(hosts.said), shown(report)].map(leaks)).toEqual([false, false, false, false]);
  });
});
