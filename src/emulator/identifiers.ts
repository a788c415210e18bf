import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { Store } from './store.js';

/** Where ids come from. */
export interface Identifiers {
  /** Lower-case alphanumeric id of `length` characters: 1 to 255. */
  newId(length: number): string;
  /** A UUID of version 4. */
  newUuid(): string;
  /** Id of one request: a UUID that is not taken from the account's sequence, so that a mere read changes nothing. */
  newRequestId(): string;
}

const ALPHABET = '0123456789abcdefghijklmnopqrstuvwxyz';
const TABLE = 'emulator/identifiers';
const KEY = 'count';

/** Random ids; or, with a seed, the same ones in the same order for the same history of the account. */
export function createIdentifiers(store: Store, seed: string | undefined): Identifiers {
  if (seed === undefined) {
    return {
      newId: (length) => toId(randomBytes(length * 2), length),
      newUuid: () => randomUUID(),
      newRequestId: () => randomUUID(),
    };
  }
  let requests = 0;
  const next = () => {
    const count = (store.get<number>(TABLE, KEY) ?? 0) + 1;
    store.put(TABLE, KEY, count);
    return `${seed}/${count}`;
  };
  return {
    newId: (length) => toId(stretch(next(), length * 2), length),
    newUuid: () => toUuid(stretch(next(), 16)),
    newRequestId: () => toUuid(stretch(`${seed}/request/${++requests}`, 16)),
  };
}

/** `length` bytes that follow from `text`. */
function stretch(text: string, length: number): Buffer {
  const blocks: Buffer[] = [];
  for (let n = 0; n * 32 < length; n++) blocks.push(createHash('sha256').update(`${text}/${n}`).digest());
  return Buffer.concat(blocks).subarray(0, length);
}

/** Two bytes a character, so that no character is noticeably likelier than another. */
function toId(bytes: Buffer, length: number): string {
  let id = '';
  for (let n = 0; n < length; n++) id += ALPHABET.charAt(bytes.readUInt16BE(n * 2) % ALPHABET.length);
  return id;
}

function toUuid(bytes: Buffer): string {
  const hex = bytes.toString('hex');
  const variant = '89ab'.charAt(bytes.readUInt8(8) & 3);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
