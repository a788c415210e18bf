import { expect, test } from 'vitest';
import { aimSuggestion } from '../../src/terminal/invocation.js';

test.each([
  ['pixgate wire', { target: 'local' }, 'pixgate wire --target local'],
  ['pixgate wire', { target: 'local', stage: 'prod', yes: true }, 'pixgate wire --target local --stage prod'],
  [
    'pixgate teardown --including-foreign',
    { region: 'eu-west-1' },
    'pixgate teardown --including-foreign --region eu-west-1',
  ],
  [
    'pixgate teardown --name NAME --stage STAGE',
    { name: 'a', target: 'local' },
    'pixgate teardown --name NAME --stage STAGE --target local',
  ],
  ['pixgate wire', {}, 'pixgate wire'],
  ['choose another bucket name in pixgate.yaml', { target: 'local' }, 'choose another bucket name in pixgate.yaml'],
  ['pixgate finds its things again by their tags', { target: 'local' }, 'pixgate finds its things again by their tags'],
])('aimSuggestion() of %j given %j', (text, given, expected) => {
  expect(aimSuggestion(text, given)).toBe(expected);
});
