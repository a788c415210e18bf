import { describe, expect, it } from 'vitest';
import {
  validateBucketName,
  validateMountPath,
  validateName,
  validateOrigin,
  validatePrefix,
  validateRegion,
  validateSource,
  validateStage,
} from '../../src/config/validate-answer.js';
import { tempFolder } from '../files/temp-folder.js';

describe('validateBucketName()', () => {
  it.each([
    'auto',
    'abc',
    'a'.repeat(63),
    'my.bucket-1',
    '1.2.3',
    'pixgate-holiday',
    'pics-123456789012-eu-west-1-an',
    'pics-123456789012-eusc-de-east-1-an',
    'human-kind',
  ])('takes %s', (name) => {
    expect(validateBucketName(name)).toBe(true);
  });

  it.each([
    ['', '3 to 63'],
    ['ab', '3 to 63'],
    ['a'.repeat(64), '3 to 63'],
    ['My-bucket', 'made of a-z'],
    ['my_bucket', 'made of a-z'],
    ['my bucket', 'made of a-z'],
    ['bücket', 'made of a-z'],
    ['bucket\n', 'made of a-z'],
    ['-bucket', 'begin and end'],
    ['bucket-', 'begin and end'],
    ['.bucket', 'begin and end'],
    ['bucket.', 'begin and end'],
    ['my..bucket', 'two periods'],
    ['192.168.5.4', 'IP address'],
    ['xn--bucket', 'begin with xn--'],
    ['sthree-x', 'begin with sthree-'],
    ['amzn-s3-demo-x', 'begin with amzn-s3-demo-'],
    ['bucket-s3alias', 'end with -s3alias'],
    ['bucket--ol-s3', 'end with --ol-s3'],
    ['bucket.mrap', 'end with .mrap'],
    ['bucket--x-s3', 'end with --x-s3'],
    ['bucket--table-s3', 'end with --table-s3'],
    ['pics-an', '-{account}-{region}-an'],
    ['pics-12345-eu-west-1-an', '-{account}-{region}-an'],
    ['pics-123456789012-europe-an', '-{account}-{region}-an'],
  ])('refuses %j', (name, rule) => {
    expect(validateBucketName(name)).toContain(rule);
  });
});

describe('validateRegion()', () => {
  it.each([
    'us-east-1',
    'eu-west-1',
    'ap-southeast-7',
    'us-gov-west-1',
    'eusc-de-east-1',
    'cn-north-1',
    'nz-oceania-1',
  ])('takes %s', (region) => {
    expect(validateRegion(region)).toBe(true);
  });

  it.each([
    ['us-esat-1', 'The Region must be an AWS Region (did you mean us-east-1?).'],
    ['eu-west1', 'The Region must be an AWS Region (did you mean eu-west-1?).'],
    ['EU-WEST-1', 'The Region must be an AWS Region (did you mean eu-west-1?).'],
    ['eu-central', 'The Region must be an AWS Region (did you mean eu-central-1?).'],
    ['', 'The Region must be an AWS Region such as eu-west-1.'],
    ['evil.com/', 'The Region must be an AWS Region such as eu-west-1.'],
    ['nz-oceania-1.evil.com', 'The Region must be an AWS Region such as eu-west-1.'],
    ['nz-oceania-1\n', 'The Region must be an AWS Region such as eu-west-1.'],
    ['frankfurt', 'The Region must be an AWS Region such as eu-west-1.'],
  ])('refuses %j', (region, sentence) => {
    expect(validateRegion(region)).toBe(sentence);
  });
});

describe('validatePrefix()', () => {
  it.each(['', 'images/', 'a/b/c/', '.hidden/', 'v1.2_x-y/', `${'p'.repeat(255)}/`])('takes %j', (prefix) => {
    expect(validatePrefix(prefix)).toBe(true);
  });

  it.each([
    ['images', 'must end in "/"'],
    ['/', 'must not begin with "/"'],
    ['/images/', 'must not begin with "/"'],
    ['a//b/', 'must not hold "//"'],
    ['a/../b/', 'a segment of dots only'],
    ['./', 'a segment of dots only'],
    ['a b/', 'must be up to 256 of'],
    ['a?b/', 'must be up to 256 of'],
    ['a%2f/', 'must be up to 256 of'],
    ['{a}/', 'must be up to 256 of'],
    [`${'p'.repeat(256)}/`, 'must be up to 256 of'],
  ])('refuses %j', (prefix, rule) => {
    expect(validatePrefix(prefix)).toContain(rule);
  });
});

describe('validateMountPath()', () => {
  it.each(['/images', '/a', '/A.b_c-d', '/v1.0'])('takes %s', (path) => {
    expect(validateMountPath(path)).toBe(true);
  });

  it.each([
    '',
    '/',
    'images',
    '/a/b',
    '/images/',
    '/a b',
    '/{key}',
    '/é',
    '/.',
    '/..',
    '/ping',
    '/sping',
    `/${'a'.repeat(65)}`,
  ])('refuses %j', (path) => {
    expect(validateMountPath(path)).toMatch(/^The path must (be one segment|not be \/ping)/);
  });
});

describe('validateName(), validateStage() and validateOrigin()', () => {
  it.each([
    [validateName, 'ab', true],
    [validateName, 'holiday-2026', true],
    [validateName, 'a', 'The name must be 2 to 32 of a-z, 0-9 and "-", beginning and ending with a letter or a digit.'],
    [
      validateName,
      '-a',
      'The name must be 2 to 32 of a-z, 0-9 and "-", beginning and ending with a letter or a digit.',
    ],
    [validateStage, 'dev_1-x', true],
    [validateStage, 'a b', 'The stage must be 1 to 128 of A-Z, a-z, 0-9, "-" and "_".'],
    [validateOrigin, '*', true],
    [validateOrigin, 'none', true],
    [validateOrigin, 'http://localhost:3000', true],
    [validateOrigin, 'http://[::1]:3000', true],
    [validateOrigin, 'https://a.com:443', 'The origin must be "*", one origin such as https://example.com, or none.'],
    [validateOrigin, 'null', 'The origin must be "*", one origin such as https://example.com, or none.'],
    [validateOrigin, 'https://Example.com', 'The origin must be "*", one origin such as https://example.com, or none.'],
    [validateOrigin, 'ftp://example.com', 'The origin must be "*", one origin such as https://example.com, or none.'],
    [validateOrigin, "https://a.com'", 'The origin must be "*", one origin such as https://example.com, or none.'],
  ])('judges with %o the text %j', (validate, text, verdict) => {
    expect(validate(text)).toBe(verdict);
  });
});

describe('validateSource()', () => {
  it.each([
    ['pics', true],
    ['./pics', true],
    ['nowhere', 'There is no such folder.'],
    ['a.png', 'This is a file; a folder is needed.'],
    ['  ', 'The folder must be a folder such as ./images.'],
    ['a\0b', 'The folder must be a folder such as ./images.'],
  ])('judges %j', async (text, verdict) => {
    const folder = await tempFolder({ 'pics/a.png': '', 'a.png': '' });

    expect(await validateSource(text, folder)).toBe(verdict);
  });
});
