import { createHash } from 'node:crypto';

/** The text of a ledger of any content whose digest fits, as only a forger or another pixgate would write it. */
export function sealed(content: Readonly<Record<string, unknown>>): string {
  const { digest: _old, ...rest } = content;
  const digest = createHash('sha256').update(JSON.stringify(rest)).digest('hex');
  return `${JSON.stringify({ ...rest, digest }, null, 2)}\n`;
}
