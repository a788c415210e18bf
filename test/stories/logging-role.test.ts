import { describe, expect, it } from 'vitest';
import { changing, newWorld, type World } from './world.js';

/** ARN of the role that pixgate makes in the local account. */
const OURS = 'arn:aws:iam::000000000000:role/pixgate/pixgate-logging-eu-west-1';
const WELCOME = '/aws/apigateway/welcome';
const TRUST = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'apigateway.amazonaws.com' }, Action: 'sts:AssumeRole' }],
});
const PUSH = 'arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs';

/** Another tool makes a logging role of its own and names it in the account's settings. */
async function letAnotherToolLog(world: World): Promise<string> {
  const { iam, apiGateway } = await world.aws();
  await iam.createRole({
    name: 'their-logs',
    path: '/ops/',
    description: 'theirs',
    trust: TRUST,
    tags: { team: 'ops' },
  });
  await iam.attachRolePolicy('their-logs', PUSH);
  const arn = (await iam.findRole('their-logs'))?.arn ?? '';
  await apiGateway.putAccountRole(arn);
  return arn;
}

/** Somebody else's API with a stage that writes an execution log. */
async function makeForeignApi(world: World): Promise<string> {
  const { apiGateway } = await world.aws();
  const settings = {
    name: 'theirs',
    description: 'Somebody else made this.',
    endpointType: 'REGIONAL',
    binaryMediaTypes: [],
    apiKeySource: 'HEADER',
    disableExecuteApiEndpoint: false,
  };
  const apiId = await apiGateway.createApi(settings, { team: 'web' });
  const reading = await apiGateway.findGateway(apiId);
  const place = { apiId, resourceId: reading?.rootId ?? '', verb: 'GET' };
  const open = {
    authorizationType: 'NONE',
    apiKeyRequired: false,
    requestParameters: {},
    requestModels: {},
    responses: {},
  };
  await apiGateway.putMethod(place, open, undefined);
  await apiGateway.putIntegration(place, {
    type: 'MOCK',
    requestParameters: {},
    requestTemplates: {},
    passthroughBehavior: 'WHEN_NO_MATCH',
    timeoutMs: 29_000,
    cacheKeyParameters: [],
    responses: {},
  });
  const deploymentId = await apiGateway.createDeployment(apiId, 'theirs');
  await apiGateway.createStage({
    apiId,
    stageName: 'prod',
    deploymentId,
    cacheSizeGb: undefined,
    tracingEnabled: false,
    tags: {},
  });
  await apiGateway.patchStage(apiId, 'prod', [{ op: 'replace', path: '/*/*/logging/loglevel', value: 'ERROR' }]);
  return apiId;
}

async function accountRole(world: World): Promise<string | undefined> {
  return (await world.aws()).apiGateway.findAccountRole();
}

async function ownRole(world: World) {
  return (await world.aws()).iam.findRole('pixgate-logging-eu-west-1');
}

describe("the account's logging role", () => {
  it('of another tool is untouched by up and teardown, byte for byte', async () => {
    const world = newWorld();
    const theirs = await letAnotherToolLog(world);
    const before = world.everything();

    await world.run('up');
    const during = await accountRole(world);
    const own = await ownRole(world);
    const result = await world.run('teardown');

    expect([during, own, result.left]).toEqual([theirs, undefined, []]);
    expect(world.everything()).toEqual(before);
    expect(world.calls.filter(({ operation }) => operation === 'UpdateAccount')).toHaveLength(1);
  });

  it('that nobody has set is set by up, and given back with its welcome group by teardown', async () => {
    const world = newWorld();
    const before = world.everything();

    const plan = await world.plan('up');
    await world.run('up');
    const during = [await accountRole(world), (await (await world.aws()).logs.findGroup(WELCOME))?.name];
    const result = await world.run('teardown');

    expect(plan.notices.join('\n')).toContain('it is set now, and given back by teardown');
    expect(during).toEqual([OURS, WELCOME]);
    expect([await accountRole(world), result.left]).toEqual([undefined, []]);
    expect(world.everything()).toEqual(before);
  });

  it('that was deleted is replaced with a notice that names it, and is not given back while it is dead', async () => {
    const world = newWorld();
    const dead = await letAnotherToolLog(world);
    const { iam, logs } = await world.aws();
    await iam.deleteRole('their-logs');

    const plan = await world.plan('up');
    await world.run('up');
    const during = await accountRole(world);
    const result = await world.run('teardown');

    expect(plan.notices.join('\n')).toContain(`${dead} for it, and that role no longer exists: it is replaced`);
    expect(during).toBe(OURS);
    expect([await accountRole(world), await ownRole(world), result.left]).toEqual([undefined, undefined, []]);
    expect((await logs.findGroup(WELCOME))?.name).toBe(WELCOME);
  });

  it('that was deleted and lives again by the time of teardown is given back', async () => {
    const world = newWorld();
    const theirs = await letAnotherToolLog(world);
    const { iam } = await world.aws();
    await iam.deleteRole('their-logs');
    await world.run('up');
    await iam.createRole({ name: 'their-logs', path: '/ops/', description: 'again', trust: TRUST, tags: {} });
    await iam.attachRolePolicy('their-logs', PUSH);

    await world.run('teardown');

    expect([await accountRole(world), await ownRole(world)]).toEqual([theirs, undefined]);
  });

  it('of ours that was deleted behind our back is made again, and the account is left without a dead one', async () => {
    const world = newWorld();
    await world.run('up');
    await (await world.aws()).iam.deleteRole('pixgate-logging-eu-west-1');

    const repaired = await world.run('wire');
    const role = await ownRole(world);
    await world.run('teardown');

    expect(repaired.steps.filter(({ action }) => action !== 'keep').map(({ address }) => address)).toEqual(['logging']);
    expect(role?.arn).toBe(OURS);
    expect([await accountRole(world), await ownRole(world)]).toEqual([undefined, undefined]);
  });

  it('is shared by two environments of ours: the first to go leaves it, the last gives it back', async () => {
    const world = newWorld();
    const before = world.everything();
    const production = world.config({ stage: 'prod' });
    await world.run('up');
    await world.run('up', production);

    const plan = await world.plan('teardown');
    const first = await world.run('teardown');
    const between = [await accountRole(world), (await ownRole(world))?.arn];
    const verified = await world.verify(production);
    const second = await world.run('teardown', production);

    expect(plan.notices.join('\n')).toContain('Another API logs through');
    expect(between).toEqual([OURS, OURS]);
    expect([verified.failed, first.left, second.left]).toEqual([0, [], []]);
    expect(world.everything()).toEqual(before);
  });

  it('of ours stays, and the plan says so, while an API of somebody else logs through it', async () => {
    const world = newWorld();
    await world.run('up');
    await makeForeignApi(world);

    const plan = await world.plan('teardown');
    const result = await world.run('teardown');

    expect(plan.notices.join('\n')).toContain("so the role and the account's setting stay");
    expect(plan.steps.find(({ address }) => address === 'logging')?.action).toBe('keep');
    expect([await accountRole(world), (await ownRole(world))?.arn]).toEqual([OURS, OURS]);
    expect(result.left).toEqual([]);
  });

  it('of ours stays when somebody begins to log through it between plan and teardown', async () => {
    const world = newWorld();
    await world.run('up');
    const project = await world.open();
    const plan = await project.plan('teardown');
    await makeForeignApi(world);

    const result = await project.apply(plan, (event) => world.events.push(event));

    expect(world.events.flatMap((event) => (event.type === 'note' ? [event.text] : []))).toContain(
      'another API logs through this role, so the role and the setting stay',
    );
    expect([await accountRole(world), result.left]).toEqual([OURS, []]);
  });

  it('of another tool that replaced ours meanwhile keeps its place, and the welcome group with it', async () => {
    const world = newWorld();
    await world.run('up');
    const theirs = await letAnotherToolLog(world);

    await world.run('teardown');

    expect([await accountRole(world), await ownRole(world)]).toEqual([theirs, undefined]);
    expect((await (await world.aws()).logs.findGroup(WELCOME))?.name).toBe(WELCOME);
  });

  it('is neither read nor set where logs are off', async () => {
    const world = newWorld();
    const config = world.config({ logs: { level: 'off', access: false, retentionDays: 30 } });

    await world.run('up', config);

    const account = world.calls.filter(({ operation = '' }) => /^(Get|Update)Account$/.test(operation));
    expect(account).toEqual([]);
    expect(changing(world.calls).length).toBeGreaterThan(50);
    expect([await accountRole(world), await ownRole(world)]).toEqual([undefined, undefined]);
  });
});
