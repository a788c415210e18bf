import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { checkProfile } from '../../src/aws/profile.js';
import { systemClock } from '../../src/clock.js';

const ACCESS = { region: 'eu-west-1', clock: systemClock };
const MOVED = '[default]\nendpoint_url = http://elsewhere.example\n';

/** Has the AWS config file hold this. */
async function configOf(text: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'pixgate-'));
  await writeFile(join(folder, 'config'), text);
  onTestFinished(() => void vi.unstubAllEnvs());
  vi.stubEnv('AWS_CONFIG_FILE', join(folder, 'config'));
}

test.each<[string, string, object, Record<string, string>]>([
  ['an endpoint in a file beside one that was given', MOVED, { endpointUrl: 'http://127.0.0.1:1' }, {}],
  ['an endpoint in a file that the variable shuts out', MOVED, {}, { AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true' }],
  ['an endpoint in a file that shuts it out itself', `${MOVED}ignore_configured_endpoint_urls = true\n`, {}, {}],
  ['credentials that are at hand', MOVED, { credentials: { accessKeyId: 'a', secretAccessKey: 'b' } }, {}],
  ['a default profile that is in no file', '', { profile: 'default' }, {}],
  ['a profile that is its own source', '[profile a]\nrole_arn = r\nsource_profile = a\n', { profile: 'a' }, {}],
])('checkProfile() lets %s pass', async (_what, text, access, env) => {
  await configOf(text);
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);

  await expect(checkProfile({ ...ACCESS, ...access })).resolves.toBeUndefined();
});

test('checkProfile() refuses an endpoint that nobody gave', async () => {
  await configOf(MOVED);

  await expect(checkProfile(ACCESS)).rejects.toMatchObject({ name: 'RefusedError', code: 'ENDPOINT_UNASKED' });
});
