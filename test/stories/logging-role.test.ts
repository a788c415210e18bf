import { describe, expect, it } from 'vitest';
import type { Config } from '../../src/config/config.js';
import { changing, newWorld, type Weather, type World } from './world.js';

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
  await apiGateway.putMethod(place, open, { validatorId: undefined, authorizerId: undefined });
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

  it('of another tool that replaces ours while teardown is at work keeps its place', async () => {
    let isAtWork = false;
    let theirs = '';
    const world: World = newWorld(async (request, handle) => {
      const answer = await handle(request);
      // The stage goes minutes before the role.
      const isStage = request.method === 'DELETE' && /\/stages\/dev$/.test(request.path);
      if (isStage && isAtWork) theirs = await letAnotherToolLog(world);
      return answer;
    });
    await world.run('up');
    isAtWork = true;

    const gone = await world.run('teardown');

    expect(gone.left).toEqual([]);
    expect([theirs, await accountRole(world)]).toEqual([expect.stringContaining('their-logs'), theirs]);
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

/** What AWS answers while it does not take a role. */
const REFUSAL =
  'The role ARN does not have required permissions configured. Please grant trust permission for API Gateway and add the required role policy.';

type Answer = Awaited<ReturnType<Weather>>;

function answerOf(status: number, headers: Record<string, string>, body: string): Answer {
  return { status, headers, body: Buffer.from(body) };
}

/** AWS refuses every role, as it does one that may not write logs. */
function refusesRoles(): Answer {
  const type = { 'content-type': 'application/json', 'x-amzn-errortype': 'BadRequestException' };
  return answerOf(400, type, JSON.stringify({ message: REFUSAL }));
}

function deniesApiGateway(): Answer {
  const type = { 'content-type': 'application/json', 'x-amzn-errortype': 'AccessDeniedException' };
  const message = 'User: arn:aws:iam::000000000000:user/ann is not authorized to perform: apigateway:PATCH';
  return answerOf(403, type, JSON.stringify({ Message: message }));
}

function deniesIam(): Answer {
  const message = 'User: arn:aws:iam::000000000000:user/ann is not authorized to perform: iam:CreateRole';
  const error = `<Error><Type>Sender</Type><Code>AccessDenied</Code><Message>${message}</Message></Error>`;
  const body = `<ErrorResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/">${error}<RequestId>r</RequestId></ErrorResponse>`;
  return answerOf(403, { 'content-type': 'text/xml' }, body);
}

type Request = Parameters<Weather>[0];

/** Whether a request names a role in the account's settings. */
function namesRole({ method, path, body }: Request): boolean {
  return method === 'PATCH' && path === '/account' && Buffer.from(body).includes('role/');
}

function asksIam(action: string, { body }: Request): boolean {
  const text = Buffer.from(body).toString('latin1');
  return text.includes(`Action=${action}&`) && text.includes('RoleName=pixgate-logging-');
}

/** A world in which some calls about the logging role are refused until `sky.clear` is set. */
function guardedWorld(answer: (request: Request) => Answer | undefined) {
  const sky = { clear: false };
  const weather: Weather = async (request, handle) =>
    (sky.clear ? undefined : answer(request)) ?? (await handle(request));
  return { sky, world: newWorld(weather) };
}

/** Who refuses, by what is refused, and what the warning must then quote. */
const GUARDS: readonly (readonly [string, (request: Request) => Answer | undefined, string])[] = [
  ['AWS takes no role of ours', (is) => (namesRole(is) ? refusesRoles() : undefined), REFUSAL],
  ['nobody may call UpdateAccount', (is) => (namesRole(is) ? deniesApiGateway() : undefined), 'apigateway:PATCH'],
  ['the role may not be made', (is) => (asksIam('CreateRole', is) ? deniesIam() : undefined), 'iam:CreateRole'],
  [
    'the role may be made but not be given its policy',
    (is) => (asksIam('PutRolePolicy', is) ? deniesIam() : undefined),
    'answered AccessDenied to PutRolePolicy',
  ],
  [
    "AWS takes no role of ours, and AWS's own policy may not be attached",
    (is) => (namesRole(is) ? refusesRoles() : asksIam('AttachRolePolicy', is) ? deniesIam() : undefined),
    'answered AccessDenied to AttachRolePolicy',
  ],
];

/** The logs of the stage as AWS has them. */
async function stageLogs(world: World): Promise<unknown> {
  const { apiGateway } = await world.aws();
  const [api] = await apiGateway.listApis();
  const { methodSettings = {}, accessLogArn } = (await apiGateway.findStage(api?.id ?? '', 'dev')) ?? {};
  const levels = Object.values(methodSettings).map(({ loggingLevel }) => loggingLevel);
  return { access: accessLogArn !== '', levels: [...new Set(levels)] };
}

const SILENT = { access: false, levels: ['OFF'] };
const LOGGING = { access: true, levels: ['ERROR'] };

function withMountCache(world: World): Config {
  return world.config({}, { cache: { ttlSeconds: 60 } });
}

describe.each(GUARDS)('the stage goes without logs where %s', (_who, answer, quoted) => {
  it('with a warning that says why and what to do, and all else works', async () => {
    const { world } = guardedWorld(answer);

    const result = await world.run('up', withMountCache(world));
    const report = await world.verify(withMountCache(world));

    const [warning = ''] = result.warnings ?? [];
    expect(result.warnings).toHaveLength(1);
    expect(warning).toContain(quoted);
    expect(warning).toContain('An administrator can name a role');
    expect(warning).toContain('--no-logs');
    expect(world.events).toContainEqual({ type: 'warning', address: 'logging', text: warning });
    expect(await stageLogs(world)).toEqual(SILENT);
    expect([await accountRole(world), await ownRole(world)]).toEqual([undefined, undefined]);
    expect(report.results.filter(({ status }) => status === 'failed')).toEqual([]);
    const unsure = report.results.filter(({ status }) => status === 'inconclusive');
    expect(unsure.map(({ id }) => id)).toEqual(
      expect.arrayContaining([
        'hardening/logging/cloudwatchRoleArn',
        'hardening/stage/allMethods.loggingLevel',
        'hardening/stage/accessLogArn',
        'hardening/stage/methods',
        'logs/access',
      ]),
    );
    expect(unsure.find(({ id }) => id === 'logs/access')?.got).toContain('API Gateway has no role to write logs with');
  });

  it('until a later run is allowed: then logs are on, and nothing else is open', async () => {
    const { world, sky } = guardedWorld(answer);
    const config = withMountCache(world);
    await world.run('up', config);
    const plan = await world.plan('wire', config);
    sky.clear = true;

    const result = await world.run('wire', config);

    const open = plan.steps.filter(({ action }) => action !== 'keep').map(({ address }) => address);
    expect(open).toEqual(['logging', 'stage']);
    expect([result.warnings, await accountRole(world), await stageLogs(world)]).toEqual([undefined, OURS, LOGGING]);
    expect((await world.plan('wire', config)).steps.filter(({ action }) => action !== 'keep')).toEqual([]);
    expect((await world.verify(config)).failed).toBe(0);
  });

  it('and teardown leaves nothing', async () => {
    const { world } = guardedWorld(answer);
    const before = world.everything();
    await world.run('up');
    await world.run('wire');

    const result = await world.run('teardown');

    expect(result.left).toEqual([]);
    expect(world.everything()).toEqual(before);
  });
});

describe('a stage without logs', () => {
  it('comes only after two minutes with our policy and two more with that of AWS', async () => {
    const tries: number[] = [];
    const { world } = guardedWorld((is) => {
      if (!namesRole(is)) return undefined;
      tries.push(world.emulator.clock.now());
      return refusesRoles();
    });

    await world.run('up');

    const notes = world.events.flatMap((event) => (event.type === 'note' ? [event.text] : []));
    const minutes = ((tries.at(-1) ?? 0) - (tries[0] ?? 0)) / 60_000;
    expect(notes.filter((text) => text.includes('AmazonAPIGatewayPushToCloudWatchLogs is attached'))).toHaveLength(1);
    expect([minutes >= 4, minutes < 6]).toEqual([true, true]);
  });

  it('fails its checks when it writes logs and its role is gone, since nobody was told', async () => {
    const world = newWorld();
    await world.run('up');
    await (await world.aws()).iam.deleteRole('pixgate-logging-eu-west-1');

    const { results } = await world.verify();

    expect(results.find(({ id }) => id === 'hardening/logging/cloudwatchRoleArn')?.status).toBe('failed');
  });

  it('fails its checks beside a living role, since somebody turned them off', async () => {
    const world = newWorld();
    await world.run('up');
    const { apiGateway } = await world.aws();
    const [api] = await apiGateway.listApis();
    await apiGateway.patchStage(api?.id ?? '', 'dev', [
      { op: 'remove', path: '/accessLogSettings' },
      { op: 'replace', path: '/*/*/logging/loglevel', value: 'OFF' },
    ]);

    const { results } = await world.verify();

    const failed = results.filter(({ status }) => status === 'failed').map(({ id }) => id);
    expect(failed).toEqual(expect.arrayContaining(['hardening/stage/accessLogArn', 'logs/access']));
  });

  it('is what a stage becomes whose role died while none may be named, and its checks are then no failures', async () => {
    const { world, sky } = guardedWorld((is) => (namesRole(is) ? deniesApiGateway() : undefined));
    sky.clear = true;
    await letAnotherToolLog(world);
    await world.run('up');
    await (await world.aws()).iam.deleteRole('their-logs');
    const untold = await world.verify();
    sky.clear = false;

    const result = await world.run('wire');
    const told = await world.verify();

    expect([result.warnings?.length, await ownRole(world)]).toEqual([1, undefined]);
    expect([untold.failed, told.failed]).toEqual([1, 0]);
  });

  it('keeps its logs when the setting names our role, which is made again although the setting may not be touched', async () => {
    const { world, sky } = guardedWorld((is) => (namesRole(is) ? deniesApiGateway() : undefined));
    sky.clear = true;
    await world.run('up');
    await (await world.aws()).iam.deleteRole('pixgate-logging-eu-west-1');
    sky.clear = false;

    const result = await world.run('wire');

    expect([result.warnings, (await ownRole(world))?.arn, await stageLogs(world)]).toEqual([undefined, OURS, LOGGING]);
  });

  it('says so when the role that was made for nothing may not be deleted either, and teardown deletes it', async () => {
    const { world, sky } = guardedWorld((is) =>
      namesRole(is) ? deniesApiGateway() : asksIam('DeleteRole', is) ? deniesIam() : undefined,
    );
    const before = world.everything();
    const result = await world.run('up');
    sky.clear = true;

    const { left } = await world.run('teardown');

    expect(result.warnings?.[0]).toContain('The role pixgate-logging-eu-west-1 stays until teardown');
    expect(left).toEqual([]);
    expect(world.everything()).toEqual(before);
  });
});
