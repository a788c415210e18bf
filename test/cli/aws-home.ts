import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FILES } from './credentials-rows.js';

/** The Region of the project. */
export const REGION = 'eu-west-1';
/** The project's config file. */
export const CONFIG = `version: 1
name: holiday
region: ${REGION}
mounts:
  - path: /images
    source: ./images
    access: public
`;

/** A project, and beside it a home with AWS config files; `tokens` are SSO sessions that are over. */
export async function home({ config, credentials }: typeof FILES = FILES, tokens: readonly string[] = []) {
  const folder = await mkdtemp(join(tmpdir(), 'pixgate-'));
  const cache = join(folder, 'home', '.aws', 'sso', 'cache');
  const project = join(folder, 'project');
  await mkdir(cache, { recursive: true });
  await mkdir(join(project, 'images'), { recursive: true });
  await writeFile(join(project, 'pixgate.yaml'), CONFIG);
  await writeFile(join(folder, 'config'), config);
  await writeFile(join(folder, 'credentials'), credentials);
  for (const key of tokens) {
    const token = { startUrl: key, region: REGION, accessToken: 'over', expiresAt: '2020-01-01T00:00:00Z' };
    const name = createHash('sha1').update(key).digest('hex');
    await writeFile(join(cache, `${name}.json`), JSON.stringify(token));
  }
  const env = {
    HOME: join(folder, 'home'),
    AWS_CONFIG_FILE: join(folder, 'config'),
    AWS_SHARED_CREDENTIALS_FILE: join(folder, 'credentials'),
  };
  const shown = `${env.AWS_CONFIG_FILE} and ${env.AWS_SHARED_CREDENTIALS_FILE}`;
  return { project, env, shown };
}
