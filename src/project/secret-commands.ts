import type { MountAccess } from '../config/config.js';
import { RefusedError } from '../errors.js';
import type { UserInfo } from '../model/access.js';
import { unlessDenied } from '../resources/things.js';
import type { Context } from './context.js';
import { openKeyDesk } from './key-desk.js';
import { openUserDesk } from './user-desk.js';

/**
 * Names the commands that give the secret which callers of a mount send, in the order in which they are run. None where
 * pixgate cannot give it, or where whoever asks may not see what there is.
 */
export async function findSecretCommands(context: Context, access: MountAccess): Promise<readonly string[]> {
  if (access.kind === 'api-key') return keyCommands(context);
  // Users of somebody else's pool are not ours to make.
  return access.kind === 'cognito' && access.userPoolArn === undefined ? userCommands(context) : [];
}

async function keyCommands(context: Context): Promise<readonly string[]> {
  const keys = await unlessDenied(openKeyDesk(context).list());
  if (keys === undefined) return [];
  const first = keys.find(({ enabled }) => enabled);
  if (first === undefined) return ['pixgate access key add NAME --reveal'];
  const isOnly = keys.filter(({ name }) => name === first.name).length === 1;
  return [`pixgate access key show ${isOnly ? first.name : first.id} --reveal`];
}

async function userCommands(context: Context): Promise<readonly string[]> {
  const users = await unlessDenied(openUserDesk(context).list().catch(noneWithoutPool));
  if (users === undefined) return [];
  const first = users.find(({ enabled }) => enabled);
  const login = (name: string): string => `pixgate access login ${name} --reveal`;
  return first === undefined ? ['pixgate access user add NAME --reveal', login('NAME')] : [login(first.username)];
}

/** What the file asks for may not be wired yet. */
function noneWithoutPool(error: unknown): readonly UserInfo[] {
  if (error instanceof RefusedError && error.code === 'NO_USER_POOL') return [];
  throw error;
}
