import { expect, test } from 'vitest';
import { newWorld, REGION } from '../stories/world.js';

test('s3In() opens each Region once, and that of the API is the one that is open', async () => {
  const aws = await newWorld().aws();

  const elsewhere = aws.s3In('us-east-1');

  expect(aws.s3In(REGION)).toBe(aws.s3);
  expect(aws.s3In('us-east-1')).toBe(elsewhere);
  expect(elsewhere).not.toBe(aws.s3);
});
