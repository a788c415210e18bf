import { createHash } from 'node:crypto';

/** The canonical user of an account, as listings name it: 64 hex digits that stay the same for an account. */
export function ownerOf(accountId: string): { readonly ID: string } {
  return { ID: createHash('sha256').update(`canonical user ${accountId}`).digest('hex') };
}
