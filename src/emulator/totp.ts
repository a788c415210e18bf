import { createHmac, timingSafeEqual } from 'node:crypto';

/** How long a code is shown, in milliseconds. */
const STEP_MS = 30_000;
const DIGITS = 6;
/** How many codes before and behind the one of the moment are taken. */
const WINDOWS = 1;
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** Bytes in Base32 without padding. @see https://www.rfc-editor.org/rfc/rfc4648#section-6 */
export function toBase32(bytes: Uint8Array): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return (bits.match(/.{1,5}/g) ?? []).map((five) => ALPHABET.charAt(Number.parseInt(five.padEnd(5, '0'), 2))).join('');
}

/** Whether a text is a seed as `codeOf` takes it: Base32 in capitals, without padding, of at least one byte. */
export function isSeed(text: string): boolean {
  return /^[A-Z2-7]{2,}$/.test(text);
}

function fromBase32(text: string): Buffer {
  const bits = [...text].map((letter) => ALPHABET.indexOf(letter).toString(2).padStart(5, '0')).join('');
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((eight) => Number.parseInt(eight, 2)));
}

/**
 * The code that an authenticator shows in one time step.
 *
 * @param seed In Base32, without padding.
 * @param step Number of the step, counted from 1970 in 30 seconds each.
 * @see https://www.rfc-editor.org/rfc/rfc6238
 */
export function codeOf(seed: string, step: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac('sha1', fromBase32(seed)).update(counter).digest();
  const offset = mac.readUInt8(mac.length - 1) & 0x0f;
  return String((mac.readUInt32BE(offset) & 0x7fffffff) % 10 ** DIGITS).padStart(DIGITS, '0');
}

/**
 * The time steps around some moments whose code is the one that was sent: none, as a rule one, by chance more; ascending.
 *
 * The account's clock is put ahead where AWS would have us wait, and nobody's authenticator is: both moments count.
 */
export function matchingSteps(seed: string, code: string, ...momentsMs: readonly number[]): number[] {
  const steps = momentsMs.flatMap((nowMs) => {
    const now = Math.floor(nowMs / STEP_MS);
    return Array.from({ length: 2 * WINDOWS + 1 }, (_, n) => now - WINDOWS + n);
  });
  const each = [...new Set(steps)].sort((a, b) => a - b);
  return each.filter((step) => step >= 0 && isSame(codeOf(seed, step), code));
}

function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
