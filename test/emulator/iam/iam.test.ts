import {
  AttachRolePolicyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  GetUserCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
  ListRolesCommand,
  ListRoleTagsCommand,
  PutRolePolicyCommand,
  TagRoleCommand,
  UntagRoleCommand,
  UpdateAssumeRolePolicyCommand,
  UpdateRoleCommand,
} from '@aws-sdk/client-iam';
import { describe, expect, test } from 'vitest';
import { putUser } from '../../../src/emulator/index.js';
import { ACCOUNT, type LocalCloud, openCloud, refusalOf, textOf } from '../front/local-cloud.js';

const TRUST = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'apigateway.amazonaws.com' }, Action: 'sts:AssumeRole' }],
});
const POLICY = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: ['s3:GetObject'], Resource: "arn:aws:s3:::photos/it's (all) mine!*" }],
});
const PUSH = 'arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs';
const ADMIN = 'arn:aws:iam::aws:policy/AdministratorAccess';

function iamOf(cloud: LocalCloud): IAMClient {
  return new IAMClient(cloud.config());
}

function create(iam: IAMClient, RoleName = 'gate') {
  return iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: TRUST }));
}

describe('CreateRole', () => {
  test('CreateRole answers the role with its policy percent-encoded and its tags', async () => {
    const cloud = openCloud({ clock: { now: () => Date.parse('2026-03-01T12:00:00.789Z') } });
    const iam = iamOf(cloud);

    const { Role } = await iam.send(
      new CreateRoleCommand({
        RoleName: 'gate',
        Path: '/pixgate/',
        AssumeRolePolicyDocument: TRUST,
        Description: 'reads <photos> & "more"',
        MaxSessionDuration: 7200,
        Tags: [{ Key: 'pixgate:project', Value: 'holiday' }],
      }),
    );

    expect(Role).toEqual({
      RoleName: 'gate',
      Path: '/pixgate/',
      Arn: `arn:aws:iam::${ACCOUNT}:role/pixgate/gate`,
      RoleId: expect.stringMatching(/^AROA[A-Z0-9]{17}$/),
      CreateDate: new Date('2026-03-01T12:00:00Z'),
      AssumeRolePolicyDocument: encodeURIComponent(TRUST),
      Description: 'reads <photos> & "more"',
      MaxSessionDuration: 7200,
      Tags: [{ Key: 'pixgate:project', Value: 'holiday' }],
    });
  });

  test.each(['gate', 'GATE'])('CreateRole refuses the name %s when gate exists', async (name) => {
    const iam = iamOf(openCloud());
    await create(iam);

    const refusal = await refusalOf(create(iam, name));

    expect(refusal).toEqual({
      name: 'EntityAlreadyExistsException',
      status: 409,
      message: `Role with name ${name} already exists.`,
    });
  });

  const wrong: [what: string, document: unknown, message: string][] = [
    ['no JSON', '{', 'This policy contains invalid Json'],
    ['a list', '[]', 'Syntax errors in policy.'],
    ['no statement', { Version: '2012-10-17' }, 'Syntax errors in policy.'],
    ['an unknown version', { Version: '2020-01-01', Statement: [] }, 'The policy document version is invalid.'],
    ['a resource', statement({ Resource: '*' }), 'Has prohibited field Resource'],
    ['no principal', statement({ Principal: undefined }), 'Missing required field Principal'],
    ['no action', statement({ Action: undefined }), 'Missing required field Action'],
    ['an action of S3', statement({ Action: 's3:*' }), 'AssumeRole policy may only specify STS AssumeRole actions.'],
    ['a strange effect', statement({ Effect: 'Perhaps' }), 'Syntax errors in policy.'],
    ['both Action and NotAction', statement({ NotAction: 'sts:x' }), 'Syntax errors in policy.'],
    ['a number as action', statement({ Action: 7 }), 'Syntax errors in policy.'],
    ['a strange service', statement({ Principal: { Service: 's3' } }), 'Invalid principal in policy: "SERVICE":"s3"'],
    ['a strange account', statement({ Principal: { AWS: '12' } }), 'Invalid principal in policy: "AWS":"12"'],
    ['a bare name', statement({ Principal: 'me' }), 'Syntax errors in policy.'],
    ['an unknown operator', statement({ Condition: { Like: {} } }), 'Invalid Condition type : Like.'],
  ];
  test.each(wrong)('CreateRole refuses a trust policy with %s', async (_what, document, message) => {
    const iam = iamOf(openCloud());
    const text = typeof document === 'string' ? document : JSON.stringify(document);

    const refusal = await refusalOf(iam.send(new CreateRoleCommand({ RoleName: 'r', AssumeRolePolicyDocument: text })));

    expect(refusal).toEqual({ name: 'MalformedPolicyDocumentException', status: 400, message });
  });

  function statement(fields: Record<string, unknown>) {
    const whole = { Effect: 'Allow', Principal: { AWS: ACCOUNT }, Action: 'sts:AssumeRole', ...fields };
    return { Version: '2012-10-17', Statement: whole };
  }

  const names: [name: string, message: RegExp][] = [
    ['a b', /specified value for roleName is invalid/],
    ['x'.repeat(65), /'roleName' failed to satisfy constraint: Member must have length less than or equal to 64/],
  ];
  test.each(names)('CreateRole refuses the name "%s"', async (name, message) => {
    const iam = iamOf(openCloud());

    const refusal = await refusalOf(create(iam, name));

    expect(refusal).toMatchObject({ name: 'ValidationError', status: 400, message: expect.stringMatching(message) });
  });

  test('CreateRole refuses a session longer than twelve hours, a path without slashes and a trust policy above its quota', async () => {
    const iam = iamOf(openCloud());
    const role = { RoleName: 'r', AssumeRolePolicyDocument: TRUST };
    const long = JSON.stringify({ ...JSON.parse(TRUST), Id: 'x'.repeat(2048) });

    const refusals = await Promise.all([
      refusalOf(iam.send(new CreateRoleCommand({ ...role, MaxSessionDuration: 43_201 }))),
      refusalOf(iam.send(new CreateRoleCommand({ ...role, Path: 'pixgate' }))),
      refusalOf(iam.send(new CreateRoleCommand({ ...role, AssumeRolePolicyDocument: long }))),
    ]);

    expect(refusals.map(({ name, status }) => [name, status])).toEqual([
      ['ValidationError', 400],
      ['ValidationError', 400],
      ['LimitExceededException', 409],
    ]);
  });

  test('CreateRole with a permissions boundary is not emulated, and says so', async () => {
    const iam = iamOf(openCloud());
    const input = { RoleName: 'r', AssumeRolePolicyDocument: TRUST, PermissionsBoundary: ADMIN };

    const refusal = await refusalOf(iam.send(new CreateRoleCommand(input)));

    expect(refusal).toEqual({
      name: 'NotImplemented',
      status: 501,
      message: 'The local cloud does not emulate iam CreateRole with PermissionsBoundary.',
    });
  });
});

describe('roles', () => {
  test('GetRole refuses a name that no role has', async () => {
    const iam = iamOf(openCloud());

    const refusal = await refusalOf(iam.send(new GetRoleCommand({ RoleName: 'gate' })));

    expect(refusal).toEqual({
      name: 'NoSuchEntityException',
      status: 404,
      message: 'The role with name gate cannot be found.',
    });
  });

  test('UpdateRole and UpdateAssumeRolePolicy change what GetRole answers', async () => {
    const iam = iamOf(openCloud());
    await create(iam);
    const PolicyDocument = TRUST.replace('apigateway', 'lambda');

    await iam.send(new UpdateRoleCommand({ RoleName: 'gate', Description: 'new', MaxSessionDuration: 3601 }));
    await iam.send(new UpdateAssumeRolePolicyCommand({ RoleName: 'gate', PolicyDocument }));

    const { Role } = await iam.send(new GetRoleCommand({ RoleName: 'gate' }));
    expect(Role).toMatchObject({
      Description: 'new',
      MaxSessionDuration: 3601,
      AssumeRolePolicyDocument: encodeURIComponent(PolicyDocument),
      RoleLastUsed: {},
    });
  });

  test('ListRoles pages by five, by path, until all roles were seen once', async () => {
    const iam = iamOf(openCloud());
    for (let n = 0; n < 12; n++)
      await iam.send(
        new CreateRoleCommand({ RoleName: `r${n}`, Path: n < 11 ? '/pixgate/' : '/', AssumeRolePolicyDocument: TRUST }),
      );
    const pages: string[][] = [];

    for (let Marker: string | undefined, more = true; more; ) {
      const page = await iam.send(new ListRolesCommand({ PathPrefix: '/pixgate/', ...(Marker ? { Marker } : {}) }));
      pages.push(page.Roles?.map((role) => role.RoleName ?? '') ?? []);
      Marker = page.Marker;
      more = page.IsTruncated ?? false;
    }

    expect(pages.map((page) => page.length)).toEqual([5, 5, 1]);
    expect(new Set(pages.flat()).size).toBe(11);
  });

  test('ListRoles honours MaxItems', async () => {
    const iam = iamOf(openCloud());
    for (let n = 0; n < 7; n++) await create(iam, `r${n}`);

    const page = await iam.send(new ListRolesCommand({ MaxItems: 100 }));

    expect(page).toMatchObject({ IsTruncated: false, Roles: { length: 7 } });
    expect(page.Marker).toBeUndefined();
  });

  test('DeleteRole wants its policies gone first', async () => {
    const iam = iamOf(openCloud());
    const role = { RoleName: 'gate' };
    await create(iam);
    await iam.send(new AttachRolePolicyCommand({ ...role, PolicyArn: PUSH }));
    await iam.send(new PutRolePolicyCommand({ ...role, PolicyName: 'read', PolicyDocument: POLICY }));

    const attached = await refusalOf(iam.send(new DeleteRoleCommand(role)));
    await iam.send(new DetachRolePolicyCommand({ ...role, PolicyArn: PUSH }));
    const inline = await refusalOf(iam.send(new DeleteRoleCommand(role)));
    await iam.send(new DeleteRolePolicyCommand({ ...role, PolicyName: 'read' }));
    await iam.send(new DeleteRoleCommand(role));
    const gone = await refusalOf(iam.send(new GetRoleCommand(role)));

    expect(attached).toEqual({
      name: 'DeleteConflictException',
      status: 409,
      message: 'Cannot delete entity, must detach all policies first.',
    });
    expect(inline.message).toBe('Cannot delete entity, must delete policies first.');
    expect(gone.status).toBe(404);
  });
});

describe('tags of a role', () => {
  test('TagRole replaces, UntagRole removes, ListRoleTags pages by key', async () => {
    const iam = iamOf(openCloud());
    const role = { RoleName: 'gate' };
    const tag = (Key: string, Value: string) => ({ Key, Value });
    await create(iam);

    await iam.send(new TagRoleCommand({ ...role, Tags: ['f', 'e', 'd', 'c', 'b', 'a'].map((key) => tag(key, '1')) }));
    await iam.send(new TagRoleCommand({ ...role, Tags: [tag('A', '2'), tag('__proto__', '3')] }));
    await iam.send(new UntagRoleCommand({ ...role, TagKeys: ['b', 'unknown'] }));

    const first = await iam.send(new ListRoleTagsCommand(role));
    const second = await iam.send(new ListRoleTagsCommand({ ...role, Marker: first.Marker ?? '' }));
    expect(first.IsTruncated).toBe(true);
    expect([...(first.Tags ?? []), ...(second.Tags ?? [])]).toEqual([
      tag('A', '2'),
      tag('__proto__', '3'),
      tag('c', '1'),
      tag('d', '1'),
      tag('e', '1'),
      tag('f', '1'),
    ]);
  });

  test.each([
    [
      [
        { Key: 'a', Value: '1' },
        { Key: 'A', Value: '2' },
      ],
      'InvalidInputException',
    ],
    [[{ Key: 'aws:x', Value: '1' }], 'InvalidInputException'],
    [[{ Key: 'a!', Value: '1' }], 'ValidationError'],
  ])('TagRole refuses %j with %s', async (Tags, name) => {
    const iam = iamOf(openCloud());
    await create(iam);

    const refusal = await refusalOf(iam.send(new TagRoleCommand({ RoleName: 'gate', Tags })));

    expect(refusal).toMatchObject({ name, status: 400 });
  });

  test('TagRole refuses a fifty-first tag and keeps none of the call', async () => {
    const iam = iamOf(openCloud());
    await create(iam);
    const Tags = Array.from({ length: 51 }, (_, n) => ({ Key: `k${n}`, Value: '' }));

    const refusal = await refusalOf(iam.send(new TagRoleCommand({ RoleName: 'gate', Tags })));

    const { Tags: kept } = await iam.send(new ListRoleTagsCommand({ RoleName: 'gate' }));
    expect(refusal).toMatchObject({ name: 'LimitExceededException', status: 409 });
    expect(kept).toEqual([]);
  });
});

describe('inline policies', () => {
  const role = { RoleName: 'gate' };

  test('GetRolePolicy answers what PutRolePolicy sent, percent-encoded after RFC 3986', async () => {
    const iam = iamOf(openCloud());
    await create(iam);
    await iam.send(
      new PutRolePolicyCommand({ ...role, PolicyName: 'read', PolicyDocument: '{"old":1}'.replace(/.*/s, POLICY) }),
    );

    const answer = await iam.send(new GetRolePolicyCommand({ ...role, PolicyName: 'read' }));

    expect(answer).toMatchObject({ RoleName: 'gate', PolicyName: 'read' });
    expect(answer.PolicyDocument).toMatch(/^[A-Za-z0-9%._~-]+$/);
    expect(decodeURIComponent(answer.PolicyDocument ?? '')).toBe(POLICY);
  });

  test('ListRolePolicies pages names in order', async () => {
    const iam = iamOf(openCloud());
    await create(iam);
    for (const name of ['f', 'b', 'a', 'd', 'c', 'e'])
      await iam.send(new PutRolePolicyCommand({ ...role, PolicyName: name, PolicyDocument: POLICY }));

    const first = await iam.send(new ListRolePoliciesCommand(role));
    const second = await iam.send(new ListRolePoliciesCommand({ ...role, Marker: first.Marker ?? '' }));

    expect([first.PolicyNames, second.PolicyNames]).toEqual([['a', 'b', 'c', 'd', 'e'], ['f']]);
  });

  test.each(['read', 'constructor'])('GetRolePolicy and DeleteRolePolicy find no policy %s', async (PolicyName) => {
    const iam = iamOf(openCloud());
    await create(iam);

    const got = await refusalOf(iam.send(new GetRolePolicyCommand({ ...role, PolicyName })));
    const deleted = await refusalOf(iam.send(new DeleteRolePolicyCommand({ ...role, PolicyName })));

    const message = `The role policy with name ${PolicyName} cannot be found.`;
    expect([got, deleted]).toEqual(Array(2).fill({ name: 'NoSuchEntityException', status: 404, message }));
  });

  test.each([
    [{ Principal: '*' }, 'Policy document should not specify a principal.'],
    [{ Action: undefined }, 'Policy statement must contain actions.'],
    [{ Resource: undefined }, 'Policy statement must contain resources.'],
    [{ Action: 'GetObject' }, 'Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.'],
    [{ Resource: 'photos' }, 'Resource photos must be in ARN format or "*".'],
  ])('PutRolePolicy refuses a statement with %j', async (fields, message) => {
    const iam = iamOf(openCloud());
    await create(iam);
    const statement = { Effect: 'Allow', Action: 's3:GetObject', Resource: '*', ...fields };
    const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });

    const refusal = await refusalOf(iam.send(new PutRolePolicyCommand({ ...role, PolicyName: 'p', PolicyDocument })));

    expect(refusal).toEqual({ name: 'MalformedPolicyDocumentException', status: 400, message });
  });

  test('PutRolePolicy refuses more than 10,240 bytes in all inline policies together', async () => {
    const iam = iamOf(openCloud());
    await create(iam);
    const PolicyDocument = POLICY.replace('photos', 'p'.repeat(5200));
    await iam.send(new PutRolePolicyCommand({ ...role, PolicyName: 'one', PolicyDocument }));

    const refusal = await refusalOf(iam.send(new PutRolePolicyCommand({ ...role, PolicyName: 'two', PolicyDocument })));

    expect(refusal).toEqual({
      name: 'LimitExceededException',
      status: 409,
      message: 'Maximum policy size of 10240 bytes exceeded for role gate',
    });
  });
});

describe('managed policies', () => {
  const role = { RoleName: 'gate' };

  test('AttachRolePolicy twice attaches once, and ListAttachedRolePolicies finds it by path', async () => {
    const iam = iamOf(openCloud());
    await create(iam);
    for (const PolicyArn of [PUSH, ADMIN, PUSH]) await iam.send(new AttachRolePolicyCommand({ ...role, PolicyArn }));

    const all = await iam.send(new ListAttachedRolePoliciesCommand(role));
    const below = await iam.send(new ListAttachedRolePoliciesCommand({ ...role, PathPrefix: '/service-role/' }));

    expect(all.AttachedPolicies?.map((policy) => policy.PolicyArn)).toEqual([ADMIN, PUSH]);
    expect(below.AttachedPolicies).toEqual([{ PolicyName: 'AmazonAPIGatewayPushToCloudWatchLogs', PolicyArn: PUSH }]);
  });

  test.each([
    'arn:aws:iam::aws:policy/NoSuchAccess',
    'arn:aws:iam::aws:policy/constructor',
    `arn:aws:iam::${ACCOUNT}:policy/AdministratorAccess`,
  ])('AttachRolePolicy refuses %s', async (PolicyArn) => {
    const iam = iamOf(openCloud());
    await create(iam);

    const refusal = await refusalOf(iam.send(new AttachRolePolicyCommand({ ...role, PolicyArn })));

    expect(refusal).toEqual({
      name: 'NoSuchEntityException',
      status: 404,
      message: `Policy ${PolicyArn} does not exist or is not attachable.`,
    });
  });

  test('DetachRolePolicy refuses a policy that is not attached', async () => {
    const iam = iamOf(openCloud());
    await create(iam);

    const refusal = await refusalOf(iam.send(new DetachRolePolicyCommand({ ...role, PolicyArn: PUSH })));

    expect(refusal).toMatchObject({ name: 'NoSuchEntityException', status: 404 });
  });
});

describe('users', () => {
  test('GetUser without a name answers the caller', async () => {
    const iam = iamOf(openCloud());

    const { User } = await iam.send(new GetUserCommand({}));

    expect(User).toMatchObject({ UserName: 'local-admin', Arn: `arn:aws:iam::${ACCOUNT}:user/local-admin`, Path: '/' });
  });

  test('GetUser refuses a name that no user has', async () => {
    const iam = iamOf(openCloud());

    const refusal = await refusalOf(iam.send(new GetUserCommand({ UserName: 'ghost' })));

    expect(refusal).toEqual({
      name: 'NoSuchEntityException',
      status: 404,
      message: 'The user with name ghost cannot be found.',
    });
  });

  test('CreateUser is not emulated, and says so', async () => {
    const iam = iamOf(openCloud());

    const refusal = await refusalOf(iam.send(new CreateUserCommand({ UserName: 'u' })));

    expect(refusal).toEqual({
      name: 'NotImplemented',
      status: 501,
      message: 'The local cloud does not emulate iam CreateUser.',
    });
  });
});

describe('permissions', () => {
  const KEYS = { accessKeyId: 'AKIAREADER0000000000', secretAccessKey: 'reader' };
  const withReader = (statements: unknown[]): LocalCloud => {
    const cloud = openCloud();
    const policies = { p: JSON.stringify({ Version: '2012-10-17', Statement: statements }) };
    putUser(cloud.emulator.store, { accountId: ACCOUNT, name: 'reader', ...KEYS, policies }, 0);
    return cloud;
  };
  const allow = (Action: string, Resource: string, rest = {}) => ({ Effect: 'Allow', Action, Resource, ...rest });

  test('CreateRole names action and resource to a user who may not', async () => {
    const cloud = withReader([allow('iam:GetRole', '*')]);

    const refusal = await refusalOf(create(new IAMClient(cloud.config(KEYS))));

    expect(refusal).toEqual({
      name: 'AccessDenied',
      status: 403,
      message:
        `User: arn:aws:iam::${ACCOUNT}:user/reader is not authorized to perform: iam:CreateRole on resource: ` +
        `arn:aws:iam::${ACCOUNT}:role/gate because no identity-based policy allows the iam:CreateRole action`,
    });
  });

  test('DeleteRole says when a policy denies it', async () => {
    const cloud = withReader([allow('*', '*'), { Effect: 'Deny', Action: 'iam:DeleteRole', Resource: '*' }]);
    await create(iamOf(cloud));
    const iam = new IAMClient(cloud.config(KEYS));

    const refusal = await refusalOf(iam.send(new DeleteRoleCommand({ RoleName: 'gate' })));

    expect(refusal.message).toMatch(/ on resource: \S+:role\/gate with an explicit deny in an identity-based policy$/);
  });

  test('roles are judged by path, tags sent, tags held and the policy attached', async () => {
    const ours = `arn:aws:iam::${ACCOUNT}:role/pixgate/*`;
    const cloud = withReader([
      allow('iam:CreateRole', ours, { Condition: { StringEquals: { 'aws:RequestTag/owner': 'me' } } }),
      allow('iam:AttachRolePolicy', ours, { Condition: { ArnEquals: { 'iam:PolicyARN': PUSH } } }),
      allow('iam:DeleteRole', ours, { Condition: { StringEquals: { 'aws:ResourceTag/owner': 'me' } } }),
      allow('iam:DetachRolePolicy', ours),
    ]);
    const iam = new IAMClient(cloud.config(KEYS));
    const role = { RoleName: 'gate' };
    const input = { ...role, AssumeRolePolicyDocument: TRUST, Path: '/pixgate/' };
    const tagged = { ...input, Tags: [{ Key: 'owner', Value: 'me' }] };

    const untagged = await refusalOf(iam.send(new CreateRoleCommand(input)));
    const elsewhere = await refusalOf(iam.send(new CreateRoleCommand({ ...tagged, Path: '/' })));
    await iam.send(new CreateRoleCommand(tagged));
    const admin = await refusalOf(iam.send(new AttachRolePolicyCommand({ ...role, PolicyArn: ADMIN })));
    await iam.send(new AttachRolePolicyCommand({ ...role, PolicyArn: PUSH }));
    await iam.send(new DetachRolePolicyCommand({ ...role, PolicyArn: PUSH }));
    await iam.send(new DeleteRoleCommand(role));

    expect([untagged, elsewhere, admin].map(({ name }) => name)).toEqual(Array(3).fill('AccessDenied'));
  });
});

describe('the wire', () => {
  const ask = { service: 'iam', host: 'iam.amazonaws.com', region: 'us-east-1', method: 'POST' };

  test('GetRole writes the XML that IAM writes', async () => {
    const cloud = openCloud({ seed: 'wire', clock: { now: () => 0 } });
    await create(iamOf(cloud));
    const body = Buffer.from('Action=GetRole&Version=2010-05-08&RoleName=gate');

    const response = await cloud.sendSigned({ ...ask, body });

    const requestId = response.headers['x-amzn-RequestId'];
    expect(response.headers['Content-Type']).toBe('text/xml');
    expect(textOf(response)).toBe(
      '<GetRoleResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><GetRoleResult><Role><Path>/</Path>' +
        '<RoleName>gate</RoleName>' +
        `<RoleId>${/AROA\w+/.exec(textOf(response))}</RoleId><Arn>arn:aws:iam::${ACCOUNT}:role/gate</Arn>` +
        '<CreateDate>1970-01-01T00:00:00Z</CreateDate>' +
        `<AssumeRolePolicyDocument>${encodeURIComponent(TRUST)}</AssumeRolePolicyDocument>` +
        '<MaxSessionDuration>3600</MaxSessionDuration><RoleLastUsed></RoleLastUsed></Role></GetRoleResult>' +
        `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></GetRoleResponse>`,
    );
  });

  test.each([
    ['Version=2010-05-08', 400, 'MissingAction', 'Missing Action'],
    ['Action=GetRole&RoleName=a', 404, 'NoSuchEntity', 'The role with name a cannot be found.'],
    ['Action=ListRoles&MaxItems=0', 400, 'ValidationError', /maxItems.*greater than or equal to 1$/],
    ['Action=ListRoles&MaxItems=x', 400, 'MalformedInput', /x/],
    ['Action=GetRole', 400, 'ValidationError', /Value null at &apos;roleName&apos;|Value null at 'roleName'/],
  ])('IAM refuses %s with %i %s', async (body, status, code, message) => {
    const cloud = openCloud();

    const response = await cloud.sendSigned({ ...ask, body: Buffer.from(body) });

    const [, type, said, text] =
      /<Error><Type>(\w+)<\/Type><Code>(\w+)<\/Code><Message>(.*)<\/Message><\/Error>/.exec(textOf(response)) ?? [];
    expect([response.status, type, said]).toEqual([status, 'Sender', code]);
    expect(text).toMatch(message);
  });
});
