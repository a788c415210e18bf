import { createHash, createHmac, type Hash, type Hmac } from 'node:crypto';

/** SHA-256, or with a secret HMAC-SHA-256, as the SDK's signer asks for one: by Node itself. */
export class Sha256 {
  readonly #begin: () => Hash | Hmac;
  #hash: Hash | Hmac;

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    const key = secret === undefined || typeof secret === 'string' ? secret : bytesOf(secret);
    this.#begin = () => (key === undefined ? createHash('sha256') : createHmac('sha256', key));
    this.#hash = this.#begin();
  }

  /** Takes in more; text as UTF-8. */
  update(data: string | ArrayBuffer | ArrayBufferView): void {
    this.#hash.update(typeof data === 'string' ? data : bytesOf(data));
  }

  /** Answers the 32 bytes of all that was taken in. */
  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }

  /** Forgets what was taken in. */
  reset(): void {
    this.#hash = this.#begin();
  }
}

function bytesOf(data: ArrayBuffer | ArrayBufferView): Uint8Array {
  return data instanceof ArrayBuffer
    ? new Uint8Array(data)
    : new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}
