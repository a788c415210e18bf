import type { Row } from './row.js';

const NOBODY = 'nobody can be asked here.';
const bare = { config: null };

/** What is left unsaid where nobody can be asked: the answer names the flag. */
export const nobodyAsked: readonly Row[] = [
  [
    'init',
    [],
    `Cannot make a config without --source, --access, --region: ${NOBODY}`,
    { ...bare, suggests: 'add --source ./images --access public --region eu-west-1' },
  ],
  ['up', [], `Cannot make a config without --source, --access, --region: ${NOBODY}`, bare],
  ['up', ['--yes'], `Cannot make a config without --source, --access, --region: ${NOBODY}`, bare],
  ['up', ['--source', 'images', '--access', 'public'], `Cannot make a config without --region: ${NOBODY}`, bare],
  ['up', ['--source', 'images', '--region', 'eu-west-1'], `Cannot make a config without --access: ${NOBODY}`, bare],
  ['up', ['--access', 'public', '--region', 'eu-west-1'], `Cannot make a config without --source: ${NOBODY}`, bare],
  ['up', ['--target', 'local'], `Cannot make a config without --source, --access: ${NOBODY}`, bare],
  ['up', ['--plan'], `Cannot make a config without --source, --access, --region: ${NOBODY}`, bare],
  [
    'init',
    ['--source', 'images'],
    `Cannot make a config without --access, --region: ${NOBODY}`,
    { ...bare, env: { PIXGATE_TARGET: 'aws' } },
  ],
  [
    'init',
    ['--source', 'images'],
    `Cannot make a config without --access: ${NOBODY}`,
    { ...bare, env: { AWS_REGION: 'eu-west-1' } },
  ],
  ['init', ['--config', 'new.yaml'], `Cannot make a config without --source, --access, --region: ${NOBODY}`, bare],
];
