import { UsageError } from '../errors.js';

/**
 * Reads a whole number from a flag.
 *
 * @throws {UsageError} naming the flag, its limits and the text, when it is anything else
 */
export function parseWholeNumber(flag: string, text: string, min: number, max: number): number {
  const number = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (number >= min && number <= max) return number;
  throw new UsageError(`--${flag} must be a whole number from ${min} to ${max}: got ${JSON.stringify(text)}.`);
}

/**
 * Reads the port of the local cloud from `--port`: 1 to 65535. @default 4510
 *
 * @throws {UsageError} when it is anything else
 */
export function parsePort(text: unknown): number {
  return text === undefined ? 4510 : parseWholeNumber('port', String(text), 1, 65_535);
}
