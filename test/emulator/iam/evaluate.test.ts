import { describe, expect, test } from 'vitest';
import { evaluatePolicies, type Outcome } from '../../../src/emulator/iam/evaluate.js';
import { parsePolicy } from '../../../src/emulator/iam/policy-document.js';
import type { Requester } from '../../../src/emulator/iam/principal.js';

type Statement = Record<string, unknown>;
type Keys = Record<string, string | string[]>;

const OBJECT = 'arn:aws:s3:::photos/holiday/a.png';
const ALLOW = { Effect: 'Allow', Action: 's3:GetObject', Resource: '*' };

function policyOf(statements: Statement[], version = '2012-10-17') {
  return parsePolicy(JSON.stringify({ Version: version, Statement: statements }));
}

function contextOf(keys: Keys): Map<string, string | string[]> {
  return new Map(Object.entries(keys).map(([name, value]) => [name.toLowerCase(), value]));
}

describe('evaluatePolicies() on actions and resources', () => {
  const rows: [what: string, statements: Statement[], outcome: Outcome][] = [
    ['says nothing without a statement', [], 'silent'],
    ['allows the action and resource named', [{ ...ALLOW, Resource: OBJECT }], 'allow'],
    ['is silent on another action', [{ ...ALLOW, Action: 's3:PutObject' }], 'silent'],
    ['compares actions without regard to case', [{ ...ALLOW, Action: 'S3:getobject' }], 'allow'],
    ['knows * in an action', [{ ...ALLOW, Action: 's3:Get*' }], 'allow'],
    ['knows ? in an action', [{ ...ALLOW, Action: 's3:GetObjec?' }], 'allow'],
    ['takes ? for exactly one character', [{ ...ALLOW, Action: 's3:GetObject?' }], 'silent'],
    ['knows * for every action', [{ ...ALLOW, Action: '*' }], 'allow'],
    ['takes one action of many', [{ ...ALLOW, Action: ['s3:PutObject', 's3:GetObject'] }], 'allow'],
    ['does not take a dot for any character', [{ ...ALLOW, Action: 's3.GetObject' }], 'silent'],
    ['leaves out what NotAction names', [{ Effect: 'Allow', NotAction: 's3:Get*', Resource: '*' }], 'silent'],
    ['allows all but what NotAction names', [{ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }], 'allow'],
    ['lets * in a resource reach over slashes', [{ ...ALLOW, Resource: 'arn:aws:s3:::photos/*' }], 'allow'],
    ['compares resources with regard to case', [{ ...ALLOW, Resource: OBJECT.toUpperCase() }], 'silent'],
    ['wants the whole resource to fit', [{ ...ALLOW, Resource: 'arn:aws:s3:::photos' }], 'silent'],
    ['leaves out what NotResource names', [{ Effect: 'Allow', Action: '*', NotResource: '*/holiday/*' }], 'silent'],
    ['allows all but what NotResource names', [{ Effect: 'Allow', Action: '*', NotResource: '*/private/*' }], 'allow'],
    ['lets a Deny win over an Allow before it', [ALLOW, { ...ALLOW, Effect: 'Deny' }], 'deny'],
    ['lets a Deny win over an Allow behind it', [{ ...ALLOW, Effect: 'Deny' }, ALLOW], 'deny'],
    ['ignores a Deny of something else', [ALLOW, { ...ALLOW, Effect: 'Deny', Action: 's3:DeleteObject' }], 'allow'],
  ];
  test.each(rows)('%s', (_what, statements, outcome) => {
    const question = { action: 's3:GetObject', resource: OBJECT, context: contextOf({}) };

    const said = evaluatePolicies([policyOf(statements)], question);

    expect(said).toBe(outcome);
  });

  test('evaluatePolicies() is not slowed by a pattern full of stars', () => {
    const pattern = `${'*a'.repeat(40)}b`;
    const question = { action: 's3:GetObject', resource: 'a'.repeat(5000), context: contextOf({}) };
    const began = performance.now();

    const said = evaluatePolicies([policyOf([{ ...ALLOW, Resource: pattern }])], question);

    expect(said).toBe('silent');
    expect(performance.now() - began).toBeLessThan(1000);
  });
});

describe('evaluatePolicies() on conditions', () => {
  const rows: [operator: string, key: string, values: unknown, keys: Keys, holds: boolean][] = [
    ['StringEquals', 'aws:x', 'a', { 'aws:x': 'a' }, true],
    ['StringEquals', 'AWS:X', 'a', { 'aws:x': 'a' }, true],
    ['StringEquals', 'aws:x', 'a', { 'aws:x': 'A' }, false],
    ['StringEquals', 'aws:x', ['b', 'a'], { 'aws:x': 'a' }, true],
    ['StringEquals', 'aws:x', 'a*', { 'aws:x': 'ab' }, false],
    ['StringEquals', 'aws:x', 'a', {}, false],
    ['StringEqualsIfExists', 'aws:x', 'a', {}, true],
    ['StringEqualsIfExists', 'aws:x', 'a', { 'aws:x': 'b' }, false],
    ['StringNotEquals', 'aws:x', 'a', { 'aws:x': 'b' }, true],
    ['StringNotEquals', 'aws:x', ['a', 'b'], { 'aws:x': 'b' }, false],
    ['StringNotEquals', 'aws:x', 'a', {}, true],
    ['StringEqualsIgnoreCase', 'aws:x', 'Ab', { 'aws:x': 'aB' }, true],
    ['StringNotEqualsIgnoreCase', 'aws:x', 'Ab', { 'aws:x': 'aB' }, false],
    ['StringLike', 's3:prefix', 'holiday/*', { 's3:prefix': 'holiday/2026/' }, true],
    ['StringLike', 's3:prefix', 'holiday/?', { 's3:prefix': 'holiday/' }, false],
    ['StringNotLike', 's3:prefix', 'holiday/*', { 's3:prefix': 'home/' }, true],
    ['ArnEquals', 'aws:SourceArn', 'arn:aws:s3:::b*', { 'aws:SourceArn': 'arn:aws:s3:::bucket' }, true],
    ['ArnLike', 'aws:SourceArn', 'arn:aws:iam::*:role/r', { 'aws:SourceArn': 'arn:aws:iam::123:role/r' }, true],
    ['ArnLike', 'aws:SourceArn', 'arn:aws:*:role/r', { 'aws:SourceArn': 'arn:aws:iam::123:role/r' }, false],
    ['ArnNotLike', 'aws:SourceArn', 'arn:aws:s3:::*', { 'aws:SourceArn': 'arn:aws:sns:::t' }, true],
    ['Bool', 'aws:SecureTransport', 'false', { 'aws:SecureTransport': 'true' }, false],
    ['Bool', 'aws:SecureTransport', true, { 'aws:SecureTransport': 'true' }, true],
    ['BoolIfExists', 'aws:MultiFactorAuthPresent', 'false', {}, true],
    ['Bool', 'aws:MultiFactorAuthPresent', 'false', {}, false],
    ['NumericEquals', 's3:max-keys', '10', { 's3:max-keys': '10.0' }, true],
    ['NumericNotEquals', 's3:max-keys', 10, { 's3:max-keys': '11' }, true],
    ['NumericLessThan', 's3:max-keys', '10', { 's3:max-keys': '9' }, true],
    ['NumericLessThanEquals', 's3:max-keys', '10', { 's3:max-keys': '10' }, true],
    ['NumericGreaterThan', 's3:max-keys', '10', { 's3:max-keys': '10' }, false],
    ['NumericGreaterThanEquals', 's3:max-keys', '10', { 's3:max-keys': 'ten' }, false],
    ['DateLessThan', 'aws:CurrentTime', '2026-03-01T00:00:00Z', { 'aws:CurrentTime': '2026-02-28T23:59:59Z' }, true],
    ['DateGreaterThan', 'aws:CurrentTime', '2026-03-01', { 'aws:CurrentTime': '2026-02-28T23:59:59Z' }, false],
    ['DateLessThanEquals', 'aws:EpochTime', '1700000000', { 'aws:EpochTime': '1700000000' }, true],
    ['DateNotEquals', 'aws:EpochTime', '1700000000', { 'aws:EpochTime': '1700000000' }, false],
    ['IpAddress', 'aws:SourceIp', '203.0.113.0/24', { 'aws:SourceIp': '203.0.113.77' }, true],
    ['IpAddress', 'aws:SourceIp', '203.0.113.7', { 'aws:SourceIp': '203.0.113.77' }, false],
    ['IpAddress', 'aws:SourceIp', '2001:db8::/32', { 'aws:SourceIp': '2001:db8::1' }, true],
    ['IpAddress', 'aws:SourceIp', '203.0.113.0/99', { 'aws:SourceIp': '203.0.113.77' }, false],
    ['NotIpAddress', 'aws:SourceIp', ['10.0.0.0/8', '203.0.113.0/24'], { 'aws:SourceIp': '203.0.113.77' }, false],
    ['NotIpAddress', 'aws:SourceIp', '10.0.0.0/8', { 'aws:SourceIp': '203.0.113.77' }, true],
    ['Null', 'aws:TokenIssueTime', 'true', {}, true],
    ['Null', 'aws:TokenIssueTime', 'false', {}, false],
    ['Null', 'aws:TokenIssueTime', 'false', { 'aws:TokenIssueTime': 'x' }, true],
    ['ForAnyValue:StringEquals', 'aws:TagKeys', 'a', { 'aws:TagKeys': ['a', 'b'] }, true],
    ['ForAnyValue:StringEquals', 'aws:TagKeys', 'a', {}, false],
    ['ForAnyValue:StringNotEquals', 'aws:TagKeys', 'a', { 'aws:TagKeys': ['a'] }, false],
    ['ForAllValues:StringEquals', 'aws:TagKeys', ['a', 'b'], { 'aws:TagKeys': ['a', 'b'] }, true],
    ['ForAllValues:StringEquals', 'aws:TagKeys', ['a', 'b'], { 'aws:TagKeys': ['a', 'c'] }, false],
    ['ForAllValues:StringEquals', 'aws:TagKeys', 'a', {}, true],
    ['ForAllValues:StringLikeIfExists', 'aws:TagKeys', 'p*', { 'aws:TagKeys': ['pq'] }, true],
    ['StringAlmost', 'aws:x', 'a', { 'aws:x': 'a' }, false],
  ];
  test.each(rows)('evaluatePolicies() judges %s %s %j against %j: %s', (operator, key, values, keys, holds) => {
    const policy = policyOf([{ ...ALLOW, Condition: { [operator]: { [key]: values } } }]);
    const question = { action: 's3:GetObject', resource: OBJECT, context: contextOf(keys) };

    const said = evaluatePolicies([policy], question);

    expect(said).toBe(holds ? 'allow' : 'silent');
  });

  test('evaluatePolicies() wants every condition of a statement', () => {
    const Condition = { StringEquals: { 'aws:x': 'a', 'aws:y': 'b' }, Bool: { 'aws:z': 'true' } };
    const keys = { 'aws:x': 'a', 'aws:y': 'b', 'aws:z': 'true' };
    const ask = (context: Keys) => ({ action: 's3:GetObject', resource: OBJECT, context: contextOf(context) });

    const all = evaluatePolicies([policyOf([{ ...ALLOW, Condition }])], ask(keys));
    const allButOne = evaluatePolicies([policyOf([{ ...ALLOW, Condition }])], ask({ ...keys, 'aws:z': 'false' }));

    expect([all, allButOne]).toEqual(['allow', 'silent']);
  });
});

describe('evaluatePolicies() on policy variables', () => {
  const rows: [resource: string, keys: Keys, version: string, outcome: Outcome][] = [
    ['arn:aws:s3:::photos/${aws:username}/*', { 'aws:username': 'holiday' }, '2012-10-17', 'allow'],
    ['arn:aws:s3:::photos/${AWS:Username}/*', { 'aws:username': 'holiday' }, '2012-10-17', 'allow'],
    ['arn:aws:s3:::photos/${aws:username}/*', { 'aws:username': 'home' }, '2012-10-17', 'silent'],
    ['arn:aws:s3:::photos/${aws:username}/*', {}, '2012-10-17', 'silent'],
    ['arn:aws:s3:::photos/${aws:username}/*', { 'aws:username': '*' }, '2012-10-17', 'silent'],
    ["arn:aws:s3:::photos/${aws:username, 'holiday'}/*", {}, '2012-10-17', 'allow'],
    ['arn:aws:s3:::photos/${aws:username}/*', { 'aws:username': 'holiday' }, '2008-10-17', 'silent'],
    ['arn:aws:s3:::photos/${*}', {}, '2012-10-17', 'silent'],
  ];
  test.each(rows)('evaluatePolicies() reads %s with %j in version %s', (resource, keys, version, outcome) => {
    const question = { action: 's3:GetObject', resource: OBJECT, context: contextOf(keys) };

    const said = evaluatePolicies([policyOf([{ ...ALLOW, Resource: resource }], version)], question);

    expect(said).toBe(outcome);
  });

  test('evaluatePolicies() compares a condition with a variable', () => {
    const Condition = { StringEquals: { 'aws:ResourceAccount': '${aws:PrincipalAccount}' } };
    const question = (owner: string) => ({
      action: 's3:GetObject',
      resource: OBJECT,
      context: contextOf({ 'aws:PrincipalAccount': '111122223333', 'aws:ResourceAccount': owner }),
    });

    const own = evaluatePolicies([policyOf([{ ...ALLOW, Condition }])], question('111122223333'));
    const foreign = evaluatePolicies([policyOf([{ ...ALLOW, Condition }])], question('444455556666'));

    expect([own, foreign]).toEqual(['allow', 'silent']);
  });
});

describe('evaluatePolicies() on principals', () => {
  const ROLE = 'arn:aws:iam::111122223333:role/pixgate/reader';
  const SESSION: Requester = {
    accountId: '111122223333',
    arns: ['arn:aws:sts::111122223333:assumed-role/reader/s', ROLE],
  };
  const SERVICE: Requester = { accountId: '', arns: [], service: 'apigateway.amazonaws.com' };
  const NOBODY: Requester = { accountId: '', arns: [] };
  const rows: [element: Statement, who: Requester, outcome: Outcome][] = [
    [{ Principal: '*' }, NOBODY, 'allow'],
    [{ Principal: { AWS: '*' } }, NOBODY, 'allow'],
    [{ Principal: { AWS: '111122223333' } }, NOBODY, 'silent'],
    [{ Principal: { AWS: ROLE } }, SESSION, 'allow'],
    [{ Principal: { AWS: 'arn:aws:sts::111122223333:assumed-role/reader/s' } }, SESSION, 'allow'],
    [{ Principal: { AWS: 'arn:aws:sts::111122223333:assumed-role/reader/other' } }, SESSION, 'silent'],
    [{ Principal: { AWS: 'arn:aws:iam::111122223333:role/reader' } }, SESSION, 'silent'],
    [{ Principal: { AWS: '111122223333' } }, SESSION, 'account'],
    [{ Principal: { AWS: 'arn:aws:iam::111122223333:root' } }, SESSION, 'account'],
    [{ Principal: { AWS: ['444455556666', ROLE] } }, SESSION, 'allow'],
    [{ Principal: { AWS: '444455556666' } }, SESSION, 'silent'],
    [{ Principal: { Service: 'apigateway.amazonaws.com' } }, SERVICE, 'allow'],
    [{ Principal: { Service: 'lambda.amazonaws.com' } }, SERVICE, 'silent'],
    [{ Principal: { AWS: '*' } }, SERVICE, 'silent'],
    [{ Principal: { Service: 'apigateway.amazonaws.com' } }, SESSION, 'silent'],
    [{ NotPrincipal: { AWS: ROLE } }, SESSION, 'silent'],
    [{ NotPrincipal: { AWS: '444455556666' } }, SESSION, 'allow'],
    [{}, SESSION, 'silent'],
  ];
  test.each(rows)('evaluatePolicies() reads %j for %j as %s', (element, who, outcome) => {
    const policy = policyOf([{ Effect: 'Allow', Action: 'sts:AssumeRole', ...element }]);
    const question = { action: 'sts:AssumeRole', resource: ROLE, context: contextOf({}), who };

    const said = evaluatePolicies([policy], question);

    expect(said).toBe(outcome);
  });

  test('evaluatePolicies() lets a Deny of the account reach its members', () => {
    const deny = { Effect: 'Deny', Principal: { AWS: '111122223333' }, Action: '*' };
    const allow = { Effect: 'Allow', Principal: '*', Action: '*' };
    const question = { action: 's3:GetObject', resource: OBJECT, context: contextOf({}), who: SESSION };

    const said = evaluatePolicies([policyOf([allow, deny])], question);

    expect(said).toBe('deny');
  });
});
