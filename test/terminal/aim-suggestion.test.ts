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
  ['pixgate access', { target: 'local' }, 'pixgate access --target local'],
  ['pixgate access user list', { target: 'local' }, 'pixgate access user list --target local'],
  [
    'pixgate access key show default --reveal',
    { target: 'local' },
    'pixgate access key show default --reveal --target local',
  ],
  [
    'pixgate access user reset ann  gives another temporary password',
    { stage: 'prod' },
    'pixgate access user reset ann --stage prod  gives another temporary password',
  ],
  ['pixgate flush /images/a.png', { target: 'local' }, 'pixgate flush /images/a.png --target local'],
  [
    'write access: api-key for a mount into pixgate.yaml, then pixgate wire',
    { target: 'local' },
    'write access: api-key for a mount into pixgate.yaml, then pixgate wire --target local',
  ],
  ['pixgate wire, and delete KEY', { target: 'local' }, 'pixgate wire, and delete KEY'],
  ['choose another bucket name in pixgate.yaml', { target: 'local' }, 'choose another bucket name in pixgate.yaml'],
  ['pixgate finds its things again by their tags', { target: 'local' }, 'pixgate finds its things again by their tags'],
])('aimSuggestion() of %j given %j', (text, given, expected) => {
  expect(aimSuggestion(text, given)).toBe(expected);
});
