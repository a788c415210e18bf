import { expect, test } from 'vitest';
import { lacksAcceleration } from '../../src/aws/acceleration.js';

test.each([
  ['us-east-1', false],
  ['eu-west-1', false],
  ['sa-east-1', false],
  ['eu-north-1', true],
  ['me-south-1', true],
  ['cn-north-1', true],
  ['us-gov-west-1', true],
  ['us-iso-east-1', true],
  ['us-isob-east-1', true],
  ['eusc-de-east-1', true],
  // Whatever is newer: S3 decides.
  ['xx-newest-1', false],
])('lacksAcceleration() of %s is %s', (region, lacks) => {
  expect(lacksAcceleration(region)).toBe(lacks);
});
